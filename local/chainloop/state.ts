import { randomBytes } from "node:crypto";
import { clockFrom } from "../http/clock";
import { initialState, type StandInState } from "../http/stand-in";
import { type ChainloopAccess, type ChainloopOptions, type ChainloopRules, DEFAULT_RULES } from "./options";
import type { Store } from "./store";
import type { Operation, Violation } from "./types";

export interface State extends StandInState<Operation, ChainloopAccess, Violation, ChainloopRules> {
  environments: Set<string> | undefined;
  store: Store;
}

/** A new one each time, so that no two tests share it. */
const newToken = () => `chainloop_${randomBytes(24).toString("hex")}`;

export const stateFrom = (options: ChainloopOptions): State => ({
  ...initialState(options, newToken),
  environments: options.environments && new Set(options.environments),
  store: {
    clock: clockFrom(options.now),
    rules: { ...DEFAULT_RULES, ...options.rules },
    records: [],
    nextId: 1,
  },
  maxBodyBytes: 1_000_000,
});
