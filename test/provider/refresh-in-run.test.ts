/**
 * `pulumi up --refresh` and `pulumi destroy --refresh`: one process reads each resource, is asked for its diff with the
 * inputs of the state, and only then runs the program. What the state has is not what the program declares.
 */
import { deploymentAt, deployments, ID, nameAt, newSetScene, setOf, without } from "../support/sets";
import type { Run, SetScene } from "../support/sets";
import type { Inputs as RecordInputs } from "../../provider/deployment-record";
import { deploymentIdentity } from "../../provider/deployment-record/identity";
import { hashOf } from "../../provider/lifecycle/declarations";
import { storageIdentity } from "../../provider/storage-record/identity";
import { idOf, libfoo } from "../support/storage";

const record: RecordInputs = {
  ...deploymentAt(0),
  org: "acme",
  logicalEnvironment: "production",
  physicalEnvironment: "eu-west-1",
  cluster: "prod-eu",
  deploymentName: nameAt(0),
};
const RECORD = `${ID}/${nameAt(0)}`;
const elsewhere: RecordInputs = { ...record, ...deploymentAt(9), cluster: "elsewhere" };
const declared = {
  record: hashOf(deploymentIdentity.key(record)),
  set: hashOf(deploymentIdentity.key(record)),
  storage: hashOf(storageIdentity.key(libfoo)),
};

type Resource = "record" | "set" | "storage";
const resources: [Resource, string, object][] = [
  ["record", RECORD, record],
  ["set", ID, setOf(deployments(2))],
  ["storage", idOf(libfoo), libfoo],
];

const lifeCycle = (run: Run, kind: Resource) => run[kind] as unknown as Run["record"];

/** What Pulumi calls for a refresh: the saved inputs are those of the state, or what `read` returns. */
async function refreshFirst(run: Run, kind: Resource, id: string, outs: object): Promise<object> {
  const { props = {}, inputs } = await lifeCycle(run, kind).read(id, outs as never);
  await lifeCycle(run, kind).diff(id, props as never, inputs as never);
  return props;
}

const statusesOf = ({ github }: SetScene) =>
  [...github.deploymentRecords(), ...github.storageRecords()].map(({ status }) => status);
const isRemoved = (status: string) => status === "decommissioned" || status === "deleted";

async function created(kind: Resource, inputs: object) {
  const scene = await newSetScene();
  const { outs } = await lifeCycle(scene, kind).create(inputs as never);
  scene.clock.advance(1_000);
  return { scene, outs: outs as object };
}

test.each(resources)("a %s that is given up after a refresh is removed", async (kind, id, inputs) => {
  const { scene, outs } = await created(kind, inputs);
  const run = scene.another();
  const refreshed = await refreshFirst(run, kind, id, outs);
  await lifeCycle(run, kind).delete(id, refreshed as never);
  expect(statusesOf(scene).every(isRemoved)).toBe(true);
  expect(run.warnings).toEqual([]);
});

test("an entry that leaves its set after a refresh is removed", async () => {
  const { scene, outs } = await created("set", setOf(deployments(2)));
  const run = scene.another();
  const refreshed = (await refreshFirst(run, "set", ID, outs)) as never;
  const news = setOf(without(deployments(2), nameAt(0)));
  await run.set.check(setOf(deployments(2)), news);
  await run.set.diff(ID, refreshed, news);
  const { outs: after } = await run.set.update(ID, refreshed, news);
  expect(statusesOf(scene)).toEqual(["decommissioned", "deployed"]);
  expect(Object.keys(after?.deployments ?? {})).toEqual([nameAt(1)]);
});

test.each(resources)(
  "a drift of a %s that a refresh found does not make its deletion room for a replacement",
  async (kind, id, inputs) => {
    const { scene, outs } = await created(kind, inputs);
    const run = scene.another();
    const changed = { ...outs, version: "0", onDelete: "eol", deployments: {} };
    await lifeCycle(run, kind).diff(id, changed as never, inputs as never);
    // Another resource declares the record, and is not reached: it depends on one whose write failed.
    await run.record.check({} as never, { ...elsewhere, __declared: declared[kind] } as never);
    await expect(lifeCycle(run, kind).delete(id, outs as never)).rejects.toThrow("has not written it");
  },
);
