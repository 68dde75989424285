/** A whole run of the bench. */
import { cliStack } from "../local/cli-stack";
import { localStack } from "../local/local-stack";
import type { Plan } from "./cases";
import { measureCases } from "./measure/cases";
import { measureHost } from "./measure/host";
import { measureLoading } from "./measure/loading";
import { measureRequests } from "./measure/requests";
import { aboutThisRun, type Results } from "./results";
import { startServers } from "./server";

export type Engine = "local" | "pulumi";

export async function runBench(plan: Plan, engine: Engine, say: (line: string) => void): Promise<Results> {
  const newStack = engine === "pulumi" ? cliStack : localStack;
  say("Loading and the provider host");
  const loading = measureLoading(plan.loadingRounds);
  const hosts = await measureHost(plan.hostSizes, plan.hostRounds);
  const servers = startServers();
  try {
    const requests = await measureRequests(plan.requestSizes, plan.requestRounds, servers);
    const cases = await measureCases(plan.cases, { newStack, servers, say });
    return { about: aboutThisRun(engine), ...cases, requests, hosts, loading };
  } finally {
    await servers.end();
  }
}
