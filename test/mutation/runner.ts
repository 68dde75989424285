/**
 * Runs the tests for Stryker in one process, without Jest, which would load the packages anew for each file: a mutant
 * costs as much as the tests that reach it, most often some milliseconds.
 */
import { readdirSync } from "node:fs";
import { resolve } from "node:path";
import { saveCosts, savedCosts } from "./costs";
import type { Costs } from "./costs";
import { loadTests } from "./load";
import { runTest } from "./run-test";
import type { Ending } from "./run-test";
import type { Test } from "./suite";

const FOLDERS = ["test/unit", "test/provider", "test/reliability", "test/chainloop"];
/**
 * What starts processes, where no mutant is active; what is about the SDK, or about lists of tests; and what takes
 * seconds with any mutant.
 */
const ELSEWHERE = [
  /(provider\/(credentials|host|secrets)|unit\/sdk(-sets)?|reliability\/(any-answer|list|provider-line|secrets))\.test\.ts$/,
  / › in Pulumi's provider host › /,
];
const isElsewhere = (name: string) => ELSEWHERE.some((pattern) => pattern.test(name));

/** What Stryker's instrumented source and its runners say to each other. */
interface Instrumented {
  activeMutant?: string | undefined;
  currentTestId?: string | undefined;
  mutantCoverage?: object | undefined;
  hitCount?: number | undefined;
  hitLimit?: number | undefined;
}
const state: Instrumented = ((globalThis as { __stryker__?: Instrumented }).__stryker__ ??= {});

/** https://stryker-mutator.io/docs/stryker-js/guides/create-a-plugin */
interface MutantRun {
  activeMutant: { id: string };
  testFilter?: string[];
  mutantActivation: "static" | "runtime";
  reloadEnvironment: boolean;
  hitLimit?: number;
}
const [SUCCESS, FAILED] = [0, 1];

/**
 * Time for one mutant. A mutant that every request meets is reached by a thousand tests: what those that take
 * longest would see, and the others do not, counts as survived. So the score that is found is at most too low.
 */
const BUDGET_MILLISECONDS = 2_000;

/** A test that waits for ever; a machine that is busy with something else must not look like one. */
const END_MILLISECONDS = 6_000;

const filesIn = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => resolve(folder, name));

function load(): Test[] {
  const tests = FOLDERS.flatMap(filesIn).filter((name) => name.endsWith(".test.ts") && !isElsewhere(name));
  const sources = filesIn("provider").filter((name) => name.endsWith(".ts"));
  return loadTests(tests, sources).tests.filter(({ id }) => !isElsewhere(id));
}

function createRunner() {
  let loaded: Test[] | undefined;
  let costs: Costs | undefined;

  async function dryRun() {
    loaded = load();
    costs = {};
    const tests = [];
    for (const test of loaded) {
      const { id } = test;
      state.currentTestId = id;
      const started = performance.now();
      const ending = await runTest(test, 60_000);
      const timeSpentMs = performance.now() - started;
      costs[id] = timeSpentMs;
      tests.push({ id, name: id, fileName: resolve(test.file), timeSpentMs, ...told(ending) });
    }
    state.currentTestId = undefined;
    saveCosts(costs);
    return { status: "complete", tests, mutantCoverage: state.mutantCoverage };
  }

  async function mutantRun(run: MutantRun) {
    state.activeMutant = run.mutantActivation === "static" ? run.activeMutant.id : undefined;
    state.hitLimit = run.hitLimit;
    state.hitCount = run.hitLimit === undefined ? undefined : 0;
    try {
      if (loaded === undefined || run.reloadEnvironment) loaded = load();
    } catch (error) {
      loaded = undefined;
      return { status: "killed", killedBy: [], failureMessage: String(error), nrOfTests: 0 };
    }
    state.activeMutant = run.activeMutant.id;
    const tests = testsFor(run, loaded, (costs ??= savedCosts()));
    for (const [index, test] of tests.entries()) {
      const ending = await runTest(test, END_MILLISECONDS);
      if (ending.kind === "passed") continue;
      if (ending.kind === "timeout" || (state.hitCount ?? 0) > (state.hitLimit ?? 0))
        return { status: "timeout" };
      return { status: "killed", killedBy: [test.id], failureMessage: ending.message, nrOfTests: index + 1 };
    }
    return { status: "survived", nrOfTests: tests.length };
  }
  return { capabilities: () => ({ reloadEnvironment: true }), dryRun, mutantRun };
}

/** The cheapest first: most mutants are killed by the first test that reaches them. Without a filter, all may reach it. */
function testsFor({ testFilter }: MutantRun, all: Test[], costs: Costs): Test[] {
  const wanted = testFilter && new Set(testFilter);
  const costOf = ({ id }: Test) => costs[id] ?? 0;
  let spent = 0;
  return all
    .filter(({ id }) => wanted?.has(id) ?? true)
    .sort((a, b) => costOf(a) - costOf(b))
    .filter((test, index) => index === 0 || (spent += costOf(test)) < BUDGET_MILLISECONDS);
}

function told(ending: Ending) {
  if (ending.kind === "passed") return { status: SUCCESS };
  return { status: FAILED, failureMessage: ending.kind === "failed" ? ending.message : "it did not end" };
}

export const strykerPlugins = [
  { kind: "TestRunner", name: "in-process", factory: Object.assign(createRunner, { inject: [] as const }) },
];
