import { ProviderError } from "../runtime/errors";
import { quoted, untrustedText } from "../runtime/untrusted-text";
import type { Failure, Names, Request } from "./api";
import type { NotSent } from "./connection-failure";

/** An error about one request. What a caller may look at stands in fields; the message is for the user. */
export class RequestError extends ProviderError {
  /** `POST /orgs/acme/artifacts/metadata/deployment-record` */
  readonly request: string;
  /** Of the answer, where there was one. */
  readonly status: number | undefined;
  /** By which the API's operator finds the request. */
  readonly requestId: string | undefined;

  constructor(message: string, { requestLine, status, requestId }: Failure) {
    super(message);
    this.request = requestLine;
    this.status = status;
    this.requestId = requestId;
  }
}

const MAX_REQUEST_ID = 60;

/** `POST /x was answered with 403 "Forbidden" (request id A:1).` */
export function describeResponse(failure: Failure): string {
  const status = failure.status === undefined ? "" : ` ${failure.status}`;
  const message = failure.message ? ` ${quoted(failure.message)}` : "";
  const id = failure.requestId ? ` (request id ${untrustedText(failure.requestId, MAX_REQUEST_ID)})` : "";
  return `${failure.requestLine} was answered with${status}${message}${id}.`;
}

/** The token is wrong or has expired: nothing is known of what it might see. */
export class UnauthorizedError extends RequestError {
  constructor(failure: Failure, advice = "set a new one.") {
    super(`${describeResponse(failure)} The token is wrong or has expired: ${advice}`, failure);
  }
}

/** The token is not allowed to do this. */
export class ForbiddenError extends RequestError {
  /** Those that the answer names. */
  readonly repositories: string[];

  constructor(failure: Failure, needed: string) {
    super(`${describeResponse(failure)} ${needed}`, failure);
    this.repositories = failure.repositories ?? [];
  }
}

/** An API's limits, or the rate that is kept because of them, ask to wait longer than this operation may take. */
export class RateLimitedError extends RequestError {}

/** Seconds that an operation has, as `artifact-metadata:timeoutSeconds` says. */
interface Limited {
  deadlineSeconds: number;
}

export function retryAfterTooLong(
  failure: Failure,
  { seconds, until, deadlineSeconds }: Limited & { seconds: number; until: number },
) {
  return new RateLimitedError(
    `${describeResponse(failure)} It asks to wait ${seconds} s, until ${timeOf(until)}, which is ` +
      `${past(deadlineSeconds)}. Run the same command again after that.`,
    failure,
  );
}

export function rateLimitRetriesExhausted({ name }: Names, failure: Failure, tries: number) {
  return new RateLimitedError(
    `${describeResponse(failure)} It was tried ${tries} times, and each time ${name} asked to wait. Run the same command again later.`,
    failure,
  );
}

/** `failure`: the answer that asked all requests to wait. */
export function blockedByRateLimit(
  { name }: Names,
  unsent: Unsent,
  { failure, until, deadlineSeconds }: Limited & { failure: Failure; until: number },
) {
  return new RateLimitedError(
    `${notSent(unsent)}: ${name} asked to wait until ${timeOf(until)} (${describe(failure)}), which is ` +
      `${past(deadlineSeconds)}. Run the same command again after that.`,
    { requestLine: unsent.requestLine },
  );
}

export function queueTooLong(
  { name, tooMany }: Names,
  unsent: Unsent,
  { seconds, deadlineSeconds }: Limited & { seconds: number },
) {
  return new RateLimitedError(
    `${notSent(unsent)}: at the rate that ${name}'s limits allow, it could be sent in ${seconds} s, which is ` +
      `${past(deadlineSeconds)}. ${tooMany === undefined ? "Run the same command again" : tooMany}, or ` +
      `set a longer timeoutSeconds.`,
    { requestLine: unsent.requestLine },
  );
}

/** No complete answer came, or there was no use in asking. */
export class UnreachableError extends RequestError {}

/** What became of all tries of a request. */
export interface Tries {
  count: number;
  /** Something of one of them may have reached the API. */
  sent: boolean;
  /** The API may have carried one of them out. */
  carriedOut: boolean;
}

/** `why`: what ended the tries, in a user's words. */
export function retriesExhausted(
  api: Names,
  { requestLine, permission }: Request,
  { tries, failure, why }: { tries: Tries; failure: Failure; why: string },
) {
  const outcome = tries.sent ? "did not succeed" : "was not sent";
  const tried = `tried ${tries.count === 1 ? "once" : `${tries.count} times`}`;
  return new UnreachableError(
    `${requestLine} ${outcome}: ${why} (${tried}). ${nextStep(api, tries.carriedOut && permission === "write", failure)}`,
    { ...failure, requestLine },
  );
}

