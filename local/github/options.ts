import type { KeyObject } from "node:crypto";
import type { StandInOptions } from "../http/stand-in";
import type { Operation } from "./description";

/** What a token is allowed to do. */
export interface Access {
  /** The permission "Artifact metadata", and for comments "Pull requests" (default `write`). Writing includes reading. */
  permission?: "read" | "write" | "none";
  /** Repositories it reaches, with what it is allowed to do there; default: all, with `permission`. */
  repositories?: Record<string, "read" | "write">;
  /** Organisations it belongs to; default: all. */
  orgs?: string[];
  /** Whose comments it writes. Default: a workflow's own bot for a token `ghs_…`, else `octocat`. */
  login?: string;
  /** When it expires, in milliseconds since 1970 by the server's clock; afterwards the answer is "Bad credentials". */
  expiresAt?: number;
}

export interface InstallationOptions {
  id: number;
  org: string;
  /** What its tokens are allowed to do. Default: write. */
  access?: Access;
}

export interface AppOptions {
  id: number;
  publicKey: KeyObject;
  installations: InstallationOptions[];
  /** How long a token holds. Default 3600. */
  tokenSeconds?: number;
}

/** Behaviour that could not be verified: what GitHub does. A client must work in every case. */
export interface Rules {
  /** Lists show decommissioned records. Default true. */
  listDecommissioned: boolean;
  /** A write shows in lists after so many lists were answered without it. Default 0. */
  listLag: { reads?: number };
  /** An absent environment or cluster and an empty one are the same. Default true. */
  absentEqualsEmpty: boolean;
  /** How answers show an absent environment or cluster. Default `omitted`. */
  showAbsentAs: "omitted" | "empty" | "null";
  /** What a call for a cluster does to the records there that it leaves out. Default `keep`. */
  leftOut: "keep" | "retire";
  /** The same storage record again updates the first one. Default true. */
  storageUpsert: boolean;
  /** What an update does to version, tags and risks that the request leaves out. Default `keep`. */
  omittedOnUpdate: "keep" | "clear";
  /**
   * The message of a 403 or 404 for a whole cluster call: an object with `cause` and `repositories`, as in the
   * description's example, or a text, as in its schema. Default `object`.
   */
  repositoryErrors: "object" | "text";
  /**
   * Answers as the schema says, or as thin as the documentation's examples: `created` in place of `created_at`,
   * deployment records without `runtime_risks`, storage records without `id`. Default `schema`.
   */
  answers: "schema" | "documentation";
}

export const DEFAULT_RULES: Rules = {
  listDecommissioned: true,
  listLag: {},
  absentEqualsEmpty: true,
  showAbsentAs: "omitted",
  leftOut: "keep",
  storageUpsert: true,
  omittedOnUpdate: "keep",
  repositoryErrors: "object",
  answers: "schema",
};

/** https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api */
export interface RateLimitOptions {
  /** Requests in a window. Default 5000. */
  limit?: number;
  /** Default 3600. */
  windowSeconds?: number;
}

/** Each limit is off unless it is given: it could not be verified which ones apply to these operations. */
export interface SecondaryLimitOptions {
  /** Writes a minute; GitHub's own is 80. */
  contentPerMinute?: number;
  /** Requests at once; GitHub's own is 100. */
  concurrent?: number;
  /** `Retry-After` in seconds; null: the header is left out. Default 60. */
  retryAfter?: number | null;
  /** Default 403; GitHub also answers 429. */
  status?: 403 | 429;
  /** Which of GitHub's messages to use, or another text. Default `secondary`. */
  wording?: SecondaryWording;
}

export type SecondaryWording = "secondary" | "content" | "abuse" | { text: string };

/** What moves a background job forward: polls, or the server's clock. Default: one poll a step. */
export type JobOptions = { pollsPerStep: number } | { stepMilliseconds: number };

export interface GitHubOptions extends StandInOptions<Operation, Access> {
  /** Organisations that exist. Default `["acme"]`. */
  orgs?: string[];
  /** GitHub Apps, which get their tokens here. Default: none. */
  apps?: AppOptions[];
  /** Digests that have a provenance attestation, in every organisation. Default: none. */
  attested?: "all" | string[];
  /** Repositories that exist, for `github_repository`. Default: every name. */
  repositories?: string[];
  /** Pull requests that exist, as `acme/shop#7`. Default: none. */
  pulls?: string[];
  /** The first ID that is given out; give a bigint above 2^53 to try that. Default 1000. */
  firstId?: number | bigint;
  rules?: Partial<Rules>;
  rateLimit?: RateLimitOptions;
  secondaryLimit?: SecondaryLimitOptions;
  jobs?: JobOptions;
}
