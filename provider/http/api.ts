import type { NotSent } from "./connection-failure";

/** What tells one API from another: its name in messages, and what its answers mean. */
export interface Request {
  /** `POST /orgs/acme/…`, for messages. */
  requestLine: string;
  permission: "read" | "write";
  /** The statuses of a good answer; default 200. */
  success?: number[];
}

/** An HTTP answer, whatever its status. */
export interface Answer {
  status: number;
  headers: Record<string, string | number | undefined>;
  /** Of a body that is not JSON, the text. */
  data: unknown;
  /** The body is longer than so many bytes, and was not read. */
  longerThan?: number;
  /** How long ago its request was first sent. */
  milliseconds?: number;
}

/** What came back, or did not, in the words of an error message. */
export interface Failure {
  /** `POST /orgs/acme/artifacts/metadata/deployment-record` */
  requestLine: string;
  status?: number;
  /** The API's own message. */
  message?: string;
  /** The repositories that a refused call of GitHub's for a cluster names, by name or by id. */
  repositories?: string[];
  requestId?: string;
  /** There was no connection. */
  notSent?: NotSent | undefined;
}

/** For messages. */
export interface Names {
  /** `GitHub` */
  name: string;
  /** The setting that its address is in. */
  urlSetting: string;
  /** Where to see whether it is down. */
  statusPage?: string;
  /** What to do where more is to be written than its pace allows; the beginning of a sentence. */
  tooMany?: string;
}

export interface Api<R extends Request> extends Names {
  /** What to do where an answer points to another address; whole sentences. */
  whenMoved: string;
  /** What an error answer says, in its own words. */
  errorDetails(answer: Answer): Pick<Failure, "message" | "repositories" | "requestId">;
  /** Whether a 403 is about a limit. */
  isLimit(answer: Answer): boolean;
  /** When its limit begins anew, in seconds since 1970, where this answer used it up. */
  resetOf(answer: Answer): number | undefined;
  /** The error for an answer below 500 that is no success; undefined: an answer that this API does not give. */
  refusal(request: R, answer: Answer, failure: Failure): Error | undefined;
  /** What an answer that this API does not give names as wrong with the request. */
  detailsOf(answer: Answer): string;
}
