/** What each test costs without a mutant, in a file: where a mutant does not end, Stryker starts another process. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";

const FILE = "test-costs.json";

/** Milliseconds, by the test's ID. */
export type Costs = Record<string, number>;

export const saveCosts = (costs: Costs) => writeFileSync(FILE, JSON.stringify(costs));

export const savedCosts = (): Costs =>
  existsSync(FILE) ? (JSON.parse(readFileSync(FILE, "utf8")) as Costs) : {};
