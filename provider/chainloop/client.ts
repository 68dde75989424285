/** What the operations on Chainloop's deployments send their requests with. */
import type { z } from "zod";
import { startDeadline } from "../http/deadline";
import type { Deadline } from "../http/deadline";
import { SMALL_BODY } from "../http/body";
import { createCircuitBreaker } from "../http/circuit-breaker";
import type { Done } from "../http/outcome";
import { createRateLimiter } from "../http/rate-limiter";
import { openTransport } from "../http/transport";
import type { Transport } from "../http/transport";
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
  /** A function is asked at each try. */
  body?: object | (() => object);
  /** Runs before each try; see `Call`. */
  beforeSend?: (waited: boolean) => Promise<void>;
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

/** A page has at most a hundred records. */
const PAGE_BYTES = 4 * SMALL_BODY;

export function createChainloop(settings: ChainloopSettings, runtime: Runtime): Chainloop {
  const state: ClientState<ChainloopRequest> = {
    api: chainloop,
    runtime,
    rateLimiter: createRateLimiter(chainloop, runtime),
    circuitBreaker: createCircuitBreaker(runtime.now),
    readWaits: 0,
  };
  let transport: Promise<Transport> | undefined;

  async function call<T>(deadline: Deadline, operation: Operation<T>): Promise<Done<T>> {
    const { route, query, body, beforeSend, permission, environmentName, expected } = operation;
    const headers = headersOf(settings, body !== undefined);
    const sendOnce = await (transport ??= openTransport(settings.proxy));
    const { method, path, requestLine } = expandRoute(route, {});
    const request = { requestLine, permission, environmentName };
    const url = urlOf(settings, path, query);
    const text = () => JSON.stringify(typeof body === "function" ? (body as () => object)() : body) ?? null;
    const signal = deadline.inFlight;
    const send = () => sendOnce({ method, url, headers, body: text(), signal, maxBytes: PAGE_BYTES });
    return requestWithRetry(state, { request, deadline, schema: expected(schemas), send, beforeSend });
  }

  return {
    operation() {
      const deadline = startDeadline(settings.timeoutSeconds, runtime.now, runtime.interruption);
      return { call: (operation) => call(deadline, operation) };
    },
  };
}

function headersOf({ token }: ChainloopSettings, hasBody: boolean): Record<string, string> {
  if (token === undefined)
    throw new ProviderError(
      "There is no Chainloop token. Set one with `pulumi config set --secret artifact-metadata:chainloopToken …`, or " +
        "in the environment variable CHAINLOOP_TOKEN.",
    );
  return {
    accept: "application/json",
    authorization: `Bearer ${token}`,
    "user-agent": "pulumi-artifact-metadata",
    ...(hasBody && { "content-type": "application/json" }),
  };
}

function urlOf({ url }: ChainloopSettings, path: string, query: Record<string, string> = {}): string {
  const search = new URLSearchParams(query).toString();
  return search === "" ? `${url}${path}` : `${url}${path}?${search}`;
}
