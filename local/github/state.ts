import { newToken } from "./auth";
import { type Clock, clockFrom } from "../http/clock";
import { initialState, type StandInState } from "../http/stand-in";
import type { Operation } from "./description";
import { type Jobs, jobsFrom } from "./jobs";
import { type Limits, limitsFrom } from "./limits";
import { type Access, type AppOptions, DEFAULT_RULES, type GitHubOptions, type Rules } from "./options";
import { attest, idsFrom, orgsFrom, type Store } from "./store";
import type { Violation } from "./types";

export interface State extends StandInState<Operation, Access, Violation, Rules> {
  apps: AppOptions[];
  store: Store;
  jobs: Jobs;
  limits: Limits;
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
  const store = storeFrom(options, clock);
  return {
    ...initialState(options, newToken),
    apps: options.apps ?? [],
    store,
    jobs: jobsFrom(store, options.jobs),
    limits: limitsFrom(clock, options.rateLimit, options.secondaryLimit),
    maxBodyBytes: 10_000_000,
  };
}
