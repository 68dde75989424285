/**
 * Random lives of two stacks, against what must hold at their end (oracle.ts) and at every request (run.ts).
 * A failure names its MODEL_SEED, which plays the same again; MODEL_RUNS says how many sequences, and with
 * MODEL_NO_SHRINK the first failure is shown as it was found.
 */
import fc from "fast-check";
import { play } from "./play";
import { randomFrom } from "./clock";
import { scenario } from "./scenario";
import type * as Batch from "../../provider/deployment-record/batch";
import { story } from "./story";
import { newWorld } from "./world";

/**
 * A set's changes are a background job above `atOnce`, and two batches of single records go side by side from `beside`: both
 * are too many for a model.
 */
const mockLimits = { atOnce: 1_000, beside: 4 };
jest.mock("../../provider/deployment-record/batch", () => {
  const { createBatches, ...actual } = jest.requireActual<typeof Batch>(
    "../../provider/deployment-record/batch",
  );
  const limited: typeof createBatches = (options) =>
    createBatches({ ...options, overlapSize: mockLimits.beside });
  return { ...actual, createBatches: limited };
});
jest.mock("../../provider/github/cluster-deployments", () => {
  const actual: object = jest.requireActual("../../provider/github/cluster-deployments");
  return Object.defineProperty({ ...actual }, "MAX_ENTRIES", { get: () => mockLimits.atOnce });
});

const RUNS = Number(process.env.MODEL_RUNS ?? (process.env.LONG ? 10_000 : 300));
const SEED = Number(process.env.MODEL_SEED ?? 0) || Math.floor(Math.random() * 0x7fffffff);

beforeAll(async () => {
  await import("@octokit/rest");
});

// A spy would keep every call of all sequences.
const { random } = Math;
const { fetch } = globalThis;
afterEach(() => {
  Math.random = random;
  globalThis.fetch = fetch;
});

test(
  "after any sequence of runs, faults, kills and other writers, GitHub has what is declared",
  async () => {
    const details = await fc.check(
      fc.asyncProperty(scenario(), async (one) => {
        Math.random = randomFrom(one.seed);
        const world = newWorld(one.rules, one);
        Object.assign(mockLimits, { atOnce: one.atOnce, beside: one.beside });
        globalThis.fetch = world.server.fetch;
        await play(world, one);
      }),
      { numRuns: RUNS, seed: SEED, unbiased: true, endOnFailure: process.env.MODEL_NO_SHRINK !== undefined },
    );
    if (!details.failed) return;
    const [found] = details.counterexample ?? [];
    const where = `MODEL_SEED=${SEED}, after ${details.numRuns} sequences and ${details.numShrinks} simplifications`;
    throw new Error(`${where}:\n${found ? story(found) : ""}\n${String(details.errorInstance)}`);
  },
  30 * 60_000,
);
