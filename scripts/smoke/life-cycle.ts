/** The life of a record, a set and a storage record, as a program declares them. */
import type { RunResult, Stack } from "../../local/stack";
import type { Clock } from "./questions";
import { deploymentOf, storageOf } from "./records";
import type { Records, Target } from "./records";

export const CLUSTER = "smoke-life";
const LIFE_REGISTRY = "https://life.registry.example.com";

/** What the program declares (program/index.js). */
export const programOf = (
  { org, digest, name, environment, githubRepository }: Target,
  team: string,
): string =>
  JSON.stringify({
    artifact: { name, digest, ...(githubRepository !== undefined && { githubRepository }) },
    ...{ org, environment, cluster: CLUSTER, registryUrl: LIFE_REGISTRY, tags: { team } },
  });

export interface Life {
  stack: Stack;
  target: Target;
  records: Records;
  clock: Clock;
  /** How long GitHub may take to list a write. */
  wait: number;
  signal: AbortSignal;
  print: (line: string) => void;
}

interface Step {
  what: string;
  run: (stack: Stack, options: { env: Record<string, string>; signal: AbortSignal }) => Promise<RunResult>;
  /** How many of the three resources change. */
  changes: number;
  team?: string;
}

const steps: Step[] = [
  { what: "a preview plans three resources", run: (stack, options) => stack.preview(options), changes: 3 },
  { what: "an update writes them", run: (stack, options) => stack.up(options), changes: 3 },
  { what: "the next preview is empty", run: (stack, options) => stack.preview(options), changes: 0 },
  { what: "a refresh finds no drift", run: (stack, options) => stack.refresh(options), changes: 0 },
  {
    what: "a changed tag is an update",
    run: (stack, options) => stack.up(options),
    changes: 2,
    team: "other",
  },
  {
    what: "a refresh finds it",
    run: (stack, options) => stack.refresh(options),
    changes: 0,
    team: "other",
  },
  {
    what: "a removal decommissions them",
    run: (stack, options) => stack.destroy(options),
    changes: 3,
    team: "other",
  },
];

/** @throws Error that says which step came out otherwise */
export async function lifeCycle(life: Life): Promise<void> {
  const { stack, target, records, clock, wait, signal, print } = life;
  records.expect({
    deployments: [
      deploymentOf(target, "life-single"),
      ...["life-one", "life-two"].map((name) => ({ ...deploymentOf(target, name), cluster: CLUSTER })),
    ],
    storage: [storageOf(target, LIFE_REGISTRY)],
  });
  for (const { what, run, changes, team = "smoke" } of steps) {
    signal.throwIfAborted();
    const result = await run(stack, { env: { SMOKE: programOf(target, team) }, signal });
    const changed = result.steps.filter(({ type }) => type.includes("artifact-metadata:")).length;
    if (result.exitCode !== 0 || changed !== changes)
      throw new Error(
        `${what}: ${changed} of ${changes} changed, exit code ${result.exitCode}\n${result.output}`,
      );
    print(`  ok  ${what}`);
    await clock.sleep(wait, signal);
  }
}
