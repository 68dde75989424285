/** What check and diff of a large set cost in Pulumi's provider host, beside a provider that does nothing. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { engineService } from "../../local/engine/engine-service";
import { providerHost } from "../../local/engine/host";
import { readProject } from "../../local/engine/project";
import { serve } from "../../local/engine/rpc";
import type { PropertyMap } from "../../local/engine/types";
import { stackEnvironment } from "../../local/stack-environment";
import { byName, declarationsOf } from "../ways/deployments";
import { median } from "./statistics";

export interface HostCost {
  way: HostWay;
  count: number;
  rounds: number;
  /** Seconds of the processor, the conversion to and from Pulumi's messages left out. */
  check: number;
  diff: number;
  /** Bytes: the most that the whole process had resident. */
  peak: number;
}

/** The last one has no Pulumi around it: what the provider itself takes. */
export const HOST_WAYS = ["set", "nothing-set", "set alone"] as const;
export type HostWay = (typeof HOST_WAYS)[number];

type Cost = Pick<HostCost, "check" | "diff" | "peak">;

const ID = "acme/production/eu-west-1/prod-eu";
const URN = "urn:pulumi:dev::bench::pulumi-nodejs:dynamic/artifact-metadata:ClusterDeploymentSet::fleet";
const BENCH = join(__dirname, "..");
const ENVIRONMENT = { GITHUB_TOKEN: "none" };

export async function measureHost(sizes: number[], rounds: number): Promise<HostCost[]> {
  const results: HostCost[] = [];
  for (const count of sizes) {
    const costs = new Map<HostWay, Cost[]>(HOST_WAYS.map((way) => [way, []]));
    for (let round = 0; round < rounds; round++)
      for (const [way, ofWay] of costs) ofWay.push(await costOf(way, count));
    for (const [way, ofWay] of costs) {
      const of = (field: keyof Cost) => median(ofWay.map((cost) => cost[field]));
      results.push({ way, count, rounds, check: of("check"), diff: of("diff"), peak: of("peak") });
    }
  }
  return results;
}

async function costOf(way: HostWay, count: number): Promise<Cost> {
  const folder = mkdtempSync(join(tmpdir(), "bench-host-"));
  const file = join(folder, "costs");
  try {
    if (way === "set alone") runAlone(folder, file, count);
    else await runInHost(way === "set" ? "ours" : "nothing", file, count);
    return costsIn(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function costsIn(file: string): Cost {
  const lines = readFileSync(file, "utf8").trim().split("\n");
  const calls = lines.map((line) => JSON.parse(line) as { cpu: number; peak: number });
  const [check, diff] = calls;
  if (!check || !diff) throw new Error("the provider did not tell its costs");
  return { check: check.cpu, diff: diff.cpu, peak: Math.max(...calls.map(({ peak }) => peak)) };
}

function runAlone(folder: string, costs: string, count: number): void {
  const values = join(folder, "values");
  const [old, news, outputs] = [inputsOf(count), inputsOf(count, true), outputsOf(count)];
  writeFileSync(values, JSON.stringify({ id: ID, old, news, outputs }));
  const env = stackEnvironment({ COSTS: costs, ...ENVIRONMENT });
  execFileSync(process.execPath, [join(__dirname, "provider-alone.js"), "ours", values], { env });
}

/** A host of its own; a last, small call tells what the answer of the one before took. */
async function runInHost(name: "ours" | "nothing", costs: string, count: number): Promise<void> {
  const host = await startHost(costs);
  try {
    const __provider = `exports.handler = () => require('../measure/provider-host').${name}`;
    const old = { ...inputsOf(count), __provider };
    const news = { ...inputsOf(count, true), __provider };
    const { inputs } = await host.provider.check({ urn: URN, olds: old, news });
    const olds = { ...outputsOf(count), __provider };
    const request = { id: ID, urn: URN, olds, news: inputs, oldInputs: old, ignoreChanges: [] };
    const { changes } = await host.provider.diff(request);
    if (changes !== "some") throw new Error(`${name}: diff says ${changes}`);
    const small = { ...inputsOf(1), __provider };
    await host.provider.check({ urn: URN, olds: small, news: small });
  } finally {
    await host.close();
  }
}

async function startHost(costs: string) {
  const engine = await serve([engineService(() => undefined)]);
  const host = providerHost({
    project: readProject(join(BENCH, "program")),
    address: engine.address,
    env: stackEnvironment({ COSTS: costs, ...ENVIRONMENT }),
    emit: () => undefined,
  });
  await host.provider.configure({ urn: "", id: "", inputs: {} });
  return {
    provider: host.provider,
    async close() {
      await host.close();
      engine.close();
    },
  };
}

function inputsOf(count: number, changed = false): PropertyMap {
  const { place, deployments } = declarationsOf({ count, changed, cluster: "prod-eu" });
  return { org: "acme", ...place, deployments: byName(deployments) };
}

/** As the provider saved them. */
function outputsOf(count: number): PropertyMap {
  const { deployments } = inputsOf(count);
  const records = Object.keys(deployments as PropertyMap).map((name, index) => [
    name,
    {
      recordId: String(10_000_000 + index),
      attestationId: String(20_000_000 + index),
      updatedAt: "2026-01-01T00:00:00Z",
    },
  ]);
  return { deployments: deployments as PropertyMap, records: Object.fromEntries(records) as PropertyMap };
}
