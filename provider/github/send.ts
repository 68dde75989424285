import type { Octokit } from "@octokit/rest" with { "resolution-mode": "import" };
import type { Answer } from "../http/api";
import type { Deadline } from "../http/deadline";
import { requestWithRetry } from "../http/request-with-retry";
import type { ClientState } from "../http/request-with-retry";
import { NoAnswerError } from "../http/transport";
import type { Transport } from "../http/transport";
import type { GitHubRequest, Prepared, Result } from "./request";

/** What a request is sent with. */
export interface Sender {
  octokit: Octokit;
  transport: Transport;
  baseUrl: string;
  /** The header; undefined where Octokit signs the request. */
  authorization?: string;
  /** Where the token was found. */
  tokenFrom?: string;
}

const HEADERS = {
  accept: "application/vnd.github+json",
  "x-github-api-version": "2022-11-28",
};

/** Sends a request until it has an outcome. */
export async function sendPrepared<T>(
  state: ClientState<GitHubRequest>,
  deadline: Deadline,
  sender: Sender,
  prepared: Prepared<T>,
): Promise<Result<T>> {
  const { schema, beforeSend, since } = prepared;
  const { baseUrl, tokenFrom } = sender;
  const request = { ...prepared.request, baseUrl, tokenFrom };
  const send = () => sendOnce(sender, prepared, deadline.inFlight);
  const { data, status, date } = await requestWithRetry(state, {
    request,
    deadline,
    send,
    beforeSend,
    since,
    schema,
  });
  return { data, status, date, requestLine: request.requestLine };
}

async function sendOnce<T>(
  { octokit, transport, authorization }: Sender,
  { method, path, query, body, version, maxBytes }: Prepared<T>,
  signal: AbortSignal,
): Promise<Answer> {
  const search = new URLSearchParams(query).toString();
  const headers = {
    ...HEADERS,
    ...(version !== undefined && { "x-github-api-version": version }),
    ...(authorization !== undefined && { authorization }),
  };
  let answer: Answer | undefined;
  const fetch = async (url: string, { headers, body }: FetchOptions) => {
    answer = undefined;
    answer = await transport({ method, url, headers, body: body ?? null, signal, maxBytes });
    return shownToOctokit(answer);
  };
  try {
    await octokit.request({
      method,
      url: search === "" ? path : `${path}?${search}`,
      headers,
      // As `data`, no key of the body can become an option of the request.
      ...(body && { data: typeof body === "function" ? (body as () => object)() : body }),
      request: { fetch, parseSuccessResponseBody: false },
    });
  } catch (error) {
    // For a status of 400 and above Octokit throws; here it is an answer like any other.
    if (answer === undefined) throw (error as Error).cause ?? error;
  }
  if (answer === undefined) throw new NoAnswerError({ reason: "Octokit sent no request" });
  return answer;
}

interface FetchOptions {
  headers: Record<string, string>;
  body?: string;
}

/**
 * As much as Octokit needs to sign a request of an App again where our clock is wrong: the rest would have it parse the
 * body without a limit, or print a server's text on the console (`Deprecation`).
 */
function shownToOctokit({ status, headers, data }: Answer) {
  const message = typeof data === "object" && data !== null && "message" in data ? String(data.message) : "";
  const { date } = headers;
  return {
    status,
    url: "",
    headers: new Headers({ "content-type": "text/plain", ...(date !== undefined && { date: String(date) }) }),
    body: null,
    text: async () => message,
  };
}
