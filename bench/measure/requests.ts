/** What the requests of a set take without Pulumi and without the provider: sent by a script that does nothing else. */
import type { Servers } from "../server";
import { runScript } from "./script";
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
  try {
    return JSON.parse(await runScript("requests.mjs", count, server)) as Cost;
  } finally {
    await server.close();
  }
}
