/** Values that a refresh found and `ignoreChanges` keeps: accepted as they are, and never sent where they cannot be. */
import type { Inputs as RecordInputs, Outputs as RecordOutputs } from "../../provider/deployment-record";
import type { Inputs as SetInputs } from "../../provider/cluster-deployment-set";
import { recordInputs } from "../support/provider";
import {
  createSet,
  deployments,
  failureOf,
  ID,
  isChanged,
  nameAt,
  newSetScene,
  refreshSet,
  setOf,
  updateSet,
  writesOf,
} from "../support/sets";
import type { Run, SetScene } from "../support/sets";
import { create as createStorage, idOf, libfoo, refresh as refreshStorage } from "../support/storage";

const RECORD = `${ID}/shop-web-web`;
const failuresOf = ({ failures = [] }: { failures?: object[] }) => failures;
const six = { a: "1", b: "2", c: "3", d: "4", e: "5", f: "6" };

/** The next list shows the records as another writer has made them. */
function listedAs({ github }: SetScene, ...changes: (object | undefined)[]): void {
  const json = (answer: unknown) => {
    const { deployment_records: records } = answer as { deployment_records: object[] };
    return {
      total_count: 1,
      deployment_records: records.flatMap((record) => {
        const change = changes.shift();
        return change === undefined ? [] : [{ ...record, ...change }];
      }),
    };
  };
  github.fault({ match: { method: "GET" }, when: "after", do: { json }, times: changes.length });
}

/** The state after a refresh. */
async function refreshedRecord(scene: SetScene, listed: object | undefined) {
  const { outs } = await scene.record.create(recordInputs({ tags: { team: "shop" } }));
  listedAs(scene, listed);
  const { props, inputs } = await scene.another().record.read(RECORD, outs as RecordOutputs);
  return { outs: props as RecordOutputs, inputs: inputs as unknown as RecordInputs };
}

/** An `up` of what `ignoreChanges` makes of the inputs. */
async function upRecord(
  { record }: Run,
  before: { outs: RecordOutputs; inputs: RecordInputs },
  news: object,
) {
  const checked = await record.check(before.inputs, news as RecordInputs);
  expect(failuresOf(checked)).toEqual([]);
  const { changes } = await record.diff(RECORD, before.outs, checked.inputs as RecordInputs);
  if (!changes) return { changes, outs: before.outs, inputs: checked.inputs as RecordInputs };
  const { outs } = await record.update(RECORD, before.outs, checked.inputs as RecordInputs);
  return { changes, outs: outs as RecordOutputs, inputs: checked.inputs as RecordInputs };
}

describe.each([
  ["a status of a record that is not listed any more", undefined, {}],
  ["more tags than one record can have", { tags: six }, { tags: { a: "1", b: "2", c: "3", d: "4", e: "5" } }],
  ["tags that cannot be written", { tags: { "a\u0007": "1", b: "x\u0000", c: "3" } }, { tags: { c: "3" } }],
  [
    "risks that are not known",
    { runtime_risks: ["new-risk", "sensitive-data"] },
    { runtime_risks: ["sensitive-data"] },
  ],
])("%s", (_, foreign, sent) => {
  test("is accepted unchanged, is no change, and what can be written stands in its place in each later write", async () => {
    const scene = await newSetScene();
    const refreshed = await refreshedRecord(scene, foreign);
    scene.github.requests.length = 0;
    expect(await upRecord(scene.another(), refreshed, refreshed.inputs)).toMatchObject({ changes: false });
    expect(scene.github.requests).toEqual([]);

    const changed = await upRecord(scene.another(), refreshed, { ...refreshed.inputs, version: "2.0.0" });
    expect(scene.github.requests.at(-1)?.body).toMatchObject({
      status: "deployed",
      version: "2.0.0",
      ...sent,
    });
    expect(await upRecord(scene.another(), changed, changed.inputs)).toMatchObject({ changes: false });

    await upRecord(scene.another(), changed, { ...changed.inputs, version: "3.0.0" });
    expect(scene.github.requests.at(-1)?.body).toMatchObject({
      status: "deployed",
      version: "3.0.0",
      ...sent,
    });
  });

  test("is refused where the program declares it", async () => {
    const scene = await newSetScene();
    const refreshed = await refreshedRecord(scene, foreign);
    const { record } = scene.another();
    expect(failuresOf(await record.check({} as RecordInputs, refreshed.inputs))).not.toEqual([]);
    expect(failuresOf(await record.check(recordInputs(), refreshed.inputs))).not.toEqual([]);
  });
});

