/** What it costs to load the package, beside what is loaded anyway: each time in a process of its own. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { median } from "./statistics";

export interface LoadingCost {
  what: string;
  /** Seconds of the processor. */
  median: number;
  least: number;
  rounds: number;
}

export const LOADED = {
  zod: "zod",
  provider: "pulumi-artifact-metadata/provider",
  pulumi: "@pulumi/pulumi",
  sdk: "pulumi-artifact-metadata",
} as const;
export type Loaded = keyof typeof LOADED;

export function measureLoading(rounds: number): Record<Loaded, LoadingCost> {
  const all = Object.entries(LOADED).map(([key, what]) => ({ key, what, seconds: [] as number[] }));
  for (let round = 0; round < rounds; round++)
    for (const { what, seconds } of all) seconds.push(secondsToLoad(what));
  const costs = all.map(({ key, what, seconds }): [string, LoadingCost] => [
    key,
    { what, median: median(seconds), least: Math.min(...seconds), rounds },
  ]);
  return Object.fromEntries(costs) as Record<Loaded, LoadingCost>;
}

function secondsToLoad(what: string): number {
  const program = `
    const before = process.cpuUsage();
    require(${JSON.stringify(what)});
    const { user, system } = process.cpuUsage(before);
    console.log((user + system) / 1e6);`;
  const cwd = join(__dirname, "..", "..");
  return Number(execFileSync(process.execPath, ["-e", program], { cwd, encoding: "utf8" }));
}
