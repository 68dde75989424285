/** What the operations on records send their requests with. */
import type { Octokit } from "@octokit/rest" with { "resolution-mode": "import" };
import type { GitHubSettings } from "../config/github";
import type { Runtime } from "../runtime/runtime";
import { inTime, startDeadline } from "../http/deadline";
import type { Deadline } from "../http/deadline";
import { createCircuitBreaker } from "../http/circuit-breaker";
import { createRateLimiter } from "../http/rate-limiter";
import type { ClientState } from "../http/request-with-retry";
import type { Method } from "../http/route";
import type { Transport } from "../http/transport";
import { gitHub } from "./api";
import { connect } from "./connection";
import type { Connection } from "./connection";
import { UnauthorizedError } from "./errors";
import { prepare } from "./request";
import type { Ask, GitHubRequest, Operation, Prepared, Result } from "./request";
import { sendPrepared } from "./send";

export interface GitHubClient {
  call<R extends `${Method} /orgs/{org}/${string}`, T>(operation: Operation<R, T>): Promise<Result<T>>;
  /**
   * Resolves when a write could be sent at once, or when waiting is pointless (deadline passed or too near). Until then,
   * further writes may join the batch.
   */
  untilWritable(): Promise<void>;
  /** Milliseconds until the operation's deadline. */
  timeLeft(): number;
  /** How many reads of the run have had to wait so far: what was read before such a wait may hold no more. */
  readWaits: () => number;
}

/** What all operations share. */
export interface GitHub {
  /** A client for one operation: its deadline begins now, and ends all of its requests and waits. */
  operation(): GitHubClient;
}

export function createGitHub(settings: GitHubSettings, runtime: Runtime): GitHub {
  const state: ClientState<GitHubRequest> = {
    api: gitHub,
    runtime,
    rateLimiter: createRateLimiter(gitHub, runtime),
    circuitBreaker: createCircuitBreaker(runtime.now),
    readWaits: 0,
  };
  const begin = () => startDeadline(settings.timeoutSeconds, runtime.now, runtime.interruption);
  let connected: Promise<Connection> | undefined;

  // Used for GitHub Apps only: requests for an installation token. Several operations may wait for one, so it gets its
  // own deadline.
  const askForApp =
    (octokit: Octokit, transport: Transport): Ask =>
    (operation) =>
      sendPrepared(state, begin(), { octokit, transport, baseUrl: settings.baseUrl }, prepare(operation));

  async function call<T>(deadline: Deadline, prepared: Prepared<T>): Promise<Result<T>> {
    const { requestLine, org } = prepared.request;
    const wait = <W>(work: Promise<W>) => inTime(work, deadline, requestLine);
    // A token can take its time, like a turn.
    const since = state.rateLimiter.time();
    connected ??= connect(settings, runtime.now, askForApp);
    const connection = await wait(connected);
    for (let renewed = false; ; renewed = true) {
      const authorization = await wait(connection.authorization(org));
      try {
        return await sendPrepared(state, deadline, { ...connection, authorization }, { ...prepared, since });
      } catch (error) {
        const expired = error instanceof UnauthorizedError && !renewed;
        if (!expired || !(await connection.forget(org, authorization))) throw error;
      }
    }
  }

  return {
    operation() {
      const deadline = begin();
      return {
        call: async (operation) => call(deadline, prepare(operation)),
        timeLeft: () => deadline.left(),
        readWaits: () => state.readWaits,
        untilWritable: () => state.rateLimiter.untilWritable(deadline),
      };
    },
  };
}
