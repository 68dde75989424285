/** What the operations on records send their requests with. */
import type { Octokit } from "@octokit/rest" with { "resolution-mode": "import" };
import type { z } from "zod";
import type { GitHubSettings } from "../config/github";
import type { Runtime } from "../runtime/runtime";
import { inTime, startDeadline } from "../http/deadline";
import type { Deadline } from "../http/deadline";
import { createCircuitBreaker } from "../http/circuit-breaker";
import type { Answer } from "../http/api";
import type { Done } from "../http/outcome";
import { createRateLimiter } from "../http/rate-limiter";
import { requestWithRetry } from "../http/request-with-retry";
import type { ClientState } from "../http/request-with-retry";
import { gitHub } from "./api";
import { connect } from "./connection";
import type { Connection } from "./connection";
import { UnauthorizedError } from "./errors";
import type { Ask, Common, GitHubRequest } from "./request";
import * as schemas from "./schemas";

/** What the answer must be. The schemas are built when there is an answer to parse: a preview does without them. */
export type Expected<T> = (all: typeof schemas) => z.ZodType<T>;

export interface GitHubClient {
  call<T>(
    request: GitHubRequest,
    send: (octokit: Octokit, common: Common) => Promise<Answer>,
    expected: Expected<T>,
  ): Promise<{ data: T; date: string | undefined }>;
  /** Resolves when a write could be sent at once, or where to wait is of no use: what comes until then can join it. */
  writable(): Promise<void>;
}

/** What all operations share. */
export interface GitHub {
  /** A client for one operation: its deadline begins now, and ends all of its requests and waits. */
  operation(): GitHubClient;
}

const HEADERS = {
  accept: "application/vnd.github+json",
  "x-github-api-version": "2022-11-28",
};

const commonOf = ({ inFlight }: Deadline, headers: Record<string, string> = {}): Common => ({
  headers: { ...HEADERS, ...headers },
  request: { signal: inFlight, redirect: "manual", parseSuccessResponseBody: false },
});

export function createGitHub(settings: GitHubSettings, runtime: Runtime): GitHub {
  const shared: ClientState<GitHubRequest> = {
    ...{ api: gitHub, runtime },
    ...{ rateLimiter: createRateLimiter(gitHub, runtime), circuitBreaker: createCircuitBreaker(runtime.now) },
  };
  const begin = () => startDeadline(settings.timeoutSeconds, runtime.now, runtime.interruption);
  // Others may wait for the same token longer than the one who asks for it first.
  const ask: Ask = (request, send, schema) => {
    const deadline = begin();
    return requestWithRetry(shared, {
      request,
      deadline,
      schema,
      send: () => send(commonOf(deadline)).catch(answerOf),
    });
  };
  let connected: Promise<Connection> | undefined;

  async function call<T>(
    deadline: Deadline,
    request: GitHubRequest,
    send: (octokit: Octokit, common: Common) => Promise<Answer>,
    schema: z.ZodType<T>,
  ): Promise<Done<T>> {
    const wait = <W>(work: Promise<W>) => inTime(work, deadline, request.request);
    connected ??= connect(settings, ask, runtime);
    const { octokit, tokenFrom, authorization, forget } = await wait(connected);
    for (let renewed = false; ; renewed = true) {
      const header = await wait(authorization(request.org));
      const common = commonOf(deadline, { authorization: header });
      try {
        return await requestWithRetry(shared, {
          request: { ...request, tokenFrom },
          deadline,
          schema,
          send: () => send(octokit, common).catch(answerOf),
        });
      } catch (error) {
        const expired = error instanceof UnauthorizedError && !renewed;
        if (!expired || !(await forget(request.org, header))) throw error;
      }
    }
  }

  return {
    operation() {
      const deadline = begin();
      return {
        call: (request, send, expected) => call(deadline, request, send, expected(schemas)),
        writable: () => shared.rateLimiter.writable(deadline),
      };
    },
  };
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
