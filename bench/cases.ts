/** What is measured: chosen so that the whole takes a quarter of an hour on a quiet machine. */
import type { Way } from "./ways";

/** In the order of a stack's life. */
export const OPERATIONS = ["preview", "create", "no-op", "one changed", "refresh", "destroy"] as const;
export type Operation = (typeof OPERATIONS)[number];

export interface Case {
  ways: Way[];
  /** Deployments. */
  count: number;
  /** Milliseconds a request. */
  latency: number;
  operations: readonly Operation[];
  rounds: number;
  /** Operations that Pulumi runs at once. */
  parallel: number;
  /** GitHub's secondary limit, where it is on. */
  writesAMinute?: number;
}

export interface Plan {
  cases: Case[];
  /** Entries of a set whose requests are measured alone. */
  requestSizes: number[];
  requestRounds: number;
  /** Entries of a set whose check and diff are measured in the provider host. */
  hostSizes: number[];
  hostRounds: number;
  loadingRounds: number;
}

const SINGLE: Way[] = ["single", "dynamic", "nothing-single"];
const SET: Way[] = ["set", "nothing-set"];
const usual = { latency: 100, parallel: 8, rounds: 5 };

export const full: Plan = {
  cases: [
    { ...usual, ways: [...SINGLE, "octokit-loop"], count: 1, operations: ["create"] },
    { ...usual, ways: [...SINGLE, "octokit-loop"], count: 100, operations: OPERATIONS },
    { ...usual, ways: SINGLE, count: 100, latency: 0, operations: ["create"] },
    { ...usual, ways: ["single"], count: 100, rounds: 1, writesAMinute: 80, operations: ["create"] },
    { ...usual, ways: ["single"], count: 100, rounds: 1, parallel: 64, operations: ["create", "destroy"] },
    { ...usual, ways: [...SINGLE, "octokit-loop"], count: 1_000, rounds: 1, operations: ["create", "no-op"] },
    { ...usual, ways: SET, count: 1, rounds: 3, operations: ["create"] },
    { ...usual, ways: SET, count: 100, rounds: 3, operations: ["create"] },
    {
      ...usual,
      ways: SET,
      count: 1_000,
      operations: ["preview", "create", "no-op", "one changed"],
    },
    { ...usual, ways: SET, count: 1_000, rounds: 3, latency: 0, operations: ["create", "one changed"] },
    // Each entry has a digest of its own, which a refresh and a destroy ask for: 1,000 reads.
    { ...usual, ways: SET, count: 1_000, rounds: 1, operations: ["create", "refresh", "destroy"] },
    { ...usual, ways: SET, count: 5_000, rounds: 3, operations: ["create", "no-op", "one changed"] },
    { ...usual, ways: SET, count: 20_000, rounds: 1, operations: ["create", "no-op", "one changed"] },
  ],
  requestSizes: [100, 1_000],
  requestRounds: 5,
  hostSizes: [1_000, 5_000, 20_000],
  hostRounds: 3,
  loadingRounds: 15,
};

export const atLeast = (rounds: number, plan: Plan): Plan => ({
  ...plan,
  cases: plan.cases.map((one) => ({ ...one, rounds: Math.max(rounds, one.rounds) })),
});

/** Shows that all of it works; its times say nothing. */
export const quick = (count: number): Plan => ({
  cases: [
    { ...usual, ways: [...SINGLE, "octokit-loop"], count, rounds: 1, operations: ["create", "destroy"] },
    { ...usual, ways: SET, count, rounds: 1, operations: ["create", "one changed"] },
  ],
  requestSizes: [count],
  requestRounds: 1,
  hostSizes: [count],
  hostRounds: 1,
  loadingRounds: 1,
});
