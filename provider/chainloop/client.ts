/** What the operations on Chainloop's deployments send their requests with. */
import type { z } from "zod";
import { startDeadline } from "../http/deadline";
import type { Deadline } from "../http/deadline";
import { createCircuitBreaker } from "../http/circuit-breaker";
import type { Answer } from "../http/api";
import type { Done } from "../http/outcome";
import { createRateLimiter } from "../http/rate-limiter";
import { fetchThrough } from "../http/proxy";
import { expandRoute } from "../http/route";
import type { Method } from "../http/route";
import { requestWithRetry } from "../http/request-with-retry";
import type { ClientState } from "../http/request-with-retry";
import type { ChainloopSettings } from "../config/chainloop";
import { ProviderError } from "../runtime/errors";
import type { Runtime } from "../runtime/runtime";
import { chainloop } from "./api";
import type { ChainloopRequest } from "./api";
import * as schemas from "./schemas";

/** One of Chainloop's operations with its values. What a user chose is in `query` or `body`, never a key here. */
export interface Operation<T> {
  route: `${Method} /v1/${string}`;
  query?: Record<string, string>;
  body?: object;
  permission: "read" | "write";
  /** The environment that it is about; undefined: all. */
  environmentName: string | undefined;
  /** What the answer must be. */
  expected: (all: typeof schemas) => z.ZodType<T>;
}

export interface ChainloopClient {
  call<T>(operation: Operation<T>): Promise<Omit<Done<T>, "kind">>;
}

/** What all operations share. */
export interface Chainloop {
  /** A client for one operation: its deadline begins now, and ends all of its requests and waits. */
  operation(): ChainloopClient;
}

type Fetch = typeof globalThis.fetch;

export function createChainloop(settings: ChainloopSettings, runtime: Runtime): Chainloop {
  const state: ClientState<ChainloopRequest> = {
    api: chainloop,
    runtime,
    rateLimiter: createRateLimiter(chainloop, runtime),
    circuitBreaker: createCircuitBreaker(runtime.now),
  };
  let through: ReturnType<typeof fetchThrough> | undefined;

  async function call<T>(deadline: Deadline, operation: Operation<T>): Promise<Done<T>> {
    const { route, query, body, permission, environmentName } = operation;
    const headers = headersOf(settings);
    const fetch = (await (through ??= fetchThrough(settings.proxy))) ?? globalThis.fetch;
    const { method, path, request: described } = expandRoute(route, {});
    const request = { request: described, permission, environmentName };
    const url = urlOf(settings, path, query);
    const send = () => sendWith(fetch, { method, url, headers, body, signal: deadline.inFlight });
    return requestWithRetry(state, { request, deadline, schema: operation.expected(schemas), send });
  }

  return {
    operation() {
      const deadline = startDeadline(settings.timeoutSeconds, runtime.now, runtime.interruption);
      return { call: (operation) => call(deadline, operation) };
    },
  };
}

function headersOf({ token }: ChainloopSettings): Record<string, string> {
  if (token === undefined)
    throw new ProviderError(
      "There is no Chainloop token. Set one with `pulumi config set --secret artifact-metadata:chainloopToken …`, or " +
        "in the environment variable CHAINLOOP_TOKEN.",
    );
  return {
    accept: "application/json",
    authorization: `Bearer ${token}`,
    "user-agent": "pulumi-artifact-metadata",
  };
}

function urlOf({ url }: ChainloopSettings, path: string, query: Record<string, string> = {}): string {
  const search = new URLSearchParams(query).toString();
  return search === "" ? `${url}${path}` : `${url}${path}?${search}`;
}

interface Sent {
  method: Method;
  url: string;
  headers: Record<string, string>;
  body: object | undefined;
  signal: AbortSignal;
}

async function sendWith(fetch: Fetch, { method, url, headers, body, signal }: Sent): Promise<Answer> {
  const response = await fetch(url, {
    method,
    headers: body === undefined ? headers : { ...headers, "content-type": "application/json" },
    body: body === undefined ? null : JSON.stringify(body),
    signal,
    redirect: "manual",
  });
  return { status: response.status, headers: Object.fromEntries(response.headers), data: response.body };
}
