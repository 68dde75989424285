import type { Octokit } from "@octokit/rest" with { "resolution-mode": "import" };
import type { Answer } from "../http/api";
import type { Deadline } from "../http/deadline";
import { requestWithRetry } from "../http/request-with-retry";
import type { ClientState } from "../http/request-with-retry";
import type { GitHubRequest, Prepared, Result } from "./request";

/** What a request is sent with. */
export interface Sender {
  octokit: Octokit;
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
  { octokit, authorization, tokenFrom }: Sender,
  { method, path, query, body, version, about, schema }: Prepared<T>,
): Promise<Result<T>> {
  const search = new URLSearchParams(query).toString();
  const headers = {
    ...HEADERS,
    ...(version !== undefined && { "x-github-api-version": version }),
    ...(authorization !== undefined && { authorization }),
  };
  const send = () =>
    octokit
      .request({
        method,
        url: search === "" ? path : `${path}?${search}`,
        headers,
        // As `data`, no key of the body can become an option of the request.
        ...(body && { data: body }),
        request: { signal: deadline.inFlight, redirect: "manual", parseSuccessResponseBody: false },
      })
      .catch(answerOf);
  const request = { ...about, tokenFrom };
  const { data, date } = await requestWithRetry(state, { request, deadline, send, schema });
  return { data, date, request: about.request };
}

interface OctokitError {
  status: number;
  response?: { headers: Answer["headers"]; data: unknown };
  cause?: unknown;
}

/** Octokit throws for a status of 400 and above; here it is an answer like any other. */
function answerOf(error: unknown): Answer {
  const { status, response, cause } = error as OctokitError;
  if (response === undefined) throw cause ?? error;
  return { status, headers: response.headers, data: response.data };
}
