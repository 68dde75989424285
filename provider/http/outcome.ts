/** What one try of a request came to, and whether it is tried again: the whole policy in one table. */
import type { z } from "zod";
import type { Answer, Api, Failure, Names, Request } from "./api";
import type { ConnectionFailure } from "./connection-failure";
import { safeMessage, untrustedText } from "../runtime/untrusted-text";
import { EmptyAnswerError, refusedByProxy, UnexpectedAnswerError, untrusted } from "./errors";
import { NoAnswerError } from "./transport";

export interface Done<T> {
  kind: "done";
  data: T;
  status: number;
  /** The server's time of the answer. */
  date: string | undefined;
}

export type Outcome<T> =
  | Done<T>
  /** Worth another try, after a pause of our own. */
  | { kind: "retry"; failure: Failure }
  /** Worth another try, after a wait that concerns all requests; one that GitHub did not name grows with each time. */
  | { kind: "limited"; waitSeconds: number; fromServer: boolean; failure: Failure }
  | { kind: "failed"; error: Error };

const text = (value: string | number | undefined): string | undefined =>
  value === undefined ? undefined : String(value);

/** For a limit whose end the API does not name. */
const LEAST_WAIT_SECONDS = 60;

/** Longer than any deadline; what an answer names may be any number. */
const MOST_WAIT_SECONDS = 1_000_000;

/**
 * `retry-after` first, in seconds or as a date, else the reset of a limit that is used up. All times are the server's
 * own.
 */
function retryAfterOf<R extends Request>(api: Api<R>, answer: Answer): number | undefined {
  const after = text(answer.headers["retry-after"])?.trim() ?? "";
  // `Date.parse` takes nearly everything for a date, `-5` too.
  const date = after.endsWith("GMT") ? Date.parse(after) : NaN;
  const seconds = /^\d+(\.\d+)?$/.test(after) ? Number(after) : secondsFrom(answer, date);
  return seconds === undefined ? untilReset(api, answer) : Math.min(Math.max(seconds, 0), MOST_WAIT_SECONDS);
}

/** From the time of the answer until then. */
function secondsFrom(answer: Answer, time: number): number | undefined {
  const seconds = Math.ceil((time - Date.parse(text(answer.headers.date) ?? "")) / 1000);
  return Number.isFinite(seconds) ? seconds : undefined;
}

/** A limit begins anew at least each hour: what lies much farther ahead is no time in seconds. */
const MOST_SECONDS_UNTIL_RESET = 86_400;

/** Seconds until the API's limit begins anew, where this answer used it up. */
export function untilReset<R extends Request>(api: Api<R>, answer: Answer): number | undefined {
  const reset = api.resetOf(answer);
  const seconds = reset === undefined ? undefined : secondsFrom(answer, reset * 1000);
  return seconds === undefined || seconds > MOST_SECONDS_UNTIL_RESET ? undefined : Math.max(seconds, 1);
}

/** Statuses of success that an API does not name, and a server between it and here can give. */
const OTHER_SUCCESS = [200, 201, 202, 204];

const isDescribed = ({ success = [200] }: Request, status: number): boolean => success.includes(status);

const isSuccess = (request: Request, status: number): boolean =>
  isDescribed(request, status) || (request.permission === "write" && OTHER_SUCCESS.includes(status));

export function outcomeOf<T, R extends Request>(
  api: Api<R>,
  request: R,
  answer: Answer,
  schema: z.ZodType<T>,
): Outcome<T> {
  const { status } = answer;
  const failure: Failure = { requestLine: request.requestLine, status, ...api.errorDetails(answer) };
  const failed = (error: Error): Outcome<T> => ({ kind: "failed", error });
  const fromServer = retryAfterOf(api, answer);
  const limited = (): Outcome<T> => ({
    kind: "limited",
    waitSeconds: fromServer ?? LEAST_WAIT_SECONDS,
    fromServer: fromServer !== undefined,
    failure,
  });

  if (isSuccess(request, status)) return parsed({ api, request, answer, schema, failure });
  if (status >= 300 && status < 400) return failed(redirected(api, failure, answer));
  if (status === 403 && (fromServer !== undefined || api.isLimit(answer))) return limited();
  if (status === 429) return limited();
  if (status >= 500) return fromServer === undefined ? { kind: "retry", failure } : limited();
  if (status < 300) {
    const what = "It should have been answered with another status.";
    return failed(undescribed(api, request, failure, what));
  }
  const what = `The request was refused${api.detailsOf(answer)}.`;
  return failed(
    api.refusal(request, answer, failure) ??
      new UnexpectedAnswerError(failure, what, "Please report this as a bug."),
  );
}

