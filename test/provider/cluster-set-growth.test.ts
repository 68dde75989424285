/** That a set has thousands of entries costs no more than so many times one of them. */
import { inspect } from "node:util";
import type * as pulumi from "@pulumi/pulumi";
import { clusterDeploymentSetProvider } from "../../provider/cluster-deployment-set";
import type { Inputs, Outputs } from "../../provider/cluster-deployment-set";
import { encodeRecord } from "../../provider/cluster-deployment-set/record-codec";
import { createRunContext } from "../../provider/create-run-context";
import { matchAnswer } from "../../provider/github/match-answer";
import type { GitHubClient } from "../../provider/github/client";
import { configOf } from "../support/provider";
import {
  createSet,
  deploymentAt,
  deployments,
  digestAt,
  ID,
  nameAt,
  newSetScene,
  reads,
  refreshSet,
  setOf,
} from "../support/sets";

const namesOf = (count: number) => Array.from({ length: count }, (_, index) => nameAt(index));
const TIME = "2026-01-01T00:00:00Z";

/** A set whose entries have one digest, and how often the names of the records in its list are looked at. */
function setOfOneDigest(count: number) {
  let looks = 0;
  const place = { logical_environment: "production", physical_environment: "eu-west-1", cluster: "prod-eu" };
  const listed = namesOf(count).map((name) => ({
    ...{ ...place, digest: digestAt(1), id: "1", updated_at: TIME },
    get deployment_name() {
      looks++;
      return name;
    },
  }));
  const github: GitHubClient = {
    call: async ({ route }) =>
      ({
        data: {
          ...{ deployment_records: route.startsWith("GET") ? listed : [], errors: [] },
          ...{ job_id: "5", status: "completed" },
        },
        ...{ status: 200, date: TIME, requestLine: route },
      }) as never,
    untilWritable: async () => undefined,
    timeLeft: () => 1_000,
    readWaits: () => 0,
  };
  const sleep = async () => undefined;
  const context = createRunContext({ environment: {}, warn: () => undefined, sleep });
  context.configure(configOf({ "artifact-metadata:token": "x" }));
  const provider = clusterDeploymentSetProvider({ ...context, github: () => github }) as Required<
    pulumi.dynamic.ResourceProvider<Inputs, Outputs>
  >;
  const outs = {
    deployments: Object.fromEntries(namesOf(count).map((name) => [name, deploymentAt(1)])),
    records: Object.fromEntries(namesOf(count).map((name) => [name, encodeRecord({ updatedAt: TIME })])),
  };
  return { provider, outs, looks: () => looks };
}

test.each<[string, (set: ReturnType<typeof setOfOneDigest>) => Promise<unknown>]>([
  ["a refresh", ({ provider, outs }) => provider.read(ID, outs)],
  ["a removal", ({ provider, outs }) => provider.delete(ID, outs)],
])("%s of four times as many entries that share a digest looks four times as often", async (_what, work) => {
  const looksAt = async (count: number) => {
    const one = setOfOneDigest(count);
    await work(one);
    return one.looks();
  };
  const [small, large] = [await looksAt(100), await looksAt(400)];
  expect(small).toBeGreaterThanOrEqual(100);
  expect(large / small).toBeLessThan(5);
});

test("four times as many failures of as many entries are matched with four times as many looks", () => {
  const looksAt = (count: number, spelled: (name: string) => string) => {
    let looks = 0;
    const entries = namesOf(count).map((name, index) => ({
      ...{ name: "web", digest: digestAt(index), status: "deployed" as const },
      get deployment_name() {
        looks++;
        return name;
      },
    }));
    const failed = namesOf(count).map((name) => ({
      cause: "not_found",
      deployment: { deployment_name: spelled(name), digest: undefined },
    }));
    const said = matchAnswer({ entries, records: [], failed, isSuccess: false });
    expect([...said.values()].every(({ kind }) => kind === "failed")).toBe(true);
    return looks;
  };
  for (const spelled of [(name: string) => name, (name: string) => ` ${name.toUpperCase()}`])
    expect(looksAt(400, spelled) / looksAt(100, spelled)).toBeLessThan(5);
});

test("four times as many failures that name only a digest that all entries share take four times as many looks", () => {
  const looksAt = (count: number) => {
    let looks = 0;
    const entries = namesOf(count).map((name) => ({
      ...{ name: "web", digest: digestAt(1), status: "deployed" as const },
      get deployment_name() {
        looks++;
        return name;
      },
    }));
    const failed = entries.map(({ digest }) => ({
      cause: "not_found",
      deployment: { deployment_name: undefined, digest },
    }));
    const said = matchAnswer({ entries, records: [], failed, isSuccess: false });
    expect([...said.values()].every(({ kind }) => kind === "unclear")).toBe(true);
    return looks;
  };
  expect(looksAt(400) / looksAt(100)).toBeLessThan(5);
});

/** The names, and how often one of them is looked at. */
function counted(names: string[]) {
  let looks = 0;
  const get = (target: string[], key: PropertyKey) => {
    if (typeof key === "string" && /^\d+$/.test(key)) looks++;
    return Reflect.get(target, key) as unknown;
  };
  return { names: new Proxy(names, { get }), looks: () => looks };
}

test.each<[string, (names: string[]) => Partial<Outputs>]>([
  ["that an earlier job removed", (removed) => ({ job: { id: "5", written: [], removed } })],
  ["whose removal is unfinished", (unfinished) => ({ unfinished })],
])("four times as many entries %s take four times as many looks", async (_what, more) => {
  const looksAt = async (count: number) => {
    const { provider, outs } = setOfOneDigest(count);
    const { names, looks } = counted(namesOf(count));
    await provider.update(ID, { ...outs, ...more(names) }, setOf({}));
    return looks();
  };
  const [small, large] = [await looksAt(100), await looksAt(400)];
  expect(small).toBeGreaterThanOrEqual(100);
  expect(large / small).toBeLessThan(5);
});

test("entries that share digests are read with one request for each digest", async () => {
  const scene = await newSetScene();
  const entries = Object.fromEntries(namesOf(400).map((name, index) => [name, deploymentAt(index % 4)]));
  const created = await createSet(scene, setOf(entries));
  expect(await refreshSet(scene.another(), created)).toEqual({ outs: created, inputs: setOf(entries) });
  expect(reads(scene)).toBe(4);
});

/** More listeners than one for each of a handful of requests are a warning. */
const DIGESTS = process.env.LONG ? 2_500 : 250;

test(`${DIGESTS} digests are read without a warning of too many listeners`, async () => {
  const real = (inspect.constructor as FunctionConstructor)("return process")() as NodeJS.Process;
  const warnings: string[] = [];
  const note = ({ name }: Error) => void warnings.push(name);
  real.on("warning", note);
  const scene = await newSetScene();
  const many = deployments(DIGESTS);
  const records = Object.fromEntries(
    Object.keys(many).map((name) => [name, encodeRecord({ updatedAt: TIME })]),
  );
  await refreshSet(scene, { deployments: many, records });
  await new Promise((resolve) => setImmediate(resolve));
  real.off("warning", note);
  expect(reads(scene)).toBe(DIGESTS);
  expect(warnings).toEqual([]);
});
