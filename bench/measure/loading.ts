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

const dist = (name: string) => join(__dirname, "..", "..", "dist", "provider", name);
/** The provider's entry loads the rest when a resource is first checked. */
const entry = ["pulumi-artifact-metadata/provider", dist("create-run-context")];

const LOADED = {
  zod: { what: "zod", modules: ["zod"] },
  record: { what: "the provider of DeploymentRecord", modules: [...entry, dist("deployment-record")] },
  set: { what: "the provider of ClusterDeploymentSet", modules: [...entry, dist("cluster-deployment-set")] },
  pulumi: { what: "@pulumi/pulumi", modules: ["@pulumi/pulumi"] },
  sdk: { what: "pulumi-artifact-metadata", modules: ["pulumi-artifact-metadata"] },
};
export type Loaded = keyof typeof LOADED;

export function measureLoading(rounds: number): Record<Loaded, LoadingCost> {
  const all = Object.entries(LOADED).map(([key, one]) => ({ key, ...one, seconds: [] as number[] }));
  for (let round = 0; round < rounds; round++)
    for (const { modules, seconds } of all) seconds.push(secondsToLoad(modules));
  const costs = all.map(({ key, what, seconds }): [string, LoadingCost] => [
    key,
    { what, median: median(seconds), least: Math.min(...seconds), rounds },
  ]);
  return Object.fromEntries(costs) as Record<Loaded, LoadingCost>;
}

function secondsToLoad(modules: string[]): number {
  const program = `
    const before = process.cpuUsage();
    for (const name of ${JSON.stringify(modules)}) require(name);
    const { user, system } = process.cpuUsage(before);
    console.log((user + system) / 1e6);`;
  const cwd = join(__dirname, "..", "..");
  return Number(execFileSync(process.execPath, ["-e", program], { cwd, encoding: "utf8" }));
}
