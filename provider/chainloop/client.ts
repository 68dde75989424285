/** What the operations on Chainloop's deployments send their requests with. */
import type { z } from "zod";
import { startDeadline } from "../http/deadline";
import type { Deadline } from "../http/deadline";
import { createCircuitBreaker } from "../http/circuit-breaker";
import type { Answer } from "../http/api";
import type { Done } from "../http/outcome";
import { createRateLimiter } from "../http/rate-limiter";
import { fetchThrough } from "../http/proxy";
import { requestWithRetry } from "../http/request-with-retry";
import type { ClientState } from "../http/request-with-retry";
import type { ChainloopSettings } from "../config/chainloop";
import { ProviderError } from "../runtime/errors";
import type { Runtime } from "../runtime/runtime";
import { chainloop } from "./api";
import type { ChainloopRequest } from "./api";
import * as schemas from "./schemas";

/** What is sent; the path begins with a slash, and what a user chose stands in the query or the body. */
export interface Sent {
  method: "GET" | "POST";
  path: string;
  query?: Record<string, string>;
  body?: object;
}

/** What the answer must be. */
export type Expected<T> = (all: typeof schemas) => z.ZodType<T>;

export interface ChainloopClient {
  call<T>(
    request: Omit<ChainloopRequest, "request">,
    sent: Sent,
    expected: Expected<T>,
  ): Promise<{ data: T; date: string | undefined }>;
}

/** What all operations share. */
export interface Chainloop {
  /** A client for one operation: its deadline begins now, and ends all of its requests and waits. */
  operation(): ChainloopClient;
}

export function createChainloop(settings: ChainloopSettings, runtime: Runtime): Chainloop {
  const shared: ClientState<ChainloopRequest> = {
    ...{ api: chainloop, runtime },
    ...{
      rateLimiter: createRateLimiter(chainloop, runtime),
      circuitBreaker: createCircuitBreaker(runtime.now),
    },
  };
  let through: ReturnType<typeof fetchThrough> | undefined;

  async function call<T>(
    deadline: Deadline,
    about: Omit<ChainloopRequest, "request">,
    sent: Sent,
    schema: z.ZodType<T>,
  ): Promise<Done<T>> {
    const headers = headersOf(settings);
    const fetch = (await (through ??= fetchThrough(settings.proxy))) ?? globalThis.fetch;
    const request = { ...about, request: `${sent.method} ${sent.path}` };
    const send = () => sendWith(fetch, settings.url, sent, headers, deadline);
    return requestWithRetry(shared, { request, deadline, schema, send });
  }

  return {
    operation() {
      const deadline = startDeadline(settings.timeoutSeconds, runtime.now, runtime.interruption);
      return { call: (about, sent, expected) => call(deadline, about, sent, expected(schemas)) };
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

async function sendWith(
  fetch: typeof globalThis.fetch,
  url: string,
  { method, path, query = {}, body }: Sent,
  headers: Record<string, string>,
  { inFlight }: Deadline,
): Promise<Answer> {
  const search = new URLSearchParams(query).toString();
  const response = await fetch(`${url}${path}${search && `?${search}`}`, {
    method,
    headers: body === undefined ? headers : { ...headers, "content-type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    ...{ signal: inFlight, redirect: "manual" },
  });
  return { status: response.status, headers: Object.fromEntries(response.headers), data: response.body };
}
