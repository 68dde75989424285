/** What tells one API from another: its name in messages, and what its answers mean. */
import type { Failure } from "./errors";
import type { Answer, Request } from "./outcome";

/** For messages. */
export interface Names {
  /** `GitHub` */
  name: string;
  /** Where to see whether it is down. */
  statusPage?: string;
  /** What to do where more is to be written than its pace allows; the beginning of a sentence. */
  tooMany?: string;
}

export interface Api<R extends Request> extends Names {
  /** What to do where an answer points to another address; whole sentences. */
  whenMoved: string;
  /** What an error answer says, in its own words. */
  said(answer: Answer): Pick<Failure, "message" | "repositories" | "requestId">;
  /** Whether a 403 is about a limit. */
  isLimit(answer: Answer): boolean;
  /** When its limit begins anew, in seconds since 1970, where this answer used it up. */
  resetOf(answer: Answer): number | undefined;
  /** The error for an answer below 500 that is no success; undefined: an answer that this API does not give. */
  refusal(request: R, answer: Answer, failure: Failure): Error | undefined;
  /** What an answer that this API does not give names as wrong with the request. */
  detailsOf(answer: Answer): string;
}
