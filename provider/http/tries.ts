/** The tries of one request: when each is sent, and what follows from its outcome. */
import type { z } from "zod";
import type { Tell } from "../lifecycle/tell";
import type { Api } from "./api";
import { withBody } from "./body";
import type { Deadline } from "./deadline";
import { askedToWait, describe, gaveUp, limitedAgain, notAnswering, noTimeLeft, setting } from "./errors";
import type { Failure } from "./errors";
import type { Health } from "./health";
import { outcomeOf, unansweredOutcome, untilReset } from "./outcome";
import type { Answer, Done, Outcome, Request } from "./outcome";
import type { Pacing } from "./pacing";

/** What all requests of the host to one API share. */
export interface Shared<R extends Request> {
  api: Api<R>;
  tell: Tell;
  pacing: Pacing;
  health: Health;
}

export interface Call<T, R extends Request> {
  request: R;
  deadline: Deadline;
  /** An answer of whatever status; an error where none came. */
  send: () => Promise<Answer>;
  schema: z.ZodType<T>;
}

const MAX_TRIES = 4;
const MAX_PAUSE_SECONDS = 30;

export async function tryUntilDone<T, R extends Request>(
  shared: Shared<R>,
  call: Call<T, R>,
): Promise<Done<T>> {
  for (let [tries, limits] = [1, 0]; ; tries++) {
    const outcome = await oneTry(shared, call, tries > 1);
    if (outcome.kind === "done") return outcome;
    if (outcome.kind === "failed") throw outcome.error;
    if (outcome.kind === "retry") await pause(shared, call, tries, outcome.failure);
    else {
      hold(shared, call, tries, outcome, outcome.named ? 1 : 2 ** limits);
      limits += 1;
    }
  }
}

async function oneTry<T, R extends Request>(
  shared: Shared<R>,
  call: Call<T, R>,
  again: boolean,
): Promise<Outcome<T>> {
  const { api, pacing, health } = shared;
  const { deadline, request } = call;
  const waiting = { request: request.request, deadline, again };
  const down = health.down();
  if (down) throw notAnswering(api, waiting, down.requests, down.last);
  if (deadline.interrupted || deadline.left() === 0) throw noTimeLeft(waiting, deadline);
  const ended = await pacing.turn(request.permission, waiting);
  const outcome = await attempt(shared, call).finally(ended);
  note(shared, outcome);
  return outcome;
}

async function attempt<T, R extends Request>(shared: Shared<R>, call: Call<T, R>): Promise<Outcome<T>> {
  const { request, deadline, schema } = call;
  try {
    const answer = await call.send().then(withBody);
    // A body that was cut off by our own deadline looks like an answer.
    deadline.inFlight.throwIfAborted();
    const outcome = outcomeOf(shared.api, request, answer, schema);
    const reset = untilReset(shared.api, answer);
    if (reset !== undefined && outcome.kind !== "limited") {
      const message = "the limit of requests is used up";
      shared.pacing.hold(reset * 1000, { request: request.request, message });
    }
    return outcome;
  } catch (error) {
    return unansweredOutcome(request, error);
  }
}

/** What an API refuses, it has answered. */
function note<T, R extends Request>({ api, pacing, health }: Shared<R>, outcome: Outcome<T>): void {
  if (outcome.kind === "done" || outcome.kind === "failed") return health.answered();
  const { failure } = outcome;
  if (failure.status !== undefined && failure.status < 500) return;
  health.failed(failure);
  const down = health.down();
  if (down) pacing.refuseAll((waiting) => notAnswering(api, waiting, down.requests, down.last));
}

/** Full jitter: many resources that failed together do not come back together. */
async function pause<T, R extends Request>(
  shared: Shared<R>,
  call: Call<T, R>,
  tries: number,
  failure: Failure,
): Promise<void> {
  const { deadline, request } = call;
  const giveUp = (why: string) => gaveUp(shared.api, request, tries, why);
  const past = `past the deadline (${setting(deadline.seconds)})`;
  if (deadline.interrupted) throw giveUp("Pulumi was interrupted");
  if (deadline.signal.aborted || deadline.left() === 0)
    throw giveUp(`the deadline passed (${setting(deadline.seconds)})`);
  const milliseconds = Math.random() * Math.min(MAX_PAUSE_SECONDS, 2 ** (tries - 1)) * 1000;
  if (milliseconds > deadline.left()) throw giveUp(`${describe(failure)}; another try would be ${past}`);
  if (tries === MAX_TRIES) throw giveUp(describe(failure));
  if (!shared.health.mayRepeat())
    throw giveUp(`${describe(failure)}; too many requests have failed to send this one again`);
  await shared.tell.sleep(milliseconds, deadline.signal).catch(() => undefined);
}

/** Nobody sends before the time that the API named; this request waits for it in the queue. */
function hold<T, R extends Request>(
  shared: Shared<R>,
  call: Call<T, R>,
  tries: number,
  outcome: { waitSeconds: number; failure: Failure },
  factor: number,
): void {
  const { failure } = outcome;
  const seconds = outcome.waitSeconds * factor;
  shared.pacing.hold(seconds * 1000, failure);
  if (seconds * 1000 > call.deadline.left())
    throw askedToWait(failure, Math.ceil(seconds), shared.tell.now() + seconds * 1000, call.deadline.seconds);
  if (tries === MAX_TRIES) throw limitedAgain(shared.api, failure, tries);
  if (!shared.health.mayRepeat())
    throw gaveUp(
      shared.api,
      call.request,
      tries,
      `${describe(failure)}; too many requests have failed to send this one again`,
    );
}
