/**
 * Whether an API answers at all, for all requests of the host: how often they may be repeated, and when there is no
 * use in sending more. (What it refuses, it has answered.)
 */
import type { Failure } from "./api";

/**
 * Repeats of all requests together. Eight resources at once, Pulumi's usual number on two cores, may use up all of
 * their tries twice; a thousand cannot turn an outage into four thousand requests.
 */
const BUDGET = 50;
/** One in this time is sent all the same, to see whether it is back. */
const PROBE_EVERY_MILLISECONDS = 10_000;

export interface CircuitBreaker {
  answered(): void;
  failed(failure: Failure): void;
  /** Takes one repeat from the budget; false where it is used up. */
  takeRetry(): boolean;
  /** Why nothing new is sent now. */
  whyOpen(): { requests: number; last: Failure } | undefined;
}

export function createCircuitBreaker(now: () => number): CircuitBreaker {
  let budget = BUDGET;
  let unanswered: { requests: number; last: Failure } | undefined;
  let lastSent = 0;
  return {
    answered() {
      budget = Math.min(budget + 1, BUDGET);
      unanswered = undefined;
    },
    failed(failure) {
      unanswered = { requests: (unanswered?.requests ?? 0) + 1, last: failure };
      lastSent = now();
    },
    takeRetry() {
      if (budget === 0) return false;
      budget -= 1;
      return true;
    },
    whyOpen() {
      // An answer gives back what one repeat took: without one since, nothing but failures came for a while.
      if (budget > 0 || unanswered === undefined || unanswered.requests < BUDGET) return undefined;
      if (now() - lastSent < PROBE_EVERY_MILLISECONDS) return unanswered;
      lastSent = now();
      return undefined;
    },
  };
}
