/** Requests to GitHub's operations on comments, sent as the provider sends its own: proxies, sizes and redirects alike. */
import { z } from "zod";
import { proxyOf } from "../../provider/config/proxy";
import type { Answer } from "../../provider/http/api";
import { LARGE_BODY } from "../../provider/http/body";
import { NoAnswerError, openTransport } from "../../provider/http/transport";
import { UserError } from "../errors";
import type { Io } from "../io";
import { visible } from "../summary/escape";
import { clip } from "../summary/words";
import type { Target } from "./target";

/** The token is not allowed to do that, as in a pull request from a fork. */
export class NotAllowedError extends Error {
  override readonly name = "NotAllowedError";
}

/** There is no such thing, or the token is not allowed to see it. */
export class NotFoundError extends Error {
  override readonly name = "NotFoundError";
}

/** The same request can succeed later. */
export class TransientError extends Error {
  override readonly name = "TransientError";

  constructor(
    message: string,
    /** How long GitHub asks to wait. */
    readonly waitMilliseconds?: number,
  ) {
    super(message);
  }
}

export type Method = "GET" | "POST" | "PATCH";
export type Send = (method: Method, path: string, body?: object) => Promise<unknown>;

const TIMEOUT_MS = 30_000;
/** A hundred comments of the greatest length. */
const PAGE_BYTES = 2 * LARGE_BODY;

export async function openApi({ baseUrl, token }: Target, env: Io["env"]): Promise<Send> {
  const transport = await openTransport(proxyOf(baseUrl, env));
  const headers = {
    accept: "application/vnd.github+json",
    authorization: `Bearer ${token}`,
    "content-type": "application/json",
    "user-agent": "pulumi-artifact-metadata",
    "x-github-api-version": "2022-11-28",
  };
  return async (method, path, body) => {
    const url = path === GRAPHQL ? graphqlUrl(baseUrl) : `${baseUrl}${path}`;
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const text = body ? JSON.stringify(body) : null;
    try {
      const answer = await transport({ method, url, headers, body: text, signal, maxBytes: PAGE_BYTES });
      return dataOf(answer, `${method} ${path}`);
    } catch (error) {
      if (!(error instanceof NoAnswerError)) throw error;
      throw new TransientError(`${new URL(url).host} could not be reached (${error.message}).`);
    }
  };
}

export const GRAPHQL = "/graphql";

/** GitHub Enterprise Server has it beside the REST API, not below it. */
const graphqlUrl = (baseUrl: string): string => `${baseUrl.replace(/\/api\/v3$/, "/api")}${GRAPHQL}`;

const errorBody = z.object({ message: z.string() });

function dataOf(answer: Answer, request: string): unknown {
  const { status, data } = answer;
  if (status >= 200 && status < 300) return data;
  const said = errorBody.safeParse(data).data?.message ?? "";
  const message = visible(clip(said, 300));
  const what = `${request} was answered with ${status}${message && ` (${message})`}.`;
  if (status >= 500 || isLimit(answer, said)) throw new TransientError(what, waitOf(answer));
  if (status === 403) throw new NotAllowedError(what);
  if (status === 404) throw new NotFoundError(what);
  throw new UserError(what);
}

/** https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api */
const isLimit = ({ status, headers }: Answer, said: string): boolean =>
  status === 429 ||
  (status === 403 && (headers["retry-after"] !== undefined || headers["x-ratelimit-remaining"] === "0")) ||
  (status === 403 && /rate limit|abuse/i.test(said));

function waitOf({ headers }: Answer): number | undefined {
  const seconds = Number(headers["retry-after"]);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : undefined;
}
