/** Requests to GitHub: one deadline for an operation, tries, and answers that are parsed before they are believed. */
import type { Octokit } from "@octokit/rest" with { "resolution-mode": "import" };
import type { z } from "zod";
import type { Settings } from "../lifecycle/settings";
import type { Tell } from "../lifecycle/tell";
import { withBody } from "./body";
import { findToken } from "./credentials";
import { startDeadline } from "./deadline";
import type { Deadline } from "./deadline";
import { RateLimitedError, UnreachableError } from "./errors";
import type { Failure } from "./errors";
import { outcomeOf } from "./outcome";
import type { Answer, Outcome, Request } from "./outcome";

/** What every typed route is called with, beside its own parameters. */
export interface Common {
  headers: Record<string, string>;
  request: { signal: AbortSignal; redirect: "manual"; parseSuccessResponseBody: false };
}

export interface GitHubClient {
  call<T>(
    request: Request,
    send: (octokit: Octokit, common: Common) => Promise<Answer>,
    schema: z.ZodType<T>,
  ): Promise<{ data: T; date: string | undefined }>;
}

/** What all operations share. */
export interface GitHub {
  /** A client for one operation: its deadline begins now, and ends all of its requests and waits. */
  operation(): GitHubClient;
}

const MAX_TRIES = 4;
const MAX_PAUSE_SECONDS = 30;

const HEADERS = {
  accept: "application/vnd.github+json",
  "x-github-api-version": "2022-11-28",
};

const silent = { debug() {}, info() {}, warn() {}, error() {} };

async function connect(settings: Settings): Promise<Octokit> {
  // Octokit is an ES module and takes its time to load: a preview, which sends nothing, does not pay for it.
  const [{ Octokit }, auth] = await Promise.all([import("@octokit/rest"), findToken(settings)]);
  return new Octokit({ auth, baseUrl: settings.baseUrl, userAgent: "pulumi-artifact-metadata", log: silent });
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

/** `ECONNRESET`, `ENOTFOUND` …: what Node says of a connection that failed, without addresses of ours. */
function reasonOf(error: unknown): string {
  const cause = (error as { cause?: { code?: string; message?: string } }).cause;
  return cause?.code ?? cause?.message ?? (error instanceof Error ? error.message : String(error));
}

export function createGitHub(settings: Settings, tell: Tell): GitHub {
  let connected: Promise<Octokit> | undefined;
  return {
    operation() {
      const deadline = startDeadline(settings.timeoutSeconds, tell.now);
      return {
        async call(request, send, schema) {
          connected ??= connect(settings);
          const octokit = await connected;
          return tryUntilDone(tell, deadline, request, (common) => send(octokit, common), schema);
        },
      };
    },
  };
}

async function tryUntilDone<T>(
  tell: Tell,
  deadline: Deadline,
  request: Request,
  send: (common: Common) => Promise<Answer>,
  schema: z.ZodType<T>,
) {
  const signal = AbortSignal.timeout(deadline.left());
  const common: Common = {
    headers: HEADERS,
    request: { signal, redirect: "manual", parseSuccessResponseBody: false },
  };

  for (let tries = 1; ; tries++) {
    const outcome = await attempt(request, () => send(common), schema, signal);
    if (outcome.kind === "done") return outcome;
    if (outcome.kind === "failed") throw outcome.error;
    // Full jitter: many resources that failed together do not come back together.
    const pause = Math.random() * Math.min(MAX_PAUSE_SECONDS, 2 ** (tries - 1));
    const wait = outcome.waitSeconds ?? pause;
    if (signal.aborted) throw new UnreachableError(request.request, tries, timedOut(deadline));
    if (wait * 1000 > deadline.left())
      throw outcome.waitSeconds === undefined
        ? new UnreachableError(request.request, tries, `${describe(outcome.failure)}; ${noTime(deadline)}`)
        : new RateLimitedError(outcome.failure, Math.ceil(wait), deadline.seconds);
    if (tries === MAX_TRIES) throw new UnreachableError(request.request, tries, describe(outcome.failure));
    if (wait >= 5)
      tell.warn(`GitHub asks to wait ${Math.ceil(wait)} s (${describe(outcome.failure)}); waiting.`);
    await tell.sleep(wait * 1000);
  }
}

async function attempt<T>(
  request: Request,
  send: () => Promise<Answer>,
  schema: z.ZodType<T>,
  signal: AbortSignal,
): Promise<Outcome<T>> {
  const noAnswer = (message: string): Outcome<T> => ({
    kind: "retry",
    waitSeconds: undefined,
    failure: { request: request.request, message },
  });
  try {
    const answer = await send().then(withBody, answerOf);
    // A body that was cut off by our own deadline looks like an answer.
    return signal.aborted ? noAnswer("deadline") : outcomeOf(request, answer, schema);
  } catch (error) {
    return noAnswer(reasonOf(error));
  }
}

const noTime = (deadline: Deadline): string =>
  `another try would be past the deadline (artifact-metadata:timeoutSeconds, ${deadline.seconds} s)`;

const timedOut = (deadline: Deadline): string =>
  `the deadline passed (artifact-metadata:timeoutSeconds, ${deadline.seconds} s)`;

const describe = (failure: Failure): string =>
  [failure.status, failure.message].filter((part) => part !== undefined).join(" ");
