import { newToken } from "./auth";
import { type Clock, clockFrom } from "../http/clock";
import type { Fault } from "../http/faults";
import { type Jobs, jobsFrom } from "./jobs";
import { type Limits, limitsFrom } from "./limits";
import { type Access, type AppOptions, DEFAULT_RULES, type GitHubOptions } from "./options";
import { attest, idsFrom, orgsFrom, type Store } from "./store";
import type { RequestLog, Violation } from "./types";

/** All that one server knows. */
export interface State {
  token: string;
  tokens: Map<string, Access>;
  apps: AppOptions[];
  store: Store;
  jobs: Jobs;
  limits: Limits;
  faults: Set<Fault>;
  requests: RequestLog[];
  violations: Violation[];
  /** Requests that are being answered now. */
  running: number;
  maxBodyBytes: number;
}

function storeFrom(options: GitHubOptions, clock: Clock): Store {
  const store: Store = {
    orgs: orgsFrom(options.orgs ?? ["acme"]),
    clock,
    rules: { ...DEFAULT_RULES, ...options.rules },
    nextId: idsFrom(options.firstId),
    comments: new Map(options.pulls?.map((pull) => [pull.toLowerCase(), []])),
    everythingAttested: options.attested === "all",
    repositories: options.repositories && new Set(options.repositories.map((name) => name.toLowerCase())),
  };
  if (Array.isArray(options.attested))
    for (const org of store.orgs.values()) for (const digest of options.attested) attest(store, org, digest);
  return store;
}

export function stateFrom(options: GitHubOptions): State {
  const clock = clockFrom(options.now);
  const token = options.token ?? newToken();
  const store = storeFrom(options, clock);
  return {
    token,
    tokens: new Map([...Object.entries(options.tokens ?? {}), [token, {}]]),
    apps: options.apps ?? [],
    store,
    jobs: jobsFrom(store, options.jobs),
    limits: limitsFrom(clock, options.rateLimit, options.secondaryLimit),
    faults: new Set(),
    requests: [],
    violations: [],
    running: 0,
    maxBodyBytes: 10_000_000,
  };
}

/** As it was at the start; requests that are being answered stay counted until they end. */
export function resetState(state: State, options: GitHubOptions): void {
  for (const fault of state.faults) fault.handle.drop();
  const { token, running } = state;
  Object.assign(state, stateFrom({ ...options, token }), { running });
}
