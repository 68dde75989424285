/**
 * When a request may be sent: one rule for all requests of the host to one API. The numbers are those for GitHub.
 * https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api
 */
import type { Runtime } from "../runtime/runtime";
import type { Failure, Names } from "./api";
import { createBucket } from "./bucket";
import type { Deadline } from "./deadline";
import { describe, blockedByRateLimit, timeOf, queueTooLong } from "./errors";
import { createQueue } from "./queue";
import type { Pace, Waiting } from "./queue";

/** github/deployment-tracker keeps to the same pace; GitHub's own limits are 80 writes and 900 points a minute. */
const WRITES_PER_SECOND = 3;
const WRITES_IN_A_BURST = 20;
/** GitHub asks for writes one after the other, and allows 100 requests at once. */
const WRITES_AT_ONCE = 4;
const READS_AT_ONCE = 8;
/** A shorter wait is not worth a message. */
const LOGGED_FROM_SECONDS = 5;

export type Kind = "read" | "write";

export interface RateLimiter {
  /** Its clock, on which what was slept for has passed. */
  time(): number;
  /** The API has asked all requests to wait, and that time has not passed. */
  isPaused(): boolean;
  /** Waits for the request's turn; what it gives is to be called when the request has ended. */
  acquire(kind: Kind, waiting: Waiting): Promise<() => void>;
  /** Resolves when a write could be sent at once, or when waiting is pointless (deadline passed or too near). */
  untilWritable(deadline: Deadline): Promise<void>;
  /** Nobody sends for so long: the API said so. A wait only ever gets longer. */
  pauseFor(milliseconds: number, failure: Failure): void;
  /** Ends all waits. */
  rejectAll(error: (waiting: Waiting) => Error): void;
}

/** The longest wait that the API has asked for, and the answer that did. */
interface Paused {
  until: number;
  failure: Failure;
}

export function createRateLimiter(
  api: Names,
  runtime: Pick<Runtime, "now" | "sleep" | "warn" | "info">,
): RateLimiter {
  // A timer may fire a moment too early by the clock: what was slept for has come.
  let slept = 0;
  const time = () => Math.max(runtime.now(), slept);
  const paused: Paused = { until: 0, failure: { requestLine: "" } };
  let loggedUntil = 0;
  let queueLogged = false;
  const bucket = createBucket(WRITES_PER_SECOND, WRITES_IN_A_BURST, time);
  const pace: Pace = {
    time,
    next: () => paused.until,
    taken: () => undefined,
    async sleepUntil(until, signal) {
      await runtime.sleep(until - time(), signal);
      slept = Math.max(slept, until);
    },
  };
  const queues = {
    read: createQueue(READS_AT_ONCE, pace),
    write: createQueue(WRITES_AT_ONCE, {
      ...pace,
      next: () => Math.max(paused.until, bucket.next(1)),
      taken: () => bucket.take(),
    }),
  };

  /** A wait that would pass the deadline is refused at once. */
  function pausedTooLong(waiting: Waiting): Error | undefined {
    const { deadline } = waiting;
    return paused.until - time() > deadline.left()
      ? blockedByRateLimit(api, waiting, { ...paused, deadlineSeconds: deadline.seconds })
      : undefined;
  }

  function queuedTooLong(kind: Kind, waiting: Waiting): Error | undefined {
    if (kind === "read") return undefined;
    const wait = bucket.next(waiting.again ? 1 : queues.write.length + 1) - time();
    const { deadline } = waiting;
    return wait > deadline.left()
      ? queueTooLong(api, waiting, { seconds: Math.ceil(wait / 1000), deadlineSeconds: deadline.seconds })
      : undefined;
  }

  function logPause(seconds: number): void {
    const { failure, until } = paused;
    const isLonger = until >= loggedUntil + LOGGED_FROM_SECONDS * 1000;
    if (seconds < LOGGED_FROM_SECONDS || !isLonger) return;
    loggedUntil = until;
    runtime.warn(
      `${api.name} asks to wait ${seconds} s, until ${timeOf(until)} (${describe(failure)}); no requests are sent until then.`,
    );
  }

  function logQueue(nth: number): void {
    const wait = bucket.next(nth) - Math.max(paused.until, time());
    if (queueLogged || wait < LOGGED_FROM_SECONDS * 1000) return;
    queueLogged = true;
    runtime.info(
      `${api.name}'s limits allow ${WRITES_PER_SECOND} writes a second: some writes wait ` +
        `${LOGGED_FROM_SECONDS} s or more.`,
    );
  }

  return {
    time,
    isPaused: () => paused.until > time(),
    async acquire(kind, waiting) {
      const error = pausedTooLong(waiting) ?? queuedTooLong(kind, waiting);
      if (error) throw error;
      if (kind === "write") logQueue(queues.write.length + 1);
      return queues[kind].enter(waiting);
    },
    async untilWritable(deadline) {
      for (;;) {
        const at = Math.max(paused.until, bucket.next(queues.write.length + 1));
        const wait = at - time();
        if (wait <= 0 || wait > deadline.left() || deadline.signal.aborted) return;
        logQueue(queues.write.length + 1);
        await pace.sleepUntil(at, deadline.signal).catch(() => undefined);
      }
    },
    pauseFor(milliseconds, failure) {
      const until = time() + milliseconds;
      if (until <= paused.until) return;
      Object.assign(paused, { until, failure });
      bucket.restart(until);
      logPause(Math.ceil(milliseconds / 1000));
      for (const queue of Object.values(queues)) queue.refuse(pausedTooLong);
    },
    rejectAll(error) {
      for (const queue of Object.values(queues)) queue.refuse(error);
    },
  };
}
