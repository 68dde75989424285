/** An artifact has one name and one version: a removal sends those that the run declares for it, not its own former ones. */
import type { Inputs as RecordInputs, Outputs as RecordOutputs } from "../../provider/deployment-record";
import { recordInputs } from "../support/provider";
import { createSet, deploymentAt, ID, nameAt, newSetScene, setOf, updateSet } from "../support/sets";
import * as storage from "../support/storage";

const olds = {} as RecordInputs;
const at = (index: number, more: Partial<RecordInputs> = {}) =>
  recordInputs({ ...deploymentAt(0), deploymentName: nameAt(index), ...more });
const idAt = (index: number) => `${ID}/${nameAt(index)}`;
const named = { name: "ghcr.io/acme/renamed", version: "2.0.0" };

test("a record is removed while another one of its digest gets a new version, in whatever order", async () => {
  for (const isFirst of [true, false]) {
    const scene = await newSetScene();
    const saved: RecordOutputs[] = [];
    for (const index of [0, 1]) saved.push((await scene.record.create(at(index))).outs as RecordOutputs);
    const { record } = scene.another();
    await record.check(olds, at(0, named));
    const update = () => record.update(idAt(0), saved[0] as RecordOutputs, at(0, named));
    if (isFirst) await update();
    await record.delete(idAt(1), saved[1] as RecordOutputs);
    if (!isFirst) await update();
    expect(scene.github.deploymentRecords()).toMatchObject([
      { status: "deployed", ...named },
      { status: "decommissioned", ...named },
    ]);
  }
});

test("an entry is removed from a set while a record of its digest gets a new version", async () => {
  const scene = await newSetScene();
  const created = await createSet(scene, setOf({ [nameAt(1)]: deploymentAt(0) }));
  const run = scene.another();
  await run.record.check(olds, at(0, named));
  await run.record.create(at(0, named));
  await updateSet(run, created, setOf({}));
  expect(scene.github.deploymentRecords()).toMatchObject([named, { status: "decommissioned", ...named }]);
});

test("a record is removed while an entry of a set has its digest", async () => {
  const scene = await newSetScene();
  const { outs } = await scene.record.create(at(1));
  const run = scene.another();
  const news = setOf({ [nameAt(0)]: deploymentAt(0, named) });
  await run.set.check({} as never, news);
  await createSet(run, news);
  await run.record.delete(idAt(1), outs as RecordOutputs);
  expect(scene.github.deploymentRecords()).toMatchObject([named, { status: "decommissioned", ...named }]);
});

test("a storage record is removed with the version that a deployment declares", async () => {
  const scene = await newSetScene();
  const outs = await storage.create(scene);
  const run = scene.another();
  const declared = recordInputs({ digest: storage.DIGEST, name: storage.libfoo.name, version: "2.0.0" });
  await run.record.check(olds, declared);
  await run.record.create(declared);
  await storage.remove(run, outs);
  expect(scene.github.storageRecords()).toMatchObject([{ status: "deleted", version: "2.0.0" }]);
});

test("an artifact of another repository keeps its own name", async () => {
  const scene = await newSetScene({ attested: [] });
  const { outs } = await scene.record.create(at(1, { githubRepository: "one" }));
  const { record } = scene.another();
  await record.check(olds, at(0, { ...named, githubRepository: "two" }));
  await record.delete(idAt(1), outs as RecordOutputs);
  expect(scene.github.deploymentRecords()).toMatchObject([{ status: "decommissioned", version: "1.0.0" }]);
});
