/** The tries of one request: when each is sent, and what follows from its outcome. */
import type { z } from "zod";
import { withMayBeWritten } from "../runtime/errors";
import type { Runtime } from "../runtime/runtime";
import type { Answer, Api, Failure, Request } from "./api";
import type { Deadline } from "./deadline";
import {
  retryAfterTooLong,
  describe,
  retriesExhausted,
  rateLimitRetriesExhausted,
  circuitOpen,
  noTimeLeft,
  setting,
} from "./errors";
import type { Tries } from "./errors";
import type { CircuitBreaker } from "./circuit-breaker";
import { outcomeOf, unansweredOutcome, untilReset } from "./outcome";
import type { Done, Outcome } from "./outcome";
import type { Waiting } from "./queue";
import type { RateLimiter } from "./rate-limiter";

/** What all requests of the host to one API share. */
export interface ClientState<R extends Request> {
  api: Api<R>;
  runtime: Runtime;
  rateLimiter: RateLimiter;
  circuitBreaker: CircuitBreaker;
  /** How many reads have had to wait: what was read before such a wait may hold no more. */
  readWaits: number;
}

export interface Call<T, R extends Request> {
  request: R;
  deadline: Deadline;
  /** An answer of whatever status; an error where none came. */
  send: () => Promise<Answer>;
  /**
   * Runs when the request's turn has come, before each `send`. `waited`: this is not its first try, or its turn took so
   * long that what was known when it was asked for may hold no more. What it throws ends the request.
   */
  beforeSend?: (waited: boolean) => Promise<void>;
  /** When what is sent was decided, by the rate limiter's clock; default: when the request asks for its turn. */
  since?: number;
  schema: z.ZodType<T>;
}

/** What was read before a wait of so long may hold no more. */
const STALE_MILLISECONDS = 1_000;

const MAX_TRIES = 4;
const MAX_PAUSE_SECONDS = 30;

export async function requestWithRetry<T, R extends Request>(
  state: ClientState<R>,
  call: Call<T, R>,
): Promise<Done<T>> {
  const tries: CountedTries = { count: 0, sent: false, carriedOut: false };
  try {
    return await untilDone(state, call, tries);
  } catch (error) {
    throw call.request.permission === "write" && tries.carriedOut ? withMayBeWritten(error) : error;
  }
}

async function untilDone<T, R extends Request>(
  state: ClientState<R>,
  call: Call<T, R>,
  tries: CountedTries,
): Promise<Done<T>> {
  for (let limits = 0; ;) {
    const outcome = await oneTry(state, call, tries);
    if (outcome.kind === "done") return outcome;
    if (outcome.kind === "failed") throw outcome.error;
    countTry(tries, outcome.failure);
    if (outcome.kind === "retry") await pause(state, call, tries, outcome.failure);
    else {
      const seconds = outcome.waitSeconds * (outcome.fromServer ? 1 : 2 ** limits);
      waitForLimit(state, call, tries, { seconds, failure: outcome.failure });
      limits += 1;
    }
  }
}

interface CountedTries extends Tries {
  /** When the first of them was sent, by the host's clock. */
  begun?: number;
}

/** What an API refuses with a status below 500, it has not carried out. */
function countTry(tries: Tries, { status, notSent }: Failure): void {
  tries.count += 1;
  if (notSent) return;
  tries.sent = true;
  if (status === undefined || status >= 500) tries.carriedOut = true;
}

async function oneTry<T, R extends Request>(
  state: ClientState<R>,
  call: Call<T, R>,
  tries: CountedTries,
): Promise<Outcome<T>> {
  const { count, sent } = tries;
  const { api, circuitBreaker } = state;
  const { deadline, request } = call;
  const waiting = { requestLine: request.requestLine, deadline, again: count > 0, sent };
  const open = circuitBreaker.whyOpen();
  if (open) throw circuitOpen(api, waiting, open.requests, open.last);
  if (deadline.interrupted || deadline.left() === 0) throw noTimeLeft(waiting, deadline);
  const ended = await takeTurn(state, call, waiting);
  try {
    tries.begun ??= state.runtime.now();
    const outcome = await attempt(state, call, tries.begun);
    recordOutcome(state, outcome);
    return outcome;
  } finally {
    ended();
  }
}

