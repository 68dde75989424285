/** What one try of a request came to, and whether it is tried again: the whole policy in one table. */
import type { z } from "zod";
import { detailsOf } from "./details";
import {
  CredentialsError,
  ForbiddenError,
  JobConflictError,
  MissingArtifactError,
  NotFoundError,
  UnauthorizedError,
  UnexpectedAnswerError,
  untrusted,
} from "./errors";
import type { Failure } from "./errors";
import { errorBody } from "./schemas";

/** An HTTP answer, whatever its status. */
export interface Answer {
  status: number;
  headers: Record<string, string | number | undefined>;
  data: unknown;
}

export interface Done<T> {
  kind: "done";
  data: T;
  /** The server's time of the answer. */
  date: string | undefined;
}

export type Outcome<T> =
  | Done<T>
  /** Worth another try, after a pause of our own. */
  | { kind: "retry"; failure: Failure }
  /** Worth another try, after a wait that concerns all requests; one that GitHub did not name grows with each time. */
  | { kind: "limited"; waitSeconds: number; named: boolean; failure: Failure }
  | { kind: "failed"; error: Error };

export interface Request {
  /** `POST /orgs/acme/…`, for messages. */
  request: string;
  org: string;
  digest: string;
  permission: "read" | "write";
  /** The statuses of a good answer; default 200. */
  success?: number[];
  /** What a refusal means here, where it is not about records: the App's own requests. */
  refusals?: Record<number, string>;
}

const text = (value: string | number | undefined): string | undefined =>
  value === undefined ? undefined : String(value);

/** For a limit whose end GitHub does not name. */
const LEAST_WAIT_SECONDS = 60;

/** Longer than any deadline; what an answer names may be any number. */
const MOST_WAIT_SECONDS = 1_000_000;

/**
 * `retry-after` first, in seconds or as a date, else `x-ratelimit-reset` when nothing remains
 * (https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api). All times are GitHub's own.
 */
function waitOf(answer: Answer): number | undefined {
  const after = text(answer.headers["retry-after"])?.trim() ?? "";
  const seconds = /^\d+(\.\d+)?$/.test(after) ? Number(after) : secondsFrom(answer, Date.parse(after));
  return seconds === undefined ? untilReset(answer) : Math.min(Math.max(seconds, 0), MOST_WAIT_SECONDS);
}

/** From the time of the answer until then. */
function secondsFrom(answer: Answer, time: number): number | undefined {
  const seconds = Math.ceil((time - Date.parse(text(answer.headers.date) ?? "")) / 1000);
  return Number.isFinite(seconds) ? seconds : undefined;
}

/** Seconds until GitHub's limit begins anew, where this answer used it up. */
export function untilReset(answer: Answer): number | undefined {
  if (Number(answer.headers["x-ratelimit-remaining"] ?? 1) !== 0) return undefined;
  const seconds = secondsFrom(answer, Number(answer.headers["x-ratelimit-reset"]) * 1000);
  return seconds === undefined ? undefined : Math.min(Math.max(seconds, 1), MOST_WAIT_SECONDS);
}

/** GitHub words its limits in several ways, and links to the same page. */
const isLimit = (body: z.infer<typeof errorBody> | undefined): boolean =>
  /rate limit|abuse/i.test(body?.message.said ?? "") || /rate-limits/.test(body?.documentation_url ?? "");

export function outcomeOf<T>(request: Request, answer: Answer, schema: z.ZodType<T>): Outcome<T> {
  const body = errorBody.safeParse(answer.data);
  const failure: Failure = {
    request: request.request,
    status: answer.status,
    message: body.data?.message.said,
    repositories: body.data?.message.repositories,
    requestId: text(answer.headers["x-github-request-id"]),
  };
  const failed = (error: Error): Outcome<T> => ({ kind: "failed", error });
  const named = waitOf(answer);
  const limited = (): Outcome<T> => ({
    kind: "limited",
    waitSeconds: named ?? LEAST_WAIT_SECONDS,
    named: named !== undefined,
    failure,
  });
  const { status } = answer;

  if ((request.success ?? [200]).includes(status)) return parsed(answer, schema, failure);
  if (status >= 300 && status < 400) return failed(redirected(failure, answer));
  if (status === 403 && (named !== undefined || isLimit(body.data))) return limited();
  const refusal = request.refusals?.[status];
  if (refusal !== undefined) return failed(new CredentialsError(failure, refusal));
  if (status === 401) return failed(new UnauthorizedError(failure));
  if (status === 403) return failed(forbidden(failure, request));
  if (status === 404 && /no artifacts found|repositories do not exist/i.test(failure.message ?? ""))
    return failed(new MissingArtifactError(request.digest, failure));
  if (status === 404) return failed(new NotFoundError(request.org, failure));
  if (status === 409) return failed(new JobConflictError(failure));
  if (status === 429) return limited();
  if (status >= 500) return named === undefined ? { kind: "retry", failure } : limited();
  return failed(
    new UnexpectedAnswerError(
      failure,
      `The request was refused${detailsOf(answer.data)}.`,
      "Please report this as a bug.",
    ),
  );
}

/** Of a request to which no answer came. */
export function unansweredOutcome<T>({ request }: Request, error: unknown): Outcome<T> {
  const reason = reasonOf(error);
  if (/(^|_)CERT(_|$)|VERIFY_LEAF|HOSTNAME_MISMATCH/.test(reason))
    return { kind: "failed", error: untrusted(request, reason) };
  return { kind: "retry", failure: { request, message: reason } };
}

interface Caused {
  code?: unknown;
  message?: string;
  cause?: Caused;
}

/**
 * `ECONNRESET`, `ENOTFOUND` …: what Node says of a connection that failed; the innermost error knows most. undici's own
 * codes say less than its words.
 */
function reasonOf(error: unknown): string {
  let inner = error as Caused;
  while (inner.cause?.message !== undefined) inner = inner.cause;
  const { code, message } = inner;
  return typeof code === "string" && !code.startsWith("UND_ERR_") ? code : (message ?? String(error));
}

function parsed<T>(answer: Answer, schema: z.ZodType<T>, failure: Failure): Outcome<T> {
  const result = schema.safeParse(answer.data);
  if (result.success) return { kind: "done", data: result.data, date: dateOf(answer) };
  const issue = result.error.issues[0];
  const what =
    typeof answer.data === "object" && answer.data !== null && issue
      ? `The answer is not what the API describes: ${issue.path.join(".")}: ${issue.message}.`
      : "The answer is cut off, or it is not JSON.";
  return {
    kind: "failed",
    error: new UnexpectedAnswerError(
      failure,
      what,
      "Is something between here and GitHub changing answers? Run pulumi up again; writing a record twice does no harm.",
    ),
  };
}

/** The server's clock, as an ISO 8601 time. */
function dateOf(answer: Answer): string | undefined {
  const time = Date.parse(text(answer.headers.date) ?? "");
  return Number.isNaN(time) ? undefined : new Date(time).toISOString().replace(".000Z", "Z");
}

function redirected(failure: Failure, answer: Answer): Error {
  return new UnexpectedAnswerError(
    failure,
    `It points to ${text(answer.headers.location) ?? "another address"}, which is not followed: a token and a record go to no other address.`,
    "Was the organisation renamed? Then use its new name; else check artifact-metadata:baseUrl.",
  );
}

function forbidden(failure: Failure, request: Request): Error {
  return new ForbiddenError(
    failure,
    `The token may not ${request.permission} the artifact metadata of ${request.org}: it needs the permission ` +
      `"Artifact metadata: ${request.permission}" (GitHub App installation or user token, or fine-grained personal token).`,
  );
}
