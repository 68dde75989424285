/** What the operations on records send their requests with. */
import type { Octokit } from "@octokit/rest" with { "resolution-mode": "import" };
import type { z } from "zod";
import type { Settings } from "../lifecycle/settings";
import type { Tell } from "../lifecycle/tell";
import { inTime, startDeadline } from "../http/deadline";
import type { Deadline } from "../http/deadline";
import { createHealth } from "../http/health";
import type { Answer, Done } from "../http/outcome";
import { createPacing } from "../http/pacing";
import { tryUntilDone } from "../http/tries";
import type { Shared } from "../http/tries";
import { gitHub } from "./api";
import type { GitHubRequest } from "./api";
import { connect } from "./connection";
import type { Connection } from "./connection";
import { UnauthorizedError } from "./errors";
import * as schemas from "./schemas";

/** What every typed route is called with, beside its own parameters. */
export interface Common {
  headers: Record<string, string>;
  request: { signal: AbortSignal; redirect: "manual"; parseSuccessResponseBody: false };
}

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

/** A request that its own signature allows. */
export type Ask = <T>(
  request: GitHubRequest,
  send: (common: Common) => Promise<Answer>,
  schema: z.ZodType<T>,
) => Promise<Done<T>>;

const commonOf = ({ inFlight }: Deadline, headers: Record<string, string> = {}): Common => ({
  headers: { ...HEADERS, ...headers },
  request: { signal: inFlight, redirect: "manual", parseSuccessResponseBody: false },
});

export function createGitHub(settings: Settings, tell: Tell): GitHub {
  const shared: Shared<GitHubRequest> = {
    ...{ api: gitHub, tell },
    ...{ pacing: createPacing(gitHub, tell), health: createHealth(tell.now) },
  };
  const begin = () => startDeadline(settings.timeoutSeconds, tell.now, tell.interruption);
  // Others may wait for the same token longer than the one who asks for it first.
  const ask: Ask = (request, send, schema) => {
    const deadline = begin();
    return tryUntilDone(shared, {
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
    connected ??= connect(settings, ask, tell);
    const { octokit, tokenFrom, authorization, forget } = await wait(connected);
    for (let renewed = false; ; renewed = true) {
      const header = await wait(authorization(request.org));
      const common = commonOf(deadline, { authorization: header });
      try {
        return await tryUntilDone(shared, {
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
        writable: () => shared.pacing.writable(deadline),
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
