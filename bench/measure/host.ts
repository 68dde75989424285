/** What check and diff of a large set cost in Pulumi's provider host, beside a provider that does nothing. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
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
  provider: "ours" | "nothing";
  count: number;
  rounds: number;
  /** Seconds of the processor, the conversion to and from Pulumi's messages left out. */
  check: number;
  diff: number;
  /** Bytes: the most that the whole process had resident. */
  peak: number;
}

type Cost = Pick<HostCost, "check" | "diff" | "peak">;

const URN = "urn:pulumi:dev::bench::pulumi-nodejs:dynamic/artifact-metadata:ClusterDeploymentSet::fleet";
const BENCH = join(__dirname, "..");

export async function measureHost(sizes: number[], rounds: number): Promise<HostCost[]> {
  const results: HostCost[] = [];
  for (const count of sizes) {
    const costs = { ours: [] as Cost[], nothing: [] as Cost[] };
    for (let round = 0; round < rounds; round++) {
      for (const provider of ["ours", "nothing"] as const)
        costs[provider].push(await costOf(provider, count));
    }
    for (const provider of ["ours", "nothing"] as const) {
      const of = (field: keyof Cost) => median(costs[provider].map((cost) => cost[field]));
      results.push({ provider, count, rounds, check: of("check"), diff: of("diff"), peak: of("peak") });
    }
  }
  return results;
}

/** A host of its own; a last, small call tells what the answer of the one before took. */
async function costOf(provider: HostCost["provider"], count: number): Promise<Cost> {
  const folder = mkdtempSync(join(tmpdir(), "bench-host-"));
  const file = join(folder, "costs");
  const host = await startHost(file);
  try {
    const code = `exports.handler = () => require('../measure/provider-host').${provider}`;
    const old = { ...inputsOf(count), __provider: code };
    const news = { ...inputsOf(count, true), __provider: code };
    const { inputs } = await host.provider.check({ urn: URN, olds: old, news });
    const request = { id: "acme/production/eu-west-1/prod-eu", urn: URN, ignoreChanges: [] };
    const olds = { ...outputsOf(count), __provider: code };
    const { changes } = await host.provider.diff({ ...request, olds, news: inputs, oldInputs: old });
    if (changes !== "some") throw new Error(`${provider}: diff says ${changes}`);
    const small = { ...inputsOf(1), __provider: code };
    await host.provider.check({ urn: URN, olds: small, news: small });
  } finally {
    await host.close();
  }
  const lines = readFileSync(file, "utf8").trim().split("\n");
  rmSync(folder, { recursive: true });
  const [check, diff, last] = lines.map((line) => JSON.parse(line) as { cpu: number; peak: number });
  if (!check || !diff || !last) throw new Error("the provider host did not tell its costs");
  return { check: check.cpu, diff: diff.cpu, peak: last.peak };
}

async function startHost(costs: string) {
  const engine = await serve([engineService(() => undefined)]);
  const host = providerHost({
    project: readProject(join(BENCH, "program")),
    config: {},
    address: engine.address,
    env: stackEnvironment({ COSTS: costs, GITHUB_TOKEN: "none" }),
    emit: () => undefined,
  });
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
