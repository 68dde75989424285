import { randomBytes } from "node:crypto";
import { clockFrom } from "../http/clock";
import type { Fault } from "../http/faults";
import type { RequestLog } from "../http/requests";
import { type ChainloopAccess, type ChainloopOptions, DEFAULT_RULES } from "./options";
import type { Store } from "./store";
import type { Operation, Violation } from "./types";

/** All that one server knows. */
export interface State {
  token: string;
  tokens: Map<string, ChainloopAccess>;
  environments: Set<string> | undefined;
  store: Store;
  faults: Set<Fault>;
  requests: RequestLog<Operation>[];
  violations: Violation[];
  /** Requests that are being answered now. */
  running: number;
  maxBodyBytes: number;
}

/** A new one each time, so that no two tests share it. */
const newToken = () => `chainloop_${randomBytes(24).toString("hex")}`;

export function stateFrom(options: ChainloopOptions): State {
  const token = options.token ?? newToken();
  return {
    token,
    tokens: new Map([...Object.entries(options.tokens ?? {}), [token, {}]]),
    environments: options.environments && new Set(options.environments),
    store: {
      clock: clockFrom(options.now),
      rules: { ...DEFAULT_RULES, ...options.rules },
      records: [],
      nextId: 1,
    },
    faults: new Set(),
    requests: [],
    violations: [],
    running: 0,
    maxBodyBytes: 1_000_000,
  };
}

/** As it was at the start; requests that are being answered stay counted until they end. */
export function resetState(state: State, options: ChainloopOptions): void {
  for (const fault of state.faults) fault.handle.drop();
  const { token, running } = state;
  Object.assign(state, stateFrom({ ...options, token }), { running });
}
