/**
 * Runs the tests for Stryker in one process, without Jest, which would load the packages anew for each file: a mutant
 * costs as much as the tests that reach it, most often some milliseconds.
 */
import { readdirSync } from "node:fs";
import { resolve } from "node:path";
import { loadTests } from "./load";
import { runTest } from "./run-test";
import type { Ending } from "./run-test";
import type { Test } from "./suite";

const FOLDERS = ["test/unit", "test/provider"];
/** What starts processes, where no mutant is active, and what is about the SDK alone. */
const ELSEWHERE =
  /(provider\/(credentials|host|secrets)|unit\/sdk(-sets)?)\.test\.ts$| › in Pulumi's provider host › /;

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
 * A mutant in what runs while files are loaded may concern any test, so all are run, those aside that take longer: what
 * only they would see counts as survived.
 */
const LONG_MILLISECONDS = 500;

/** A test that waits for ever; a machine that is busy with something else must not look like one. */
const limitOf = (usual: number | undefined) => 5_000 + 10 * (usual ?? 500);

function load(): Test[] {
  const names = FOLDERS.flatMap((folder) => readdirSync(folder).map((name) => resolve(folder, name)));
  const suite = loadTests(names.filter((name) => name.endsWith(".test.ts") && !ELSEWHERE.test(name)));
  return suite.tests.filter(({ id }) => !ELSEWHERE.test(id));
}

function createRunner() {
  let loaded: Test[] | undefined;
  const usual = new Map<string, number>();
  const spent = ({ id }: Test) => usual.get(id) ?? 0;
  const sooner = (a: Test, b: Test) => spent(a) - spent(b);

  async function dryRun() {
    loaded = load();
    const tests = [];
    for (const test of loaded) {
      const started = performance.now();
      state.currentTestId = test.id;
      const ending = await runTest(test, 60_000);
      const spent = performance.now() - started;
      usual.set(test.id, spent);
      tests.push({
        id: test.id,
        name: test.id,
        fileName: resolve(test.file),
        timeSpentMs: spent,
        ...told(ending),
      });
    }
    state.currentTestId = undefined;
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
    const wanted = run.testFilter && new Set(run.testFilter);
    const reaches = (test: Test) => wanted?.has(test.id) ?? spent(test) < LONG_MILLISECONDS;
    const tests = loaded.filter(reaches).sort(sooner);
    for (const [index, test] of tests.entries()) {
      const ending = await runTest(test, limitOf(usual.get(test.id)));
      if (ending.kind === "passed") continue;
      if (ending.kind === "timeout" || (state.hitCount ?? 0) > (state.hitLimit ?? 0))
        return { status: "timeout" };
      return { status: "killed", killedBy: [test.id], failureMessage: ending.message, nrOfTests: index + 1 };
    }
    return { status: "survived", nrOfTests: tests.length };
  }
  return { capabilities: () => ({ reloadEnvironment: true }), dryRun, mutantRun };
}

function told(ending: Ending) {
  if (ending.kind === "passed") return { status: SUCCESS };
  return { status: FAILED, failureMessage: ending.kind === "failed" ? ending.message : "it did not end" };
}

export const strykerPlugins = [
  { kind: "TestRunner", name: "in-process", factory: Object.assign(createRunner, { inject: [] as const }) },
];
