/** What `npm run bench` compares still works; how long it takes is no matter here. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { quick } from "../../bench/cases";
import { report } from "../../bench/report";
import { timePlot, writesPlot } from "../../bench/report/plots";
import { runBench } from "../../bench/run";
import { startServers } from "../../bench/server";
import { PULUMI_WAYS } from "../../bench/ways";
import { lifeOf } from "../../bench/measure/life";
import { startGitHub } from "../../local/github";
import type { DeploymentBody } from "../../local/github";
import { localStack } from "../../local/local-stack";
import type { StackOptions } from "../../local/stack";
import { startNodeWarm } from "../support/warm";

const warmStack = (options: StackOptions) => localStack(options, { startNode: startNodeWarm });

const onLong = process.env.LONG ? test : test.skip;
const COUNT = 3;

jest.setTimeout(180_000);

const toEnd: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of toEnd.splice(0).reverse()) await end();
});

async function newScene() {
  const github = await startGitHub({ attested: "all" });
  toEnd.push(() => github.close());
  const home = mkdtempSync(join(tmpdir(), "bench-home-"));
  toEnd.push(() => rmSync(home, { recursive: true, force: true }));
  const stack = warmStack({
    projectDir: resolve(__dirname, "../../bench/program"),
    env: {
      HOME: home,
      GITHUB_API_URL: github.url,
      GITHUB_TOKEN: github.token,
      GITHUB_OWNER: "acme",
      WAYS: PULUMI_WAYS.join(","),
      COUNT: String(COUNT),
    },
  });
  toEnd.push(() => stack.remove());
  /** How many records each write had, by the cluster, which is named like the way. */
  const writesByWay = () => {
    const writes: Record<string, number[]> = {};
    for (const { method, path, body } of github.requests.splice(0)) {
      if (method === "GET") continue;
      const { cluster, deployments = [{}] } = body as Partial<DeploymentBody> & { deployments?: object[] };
      (writes[cluster ?? path.split("/").at(-1) ?? ""] ??= []).push(deployments.length);
    }
    return writes;
  };
  return { github, stack, writesByWay };
}

const sum = (numbers: number[] = []) => numbers.reduce((total, one) => total + one, 0);

test("each way declares the same records, and the floor sends nothing", async () => {
  const { github, stack, writesByWay } = await newScene();
  for (const [operation, status] of [
    ["up", "deployed"],
    ["destroy", "decommissioned"],
  ] as const) {
    const { exitCode, output } = await stack[operation]();
    if (exitCode !== 0) throw new Error(output);
    const writes = writesByWay();
    expect(Object.keys(writes).sort()).toEqual(["dynamic", "set", "single"]);
    expect({ ...writes, single: sum(writes.single) }).toEqual({
      dynamic: [1, 1, 1],
      set: [COUNT],
      single: COUNT,
    });
    const records = github.deploymentRecords().map((record) => `${record.cluster} ${record.status}`);
    expect(records).toEqual(
      ["dynamic", "set", "single"].flatMap((way) => Array.from({ length: COUNT }, () => `${way} ${status}`)),
    );
  }
  expect(github.violations).toEqual([]);
});

test("the loop writes each record by itself, to a server in another process", async () => {
  const servers = startServers();
  toEnd.push(() => servers.end());
  const one = {
    ways: [],
    count: COUNT,
    latency: 10,
    rounds: 1,
    parallel: 8,
    operations: ["create"] as const,
  };
  const life = lifeOf(warmStack, "octokit-loop", one, await servers.open(one));
  expect((await life).samples).toMatchObject([{ operation: "create", writes: COUNT, reads: 0, refused: 0 }]);
});

onLong("a quick run measures every way, and its page has every part", async () => {
  const results = await runBench(quick(COUNT), "local", () => undefined);
  const writes = results.measured.map(({ way, operation, writes }) => `${way} ${operation} ${writes}`);
  expect(writes).toEqual(
    expect.arrayContaining([
      ...["dynamic create 3", "dynamic destroy 3", "octokit-loop create 3", "nothing-single create 0"],
      ...["set create 1", "set one changed 1", "nothing-set one changed 0"],
    ]),
  );
  expect(report(results)).not.toMatch(/undefined|NaN|Infinity/);
  for (const plot of [timePlot, writesPlot])
    expect(plot(results.measured)).not.toMatch(/undefined|NaN|Infinity/);
});