/** Resolves when the request may be sent, and what it sends has been decided again where that is needed. */
async function takeTurn<T, R extends Request>(
  state: ClientState<R>,
  { request, beforeSend, since = state.rateLimiter.time() }: Call<T, R>,
  waiting: Waiting,
): Promise<() => void> {
  const { rateLimiter } = state;
  let isLate = waiting.again;
  for (;;) {
    const ended = await rateLimiter.acquire(request.permission, waiting);
    try {
      isLate ||= rateLimiter.time() - since >= STALE_MILLISECONDS;
      if (isLate && request.permission === "read") state.readWaits += 1;
      await beforeSend?.(isLate);
      // What was read meanwhile can have used up the limit.
      if (beforeSend === undefined || !rateLimiter.isPaused()) return ended;
    } catch (error) {
      ended();
      throw error;
    }
    ended();
    isLate = true;
  }
}

async function attempt<T, R extends Request>(
  state: ClientState<R>,
  call: Call<T, R>,
  begun: number,
): Promise<Outcome<T>> {
  const { request, schema } = call;
  let answer: Answer;
  try {
    answer = await call.send();
  } catch (error) {
    return unansweredOutcome(request, error);
  }
  answer.milliseconds = state.runtime.now() - begun;
  const outcome = outcomeOf(state.api, request, answer, schema);
  const reset = untilReset(state.api, answer);
  if (reset !== undefined && outcome.kind !== "limited") {
    const message = "the limit of requests is used up";
    state.rateLimiter.pauseFor(reset * 1000, { requestLine: request.requestLine, message });
  }
  return outcome;
}

/** What an API refuses, it has answered. */
function recordOutcome<T, R extends Request>(
  { api, rateLimiter, circuitBreaker }: ClientState<R>,
  outcome: Outcome<T>,
): void {
  if (outcome.kind === "done" || outcome.kind === "failed") return circuitBreaker.answered();
  const { failure } = outcome;
  if (failure.status !== undefined && failure.status < 500) return;
  circuitBreaker.failed(failure);
  const open = circuitBreaker.whyOpen();
  if (open) rateLimiter.rejectAll((waiting) => circuitOpen(api, waiting, open.requests, open.last));
}

/** Full jitter: many resources that failed together do not come back together. */
async function pause<T, R extends Request>(
  state: ClientState<R>,
  call: Call<T, R>,
  tries: Tries,
  failure: Failure,
): Promise<void> {
  const { deadline, request } = call;
  const giveUp = (why: string) => retriesExhausted(state.api, request, { tries, failure, why });
  const past = `past the deadline (${setting(deadline.seconds)})`;
  if (deadline.interrupted) throw giveUp("Pulumi was interrupted");
  if (deadline.signal.aborted || deadline.left() === 0)
    throw giveUp(`the deadline passed (${setting(deadline.seconds)})`);
  const milliseconds = Math.random() * Math.min(MAX_PAUSE_SECONDS, 2 ** (tries.count - 1)) * 1000;
  if (milliseconds > deadline.left()) throw giveUp(`${describe(failure)}; another try would be ${past}`);
  if (tries.count === MAX_TRIES) throw giveUp(describe(failure));
  if (!state.circuitBreaker.takeRetry())
    throw giveUp(`${describe(failure)}; too many requests have failed to send this one again`);
  await state.runtime.sleep(milliseconds, deadline.signal).catch(() => undefined);
}

/** Nobody sends before the time that the API named; this request waits for it in the queue. */
function waitForLimit<T, R extends Request>(
  state: ClientState<R>,
  call: Call<T, R>,
  tries: Tries,
  { seconds, failure }: { seconds: number; failure: Failure },
): void {
  state.rateLimiter.pauseFor(seconds * 1000, failure);
  if (seconds * 1000 > call.deadline.left())
    throw retryAfterTooLong(failure, {
      seconds: Math.ceil(seconds),
      until: state.runtime.now() + seconds * 1000,
      deadlineSeconds: call.deadline.seconds,
    });
  if (tries.count === MAX_TRIES) throw rateLimitRetriesExhausted(state.api, failure, tries.count);
  if (state.circuitBreaker.takeRetry()) return;
  const why = `${describe(failure)}; too many requests have failed to send this one again`;
  throw retriesExhausted(state.api, call.request, { tries, failure, why });
}
