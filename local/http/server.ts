/** The HTTP side: reads requests, lets faults act, sends answers. */
import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Answer } from "./answer";
import { type Exchange, send } from "./exchange";
import { act } from "./fault-actions";
import { type Fault, faultsFor, hit } from "./faults";
import type { Incoming, Json, ParsedBody, RequestLog } from "./requests";

/** What every server keeps. */
export interface Served<Operation extends string> {
  requests: RequestLog<Operation>[];
  faults: Set<Fault>;
  /** Requests that are being answered now. */
  running: number;
  maxBodyBytes: number;
}

/** What a server is: the same object as long as it runs. */
export interface Service<Operation extends string> {
  state: Served<Operation>;
  operationOf: (method: string, path: string) => Operation | undefined;
  answerTo: (incoming: Incoming<Operation>) => Answer;
  errorBody: (status: number, message?: string) => object;
  /** Of every answer: date, request ID, … */
  commonHeaders: (request: RequestLog) => Record<string, string>;
}

/** Reads all of a body, but keeps no more than the limit. undefined: it was larger. */
async function readBody(message: IncomingMessage, limit: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= limit) chunks.push(chunk);
  }
  return size <= limit ? Buffer.concat(chunks) : undefined;
}

function parseBody(raw: Buffer | undefined): ParsedBody {
  if (raw === undefined) return { kind: "too large" };
  if (raw.length === 0) return { kind: "none" };
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(raw);
    return { kind: "json", value: JSON.parse(text) as Json };
  } catch {
    return { kind: "malformed" };
  }
}

function loggedHeaders(message: IncomingMessage): Record<string, string> {
  const entries = Object.entries(message.headers).filter(
    ([name, value]) =>
      value !== undefined && !["authorization", "proxy-authorization", "cookie"].includes(name),
  );
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]));
}

function logRequest<O extends string>(
  state: Served<O>,
  message: IncomingMessage,
): { request: RequestLog<O>; query: string } {
  const [path = "", query = ""] = (message.url ?? "").split(/\?(.*)/s);
  const request: RequestLog<O> = {
    index: state.requests.length,
    id: randomBytes(10).toString("hex").toUpperCase(),
    time: Date.now(),
    method: message.method ?? "",
    path,
    headers: loggedHeaders(message),
    status: null,
  };
  state.requests.push(request);
  return { request, query };
}

async function receive<O extends string>(
  { state, operationOf }: Service<O>,
  message: IncomingMessage,
): Promise<Incoming<O>> {
  const { request, query } = logRequest(state, message);
  const operation = operationOf(request.method, request.path);
  if (operation !== undefined) request.operation = operation;
  const raw = await readBody(message, state.maxBodyBytes);
  const body = parseBody(raw);
  if (body.kind === "json") request.body = body.value;
  else if (body.kind === "malformed") request.body = raw?.toString("utf8") ?? "";
  return { request, query, authorization: message.headers.authorization, body };
}

async function applyFaults(
  state: { faults: Set<Fault> },
  faults: Fault[],
  when: "before" | "after",
  exchange: Exchange,
  answer: Answer | undefined,
): Promise<Answer | undefined | "ended"> {
  let current = answer;
  for (const fault of faults.filter((one) => one.options.when === when)) {
    if (!hit(state.faults, fault)) continue;
    const result = await act(fault, exchange, current);
    if (result === "ended") return "ended";
    current = result;
  }
  return current;
}

async function respond<O extends string>(
  service: Service<O>,
  incoming: Incoming<O>,
  exchange: Exchange,
): Promise<void> {
  const { state } = service;
  const faults = faultsFor(state.faults, incoming.request);
  const before = await applyFaults(state, faults, "before", exchange, undefined);
  if (before === "ended") return;
  const answer = service.answerTo(incoming);
  exchange.commonHeaders = service.commonHeaders(incoming.request);
  const after = await applyFaults(state, faults, "after", exchange, answer);
  if (after !== undefined && after !== "ended") send(exchange, after);
}

/** The answer where this server itself failed. */
function failed({ errorBody }: Pick<Service<string>, "errorBody">, error: unknown): Answer {
  const message = `The stand-in failed: ${error instanceof Error ? error.message : String(error)}`;
  return { status: 500, headers: {}, body: errorBody(500, message) };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address ? address.port : port);
    });
  });
}

export async function startServer<O extends string>(
  service: Service<O>,
  port: number,
  onRequest: (request: RequestLog<O>) => void = () => undefined,
) {
  const { state } = service;
  const closing = new AbortController();
  const handle = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    state.running += 1;
    // Tests kill clients in the middle of a request: that is no failure of the server.
    response.on("error", () => undefined);
    try {
      const incoming = await receive(service, message);
      const { request } = incoming;
      const exchange = {
        request,
        response,
        closing: closing.signal,
        errorBody: service.errorBody,
        commonHeaders: service.commonHeaders(request),
      };
      await respond(service, incoming, exchange).catch((error: unknown) =>
        send(exchange, failed(service, error)),
      );
      onRequest(request);
    } catch {
      response.destroy();
    } finally {
      state.running -= 1;
    }
  };
  const server = createServer((message, response) => void handle(message, response));
  // Longer than any pause of a test: a connection that ends just as it is used again would look like a fault.
  server.keepAliveTimeout = 60_000;
  const bound = await listen(server, port);
  const close = () =>
    new Promise<void>((resolve) => {
      closing.abort();
      for (const fault of state.faults) fault.handle.drop();
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { port: bound, close };
}
