/** What the operations on records send their requests with. */
import type { Octokit } from "@octokit/rest" with { "resolution-mode": "import" };
import type { z } from "zod";
import type { Settings } from "../lifecycle/settings";
import type { Tell } from "../lifecycle/tell";
import { connect } from "./connection";
import type { Connection } from "./connection";
import { inTime, startDeadline } from "./deadline";
import { createHealth } from "./health";
import type { Answer, Request } from "./outcome";
import { createPacing } from "./pacing";
import { tryUntilDone } from "./tries";
import type { Shared } from "./tries";

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

const HEADERS = {
  accept: "application/vnd.github+json",
  "x-github-api-version": "2022-11-28",
};

export function createGitHub(settings: Settings, tell: Tell): GitHub {
  const shared: Shared = { tell, pacing: createPacing(tell), health: createHealth(tell.now) };
  let connected: Promise<Connection> | undefined;
  return {
    operation() {
      const deadline = startDeadline(settings.timeoutSeconds, tell.now);
      return {
        async call(request, send, schema) {
          connected ??= connect(settings);
          const { octokit } = await inTime(connected, deadline, request.request);
          const common: Common = {
            headers: HEADERS,
            request: { signal: deadline.signal, redirect: "manual", parseSuccessResponseBody: false },
          };
          return tryUntilDone(shared, { request, deadline, send: () => send(octokit, common), schema });
        },
      };
    },
  };
}
