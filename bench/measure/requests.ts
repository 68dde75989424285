/** What the requests of a set take without Pulumi and without the provider: sent by a script that does nothing else. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { stackEnvironment } from "../../local/stack-environment";
import type { Servers } from "../server";
import { median } from "./statistics";

export interface RequestCost {
  count: number;
  rounds: number;
  /** Seconds to list each digest, eight at once. */
  reads: number;
  /** Seconds of one request with all entries. */
  write: number;
}

type Cost = Pick<RequestCost, "reads" | "write">;

const SCRIPT = join(__dirname, "..", "ways", "requests.mjs");
const LATENCY = 100;

export async function measureRequests(
  counts: number[],
  rounds: number,
  servers: Servers,
): Promise<RequestCost[]> {
  const results: RequestCost[] = [];
  for (const count of counts) {
    const costs: Cost[] = [];
    for (let round = 0; round < rounds; round++) costs.push(await costOf(count, servers));
    const of = (field: keyof Cost) => median(costs.map((cost) => cost[field]));
    results.push({ count, rounds, reads: of("reads"), write: of("write") });
  }
  return results;
}

async function costOf(count: number, servers: Servers): Promise<Cost> {
  const server = await servers.open({ latency: LATENCY });
  const env = { GITHUB_API_URL: server.url, GITHUB_TOKEN: server.token, GITHUB_OWNER: "acme" };
  const options = { env: stackEnvironment({ ...env, COUNT: String(count) }) };
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [SCRIPT], options);
    return JSON.parse(stdout) as Cost;
  } finally {
    await server.close();
  }
}
