/** Faults on demand: which request, at which point, what goes wrong. */
import type { Json, RequestLog } from "./requests";

export interface FaultMatch<Operation extends string = string> {
  method?: string;
  operation?: Operation;
  path?: string | RegExp;
  body?: (body: Json | undefined) => boolean;
  /** Of the requests that match otherwise, the first one that is hit. Default 1. */
  nth?: number;
}

export type RedirectStatus = 301 | 302 | 303 | 307 | 308;

/**
 * - `reset`: the connection is reset, without an answer.
 * - `cut-off`: the body ends in the middle, and with it the connection.
 * - `malformed-json`, `html`, `wrong-content-type`: an unusable answer with status 200.
 * - `never-answer`: no headers. `never-end`: headers, and a body that does not end.
 * - `hold`: the request waits there for `release()` or `drop()`, then goes on.
 * - `delay`: it goes on after so many milliseconds.
 * - `status`: another answer; a text as the body is sent as it is.
 * - `redirect`: to another location.
 * - `link`: the true answer, with `Link: <…>; rel="next"`.
 * - `json`: another body in place of the true one; a function gets the true one (its IDs are bigints).
 */
export type FaultAction =
  | "reset"
  | "cut-off"
  | "malformed-json"
  | "html"
  | "wrong-content-type"
  | "never-answer"
  | "never-end"
  | "hold"
  | { delay: number }
  | { status: number; headers?: Record<string, string>; body?: unknown }
  | { redirect: RedirectStatus; location: string }
  | { link: string }
  | { json: unknown };

export interface FaultOptions<Operation extends string = string> {
  /** Default: every request. */
  match?: FaultMatch<Operation>;
  /** Before or after the server did what was asked. */
  when: "before" | "after";
  do: FaultAction;
  /** How many requests are hit. Default 1. */
  times?: number;
}

export interface FaultHandle {
  /** How many requests were hit. */
  readonly hits: number;
  /** Resolves when the first request has arrived at the fault's point. */
  readonly arrived: Promise<RequestLog>;
  /** Lets held requests go on, and those that would be held later. */
  release(): void;
  /** Ends held requests without an answer; before the commit, nothing is written. */
  drop(): void;
  /** No more requests are hit; held ones go on. */
  remove(): void;
}

export interface Fault {
  options: FaultOptions;
  seen: number;
  hits: number;
  arrive: (request: RequestLog) => void;
  /** What becomes of a held request. */
  gate: Promise<"go on" | "drop">;
  handle: FaultHandle;
}

function check({ when, do: action }: FaultOptions): void {
  const needsAnswer =
    typeof action === "object" && ("link" in action || typeof jsonOf(action) === "function");
  if (when === "before" && needsAnswer)
    throw new Error('There is no answer yet before the commit: give this fault when: "after"');
}

function jsonOf(action: FaultAction): unknown {
  return typeof action === "object" && "json" in action ? action.json : undefined;
}

export function addFault(faults: Set<Fault>, options: FaultOptions): FaultHandle {
  check(options);
  let open: (way: "go on" | "drop") => void = () => undefined;
  let arrive: (request: RequestLog) => void = () => undefined;
  const arrived = new Promise<RequestLog>((resolve) => (arrive = resolve));
  const gate = new Promise<"go on" | "drop">((resolve) => (open = resolve));
  const handle: FaultHandle = {
    get hits() {
      return fault.hits;
    },
    arrived,
    release: () => open("go on"),
    drop: () => open("drop"),
    remove: () => {
      faults.delete(fault);
      open("go on");
    },
  };
  const fault: Fault = { options, seen: 0, hits: 0, arrive, gate, handle };
  faults.add(fault);
  return handle;
}

function matches(match: FaultMatch, request: RequestLog): boolean {
  const { method, operation, path, body } = match;
  if (method !== undefined && method.toUpperCase() !== request.method) return false;
  if (operation !== undefined && operation !== request.operation) return false;
  if (typeof path === "string" && path !== request.path) return false;
  if (path instanceof RegExp && request.path.search(path) < 0) return false;
  return body === undefined || body(request.body);
}

/** The faults that match this request; each of them counts it. */
export function faultsFor(faults: Set<Fault>, request: RequestLog): Fault[] {
  return [...faults].filter((fault) => {
    const { match = {} } = fault.options;
    if (!matches(match, request)) return false;
    fault.seen += 1;
    return fault.seen >= (match.nth ?? 1);
  });
}

/** Only a request that reaches a fault is hit by it: one that another fault ended before does not use it up. */
export function hit(faults: Set<Fault>, fault: Fault): boolean {
  if (!faults.has(fault) || fault.hits >= (fault.options.times ?? 1)) return false;
  fault.hits += 1;
  return true;
}
