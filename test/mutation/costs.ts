/** What each test costs without a mutant, in a file: where a mutant does not end, Stryker starts another process. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";

const FILE = "test-costs.json";

/** Milliseconds of the processor's time, by the test's ID: a busy machine does not change them much. */
export type Costs = Record<string, number>;

export const saveCosts = (costs: Costs) => writeFileSync(FILE, JSON.stringify(costs));

export const savedCosts = (): Costs =>
  existsSync(FILE) ? (JSON.parse(readFileSync(FILE, "utf8")) as Costs) : {};

export function clock() {
  const [started, before] = [performance.now(), process.cpuUsage()];
  return () => {
    const { user, system } = process.cpuUsage(before);
    return { timeSpentMs: performance.now() - started, cost: (user + system) / 1_000 };
  };
}