test("a tag that `ignoreChanges` keeps by its path is accepted beside those that are declared", async () => {
  const scene = await newSetScene();
  const refreshed = await refreshedRecord(scene, { tags: { theirs: "x\u0000", team: "shop" } });
  const news = { ...refreshed.inputs, tags: { ...refreshed.inputs.tags, team: "web" } };
  expect(news.tags).toEqual({ theirs: "x\ufffd", team: "web" });
  const { outs } = await upRecord(scene.another(), refreshed, news);
  expect(outs.tags).toEqual({ team: "web" });
});

test("entries of a set are accepted as a refresh found them, and what can be written is sent", async () => {
  const scene = await newSetScene();
  const created = await createSet(scene, setOf(deployments(3)));
  listedAs(scene, undefined, { tags: { "a\u0007": "1", b: "2" }, runtime_risks: ["new-risk"] }, {});
  const { outs, inputs } = await refreshSet(scene.another(), created);
  expect(outs.deployments[nameAt(0)]).toMatchObject({ status: "not listed" });
  scene.github.requests.length = 0;

  const run = scene.another();
  expect(failuresOf(await run.set.check(inputs, inputs))).toEqual([]);
  expect(await isChanged(run, outs, inputs)).toBe(false);
  expect(failuresOf(await run.set.check(setOf(deployments(3)), inputs))).not.toEqual([]);

  const version = (entries: SetInputs["deployments"], index: number) => ({
    ...entries,
    [nameAt(index)]: { ...(entries[nameAt(index)] as SetInputs["deployments"][string]), version: "2.0.0" },
  });
  const one = setOf(version(inputs.deployments, 2));
  const first = await updateSet(scene.another(), outs, one);
  expect(writesOf(scene.github)).toEqual([expect.stringMatching(/ 1$/)]);
  expect(first.deployments[nameAt(0)]).toMatchObject({ status: "not listed" });

  const all = setOf(version(version(one.deployments, 0), 1));
  expect(failuresOf(await scene.another().set.check(one, all))).toEqual([]);
  const second = await updateSet(scene.another(), first, all);
  expect(scene.github.requests.at(-1)?.body).toMatchObject({
    deployments: [{ status: "deployed" }, { tags: { b: "2" }, runtime_risks: [] }],
  });
  expect(await isChanged(scene.another(), second, all)).toBe(false);
});

test("a storage record's status is accepted as a refresh found it, and what can be written is sent", async () => {
  const scene = await newSetScene();
  const created = await createStorage(scene);
  const json = (answer: unknown) => {
    const { storage_records: records } = answer as { storage_records: object[] };
    return { ...(answer as object), storage_records: records.map((one) => ({ ...one, status: "archived" })) };
  };
  scene.github.fault({ match: { method: "GET" }, when: "after", do: { json } });
  const { outs, inputs } = await refreshStorage(scene.another(), created);
  expect(outs.status).toBe("archived");
  const { storage } = scene.another();
  expect(failuresOf(await storage.check(inputs, inputs))).toEqual([]);
  expect(failuresOf(await storage.check(libfoo, inputs))).toHaveLength(1);
  const id = idOf(libfoo);
  expect((await storage.diff(id, outs, inputs)).changes).toBe(false);
  const changed = { ...inputs, version: "2.0.0" };
  const updated = (await storage.update(id, outs, changed)).outs as typeof outs;
  expect(scene.github.requests.at(-1)?.body).toMatchObject({ status: "active", version: "2.0.0" });
  expect((await storage.diff(id, updated, changed)).changes).toBe(false);
  await storage.update(id, updated, { ...changed, version: "3.0.0" });
  expect(scene.github.requests.at(-1)?.body).toMatchObject({ status: "active", version: "3.0.0" });
});

test("what was never valid is still refused by name", async () => {
  const scene = await newSetScene();
  const error = await failureOf(scene.record.create({ ...recordInputs(), digest: "sha256:1" }));
  expect(error.message).toMatch(/digest must be/);
});
