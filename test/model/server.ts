/** The local servers without their sockets: their own pipelines answer, and what goes wrong is decided here. */
import { stateFrom as chainloopFrom } from "../../local/chainloop/state";
import type { State as ChainloopState } from "../../local/chainloop/state";
import type { ChainloopRules } from "../../local/chainloop";
import { answerTo } from "../../local/github/pipeline";
import { toJson } from "../../local/github/answer";
import type { Answer } from "../../local/github/answer";
import { routeOf } from "../../local/github/description";
import { rateLimitHeaders } from "../../local/github/limits";
import type { GitHubOptions, RequestLog, TestClock } from "../../local/github";
import { stateFrom } from "../../local/github/state";
import type { State } from "../../local/github/state";
import type { Schedule } from "./clock";
import { carriedOutOnChainloop } from "./chainloop";
import { broken, doesSend, isBefore, onChainloop, replaced } from "./faults";
import type { Fault, Sends } from "./faults";

/** Whose requests these are: a run of Pulumi's, known by its token. */
export interface Client {
  token: string;
  schedule: Schedule;
  faults: Fault[];
  /** Called when a request is sent, with its body. */
  sends(body: string): void;
  /** Called when something goes wrong with a request. */
  goesWrong(fault: Fault, body: string): void;
  /** Called before each request that the server carries out. */
  arrives(): void;
  /** Called after each request that the server has carried out. */
  carriedOut(request: Pick<RequestLog, "method" | "path" | "status">, body: string): void;
}

export interface ModelServer {
  state: State;
  chainloop: ChainloopState;
  fetch: typeof fetch;
  /** From now on requests with this token belong to this run. */
  connect(client: Client): void;
  /** What is still under way is never carried out. */
  disconnect(token: string): void;
}

/** Where a request goes is told by its host. */
const GITHUB = "http://localhost";
const CHAINLOOP = "http://127.0.0.1";

export const settingsFor = (token: string) => ({
  "artifact-metadata:token": token,
  "artifact-metadata:baseUrl": GITHUB,
  "artifact-metadata:chainloopToken": token,
  "artifact-metadata:chainloopUrl": CHAINLOOP,
});

export function modelServer(
  clock: TestClock,
  options: GitHubOptions,
  rules: Partial<ChainloopRules>,
): ModelServer {
  const state = stateFrom({ now: clock.now, ...options });
  const chainloop = chainloopFrom({ now: clock.now, rules });
  const clients = new Map<string, { client: Client; sent: Record<Sends, number> }>();
  return {
    ...{ state, chainloop },
    connect(client) {
      for (const { tokens } of [state, chainloop]) tokens.set(client.token, {});
      clients.set(client.token, { client, sent: { anything: 0, "a write": 0, "a removal": 0 } });
    },
    disconnect(token) {
      for (const { tokens } of [state, chainloop]) tokens.delete(token);
      clients.delete(token);
    },
    async fetch(input, init = {}) {
      const headers = Object.fromEntries(new Headers(init.headers));
      const run = clients.get((headers.authorization ?? "").replace(/^\S+ /, ""));
      if (!run) return NEVER;
      run.client.sends(bodyOf(init));
      const faults = run.client.faults.filter(
        ({ of, at, times }) => doesSend(init, of) && run.sent[of] >= at && run.sent[of] < at + times,
      );
      for (const kind of Object.keys(run.sent) as Sends[]) if (doesSend(init, kind)) run.sent[kind]++;
      const url = new URL(input instanceof Request ? input.url : input);
      const what = { url, init, headers };
      const exchange = () =>
        url.origin === CHAINLOOP
          ? answered(clock, run.client, what, faults.map(onChainloop), () =>
              carriedOutOnChainloop(chainloop, run.client, what),
            )
          : answered(clock, run.client, what, faults, () => carryOut(state, run.client, what));
      return untilAborted(exchange(), init.signal ?? undefined);
    },
  };
}

export const bodyOf = ({ body }: RequestInit): string => (typeof body === "string" ? body : "");

/** What a run that is over still sends arrives nowhere. */
const NEVER = new Promise<Response>(() => undefined);

function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason as Error);
    if (signal.aborted) return abort();
    signal.addEventListener("abort", abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

export interface Sent {
  url: URL;
  init: RequestInit;
  headers: Record<string, string>;
}

async function answered(
  { now }: TestClock,
  client: Client,
  { init }: Sent,
  [fault]: Fault[],
  carryOut: () => { answer: Answer; headers: Record<string, string> },
): Promise<Response> {
  await client.schedule.turn();
  if (fault && isBefore(fault)) {
    await client.schedule.turn();
    client.goesWrong(fault, bodyOf(init));
    return replaced(fault, { status: 500, headers: {}, body: {} }, new Date(now()));
  }
  const { answer, headers } = carryOut();
  await client.schedule.turn();
  if (fault) client.goesWrong(fault, bodyOf(init));
  if (fault) return replaced(fault, answer, new Date(now()));
  return broken(answer, headers, toJson(answer.body));
}

function carryOut(state: State, client: Client, { url, init, headers }: Sent) {
  const { authorization, ...logged } = headers;
  const method = init.method ?? "GET";
  const route = routeOf(method, url.pathname);
  const body = typeof init.body === "string" ? (JSON.parse(init.body) as RequestLog["body"]) : undefined;
  const request: RequestLog = {
    index: state.requests.length,
    id: String(state.requests.length),
    time: state.store.clock(),
    method,
    path: url.pathname,
    ...(route && { operation: route.description.operation }),
    headers: logged,
    ...(body !== undefined && { body }),
    status: null,
  };
  state.requests.push(request);
  client.arrives();
  const parsed = body === undefined ? ({ kind: "none" } as const) : ({ kind: "json", value: body } as const);
  const incoming = { request, route, query: url.search.slice(1), authorization, body: parsed };
  const answer: Answer = answerTo(state, incoming);
  request.status = answer.status;
  client.carriedOut(request, bodyOf(init));
  const date = new Date(state.store.clock()).toUTCString();
  return { answer, headers: { date, ...rateLimitHeaders(state.limits), ...answer.headers } };
}
