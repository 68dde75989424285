/** What a request to GitHub is, for those who send it. */
import type { z } from "zod";
import type { Request } from "../http/api";
import type { Done } from "../http/outcome";
import { SMALL_BODY } from "../http/body";
import { expandRoute } from "../http/route";
import type { ExpandedRoute, ParamsOf, Route } from "../http/route";
import * as schemas from "./schemas";

/** One of GitHub's operations with its values. What a user chose is in `params`, `body` or `query`, never a key here. */
export interface Operation<R extends Route, T> {
  route: R;
  params: ParamsOf<R>;
  query?: Record<string, string>;
  /** A function is asked at each try. */
  body?: object | (() => object);
  /** Runs before each try; see `Call`. */
  beforeSend?: (waited: boolean) => Promise<void>;
  /** The REST API's version; default 2022-11-28. */
  version?: string;
  permission: "read" | "write";
  /** The artifact that a message can name. */
  digest?: string;
  /** The statuses of a good answer; default 200. */
  success?: number[];
  /** The most that is read of a good answer. */
  maxBytes?: number;
  /** What a refusal means here, where it is not about records. */
  refusals?: Record<number, string>;
  /** What the answer must be. */
  expected: (all: typeof schemas) => z.ZodType<T>;
}

/** What the policy for answers needs to know. */
export interface GitHubRequest extends Request {
  org: string;
  digest: string;
  /** Of the API that it is sent to. */
  baseUrl?: string;
  /** Where the token was found that it is sent with. */
  tokenFrom?: string;
  refusals?: Record<number, string>;
}

/** An operation that is ready to be sent. */
export interface Prepared<T> extends Pick<ExpandedRoute, "method" | "path"> {
  query: Record<string, string>;
  body: object | (() => object) | undefined;
  beforeSend: ((waited: boolean) => Promise<void>) | undefined;
  /** When it was asked for; see `Call`. */
  since?: number;
  version: string | undefined;
  maxBytes: number;
  request: GitHubRequest;
  schema: z.ZodType<T>;
}

export function prepare<R extends Route, T>(operation: Operation<R, T>): Prepared<T> {
  const { route, params, query = {}, body, version, permission, digest = "", success, refusals } = operation;
  const { maxBytes = SMALL_BODY, beforeSend } = operation;
  const { method, path, requestLine } = expandRoute(route, params);
  const { org = "" }: { org?: string } = params;
  const request = { requestLine, org, digest, permission, success, refusals };
  const schema = operation.expected(schemas);
  return { method, path, query, body, beforeSend, version, maxBytes, request, schema };
}

/** An answer that is as expected, and the request that it came to. */
export interface Result<T> extends Omit<Done<T>, "kind"> {
  /** Method and path, for messages. */
  requestLine: string;
}

/** Sends an operation with a client that signs it. */
export type Ask = <R extends Route, T>(operation: Operation<R, T>) => Promise<Result<T>>;