/** A read has changed nothing, whatever became of it. */
function nextStep(api: Names, mayBeWritten: boolean, { notSent }: Failure): string {
  const first = notSent ? `${checkConnection(api, notSent)} ` : "";
  return mayBeWritten
    ? `${first}${api.name} may have carried it out. Run the same command again; writing a record twice does no harm.`
    : `${first}Run the same command again.`;
}

const checkConnection = ({ urlSetting }: Names, { proxy }: NotSent): string =>
  proxy === undefined
    ? `Check the network connection and ${urlSetting}.`
    : `Check the environment variable ${proxy}, or the proxy.`;

/** The answer is the proxy's, and the API has not seen the request. */
export function refusedByProxy(requestLine: string, reason: string, advice: string) {
  return new UnreachableError(`${requestLine} was not sent: ${reason}. ${advice}`, { requestLine });
}

export function noTimeLeft(
  unsent: Unsent,
  { seconds, interrupted }: { seconds: number; interrupted: boolean },
) {
  const why = interrupted
    ? "Pulumi was interrupted"
    : `the deadline passed before it could be sent (${setting(seconds)})`;
  return new UnreachableError(`${notSent(unsent)}: ${why}. Run the same command again.`, {
    requestLine: unsent.requestLine,
  });
}

export function untrusted(requestLine: string, { server, code }: { server: string; code: string }) {
  return new UnreachableError(
    `${requestLine} was not sent: the certificate of ${server} is not trusted (${code}). If a proxy opens TLS ` +
      `connections here, set the environment variable NODE_EXTRA_CA_CERTS to the file of its certificate authority.`,
    { requestLine },
  );
}

export function circuitOpen(api: Names, unsent: Unsent, requests: number, last: Failure) {
  const seePage = api.statusPage === undefined ? "" : `; see ${api.statusPage}`;
  const next = last.notSent
    ? nextStep(api, false, last)
    : `Run the same command again when it does${seePage}.`;
  return new UnreachableError(
    `${notSent(unsent)}: ${api.name} answered none of the last ${requests} requests (the last one: ${describe(last)}). ${next}`,
    { requestLine: unsent.requestLine },
  );
}

interface Unsent {
  requestLine: string;
  /** It was sent before. */
  sent?: boolean;
}

const notSent = ({ requestLine, sent }: Unsent) => `${requestLine} was not sent${sent ? " again" : ""}`;

/** The setting that a deadline comes from. */
export const setting = (deadline: number) => `artifact-metadata:timeoutSeconds, ${deadline} s`;
const past = (deadline: number) => `past the deadline of this operation (${setting(deadline)})`;

/** `503 Service Unavailable`, `ECONNREFUSED` */
export const describe = (failure: Failure): string =>
  untrustedText([failure.status, failure.message].filter((part) => part !== undefined).join(" "));

/** `2026-11-21T14:03:20Z` */
export const timeOf = (milliseconds: number): string =>
  new Date(milliseconds).toISOString().replace(/\.\d{3}Z$/, "Z");

/** An answer came that this API does not give. */
export class UnexpectedAnswerError extends RequestError {
  constructor(failure: Failure, what: string, advice: string) {
    super(`${describeResponse(failure)} ${what} ${advice}`, failure);
  }
}

interface Empty {
  /** When the write was first sent, by the server's clock, in milliseconds since 1970; NaN where the answer has no time. */
  sentAt: number;
  /** The server's time of the answer. */
  date: string | undefined;
}

/** A write succeeded by its status, and the answer is empty: whether it was carried out can only be read. */
export class EmptyAnswerError extends RequestError {
  override mayBeWritten = true;
  readonly failure: Failure;
  readonly empty: Empty;

  /** @param found What reading has found; without it, nothing was read. */
  constructor(failure: Failure, empty: Empty, found?: string) {
    super(
      `${describeResponse(failure)} The response does not show what was written, ` +
        `${found === undefined ? "so it may have been carried out or not" : `and ${found}`}. ` +
        "Run the same command again; writing a record twice does no harm.",
      failure,
    );
    this.failure = failure;
    this.empty = empty;
  }

  /** The list does not show it as written since then. */
  notListed(api: string): EmptyAnswerError {
    return new EmptyAnswerError(this.failure, this.empty, notListedBy(api));
  }

  notReadable(reason: unknown): unknown {
    if (!(reason instanceof Error)) return reason;
    const found = `what was written cannot be read: it may have been written all the same. ${reason.message}`;
    return new EmptyAnswerError(this.failure, this.empty, found.replace(/\.$/, ""));
  }
}

/** The result of a write; if the answer is empty, what is read instead. */
export const readIfEmpty = <T>(sent: Promise<T>, read: (error: EmptyAnswerError) => Promise<T>): Promise<T> =>
  sent.catch((error: unknown) => {
    if (error instanceof EmptyAnswerError) return read(error);
    throw error;
  });

export const notListedBy = (api: string): string =>
  `${api} does not list the record as written since then: it may have been written all the same`;