const failureOf = (error: unknown): ConnectionFailure =>
  error instanceof NoAnswerError ? error.failure : { reason: safeMessage((error as Error).message) };

/** Of a request to which no answer came. */
export function unansweredOutcome<T>({ requestLine }: Request, error: unknown): Outcome<T> {
  const { reason, untrusted: certificate, notSent } = failureOf(error);
  if (certificate) return { kind: "failed", error: untrusted(requestLine, certificate) };
  if (notSent?.final !== undefined)
    return { kind: "failed", error: refusedByProxy(requestLine, reason, notSent.final) };
  return { kind: "retry", failure: { requestLine, message: reason, notSent } };
}

interface Success<T, R extends Request> {
  api: Api<R>;
  request: R;
  answer: Answer;
  schema: z.ZodType<T>;
  failure: Failure;
}

function parsed<T, R extends Request>({ api, request, answer, schema, failure }: Success<T, R>): Outcome<T> {
  const result = parseSafely(schema, answer.data);
  const isEmpty = result?.success
    ? showsNothing(result.data) &&
      (!isDescribed(request, answer.status) || isOfAnother(answer.data, result.data))
    : hasNoBody(answer);
  if (isEmpty && request.permission === "write")
    return { kind: "failed", error: new EmptyAnswerError(failure, emptyOf(answer)) };
  if (result?.success)
    return { kind: "done", data: result.data, status: answer.status, date: dateOf(answer) };
  const what = problemOf(answer, result?.error.issues[0]);
  return { kind: "failed", error: undescribed(api, request, failure, what) };
}

/** Of a success that is not as the API describes it: a write may have been carried out. */
function undescribed({ name }: Names, { permission }: Request, failure: Failure, what: string): Error {
  const harmless = permission === "write" ? "; writing a record twice does no harm" : "";
  const advice = `A proxy or firewall between here and ${name} may be changing responses. Run the same command again${harmless}.`;
  const error = new UnexpectedAnswerError(failure, what, advice);
  error.mayBeWritten = permission === "write";
  return error;
}

/** `{"message": "Accepted"}`, of which all that is expected is absent. */
const showsNothing = (data: unknown): boolean =>
  Object.values(data ?? {}).every((part) => part === undefined || (Array.isArray(part) && part.length === 0));

/** `{"message": "Welcome"}`: it has none of the fields that the API describes. */
const isOfAnother = (body: unknown, described: unknown): boolean => {
  const names = Object.keys(body ?? {});
  const known = new Set([...Object.keys(described ?? {}), "total_count"]);
  return names.length > 0 && !names.some((name) => known.has(name));
};

const hasNoBody = ({ data, longerThan }: Answer): boolean =>
  longerThan === undefined && (typeof data === "string" ? data.trim() === "" : data === null);

/** Times are in whole seconds: the answer's can be up to one earlier than it came, as a record's than it was written. */
const WHOLE_SECONDS = 1_000;

function emptyOf(answer: Answer) {
  const date = dateOf(answer);
  return { date, sentAt: Date.parse(date ?? "") - (answer.milliseconds ?? 0) - WHOLE_SECONDS };
}

/** undefined where the answer is too deeply nested to be parsed. */
function parseSafely<T>(schema: z.ZodType<T>, data: unknown) {
  try {
    return schema.safeParse(data);
  } catch {
    return undefined;
  }
}

function problemOf(answer: Answer, issue: z.core.$ZodIssue | undefined): string {
  if (answer.longerThan !== undefined)
    return `The answer is longer than ${answer.longerThan / 2 ** 20} MB and was not read.`;
  if (typeof answer.data !== "object" || answer.data === null)
    return "The answer is cut off, or it is not JSON.";
  const where = issue && `${untrustedText(issue.path.join("."))}: ${untrustedText(issue.message)}`;
  return `The answer is not what the API describes: ${where ?? "it is too deeply nested"}.`;
}

/** The server's clock, as an ISO 8601 time. */
function dateOf(answer: Answer): string | undefined {
  const time = Date.parse(text(answer.headers.date) ?? "");
  return Number.isNaN(time) ? undefined : new Date(time).toISOString().replace(".000Z", "Z");
}

function redirected<R extends Request>({ whenMoved }: Api<R>, failure: Failure, answer: Answer): Error {
  const location = text(answer.headers.location);
  const where = location ? untrustedText(location) : "another address";
  return new UnexpectedAnswerError(
    failure,
    `It points to ${where}, which is not followed: tokens and records are not sent to other addresses.`,
    whenMoved,
  );
}
