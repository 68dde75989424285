/** A record that a resource gives up while the program declares it elsewhere: it is never decommissioned. */
import type { Inputs as RecordInputs, Outputs as RecordOutputs } from "../../provider/deployment-record";
import type { Inputs as SetInputs, Outputs as SetOutputs } from "../../provider/cluster-deployment-set";
import { deploymentIdentity } from "../../provider/deployment-record/identity";
import { UNKNOWN } from "../../provider/lifecycle/check";
import { hashOf } from "../../provider/lifecycle/declarations";
import {
  CLUSTER,
  createSet,
  deploymentAt,
  deployments,
  digestAt,
  failureOf,
  foreignWrite,
  ID,
  nameAt,
  newSetScene,
  setOf,
  statusesOf,
  updateSet,
  without,
  writesOf,
} from "../support/sets";
import type { Run, SetScene } from "../support/sets";

const recordAt = (index: number, more: Partial<RecordInputs> = {}): RecordInputs => ({
  ...deploymentAt(index),
  org: "acme",
  logicalEnvironment: "production",
  physicalEnvironment: "eu-west-1",
  cluster: "prod-eu",
  deploymentName: nameAt(index),
  ...more,
});
const RECORD = `${ID}/${nameAt(0)}`;
const olds = {} as never;

/** What the constructors of a program that declares these records say to each check. */
const declaring = (...indices: number[]) => ({
  __declared: indices.map((index) => hashOf(deploymentIdentity.key(recordAt(index)))).join(""),
});

/** What they say where a resource of another instance of the provider declares it: that is another process. */
const declaringElsewhere = { __declared: `.${declaring(0).__declared}` };

async function createRecord({ record }: Run, inputs: RecordInputs): Promise<RecordOutputs> {
  return (await record.create(inputs)).outs as RecordOutputs;
}

const deployed = (index = 0) => [`${nameAt(index)} deployed`];
const decommissioned = (index = 0) => [`${nameAt(index)} decommissioned`];

/** Record and set have the same record in the state: it moved, and the run failed before the record was deleted. */
async function movedAndFailed({ inRecord = {}, inSet = {}, listLag = {} } = {}) {
  const scene = await newSetScene({ rules: { listLag } });
  const record = await createRecord(scene, recordAt(0, inRecord));
  scene.clock.advance(1_000);
  const set = await createSet(scene.another(), setOf(deployments(1, inSet)));
  scene.clock.advance(1_000);
  scene.github.requests.length = 0;
  return { scene, record, set };
}

/** Two records of one identity in the state: a rename whose run failed. */
async function renamedAndFailed(more: Partial<RecordInputs> = {}, config: Record<string, string> = {}) {
  const scene = await newSetScene({}, config);
  const old = await createRecord(scene, recordAt(0));
  scene.clock.advance(1_000);
  const renamed = await createRecord(scene.another(), recordAt(0, more));
  scene.clock.advance(1_000);
  scene.github.requests.length = 0;
  return { scene, old, renamed };
}

/** The set gives up its entry, in a program that declares the record. */
async function giveUp(
  { set }: Run,
  outs: Awaited<ReturnType<typeof createSet>>,
  declared: object = declaring(0),
) {
  await set.check(olds, { ...setOf({}), ...declared });
  await set.diff(ID, outs, setOf({}));
  return (await set.update(ID, outs, setOf({}))).outs as typeof outs;
}

test("the list of what is declared is in no inputs", async () => {
  const scene = await newSetScene();
  const { inputs, failures } = await scene.set.check(olds, { ...setOf({}), ...declaring(0) });
  expect([inputs, failures]).toEqual([setOf({}), []]);
});

describe("a set gives up what a record declares", () => {
  test("that is checked later: it stays in the set's state, the record is written, and the next run ends it", async () => {
    const { scene, record, set } = await movedAndFailed();
    const run = scene.another();
    const kept = await giveUp(run, set);
    expect(kept).toEqual({ ...set, unfinished: [nameAt(0)] });
    expect(writesOf(scene.github)).toEqual([]);
    await run.record.check(olds, recordAt(0));
    expect(await run.record.diff(RECORD, record, recordAt(0))).toMatchObject({ changes: true });
    const updated = (await run.record.update(RECORD, record, recordAt(0))).outs as RecordOutputs;
    scene.clock.advance(1_000);

    const next = scene.another();
    expect((await next.set.diff(ID, kept, setOf({}))).changes).toBe(true);
    expect((await giveUp(next, kept)).deployments).toEqual({});
    expect((await next.record.diff(RECORD, updated, recordAt(0))).changes).toBe(false);
    expect([statusesOf(scene.github), run.warnings, next.warnings]).toEqual([deployed(), [], []]);
  });

  test("and is written before the set looks again: the set leaves it, and the record can be removed later", async () => {
    const { scene, record, set } = await movedAndFailed();
    const kept = await giveUp(scene.another(), set);
    const updated = (await scene.another().record.update(RECORD, record, recordAt(0))).outs;
    scene.github.requests.length = 0;

    const next = scene.another();
    await next.record.check(recordAt(0), recordAt(0));
    await next.record.diff(RECORD, updated as RecordOutputs, recordAt(0));
    expect((await giveUp(next, kept)).deployments).toEqual({});
    expect(writesOf(scene.github)).toEqual([]);

    const last = scene.another();
    await last.record.delete(RECORD, updated as RecordOutputs);
    expect([statusesOf(scene.github), next.warnings, last.warnings]).toEqual([decommissioned(), [], []]);
  });

  test("and that the set has declared as decommissioned: it is written, also where the list does not show it", async () => {
    const { scene, record, set } = await movedAndFailed({ inSet: { status: "decommissioned" } });
    const run = scene.another();
    const kept = await giveUp(run, set);
    expect(kept.unfinished).toEqual([nameAt(0)]);
    await run.record.check(recordAt(0), recordAt(0));
    expect(await run.record.diff(RECORD, record, recordAt(0))).toMatchObject({ changes: true });

    // Not reached: the next run looks again, and writes what is declared.
    const next = scene.another();
    await next.record.check(recordAt(0), recordAt(0));
    await next.record.diff(RECORD, record, recordAt(0));
    expect((await giveUp(next, kept)).deployments).toEqual({});
    expect(statusesOf(scene.github)).toEqual(deployed());
  });

  test("and that the set has declared as decommissioned, for another digest: it leaves the set in the next run", async () => {
    const { scene, set } = await movedAndFailed({ inSet: { status: "decommissioned" } });
    const moved = recordAt(0, { digest: digestAt(1) });
    const kept = await giveUp(scene.another(), set);
    const updated = await createRecord(scene.another(), moved);

    // Checked after the set, as what depends on it always is.
    const next = scene.another();
    expect((await giveUp(next, kept)).deployments).toEqual({});
    await next.record.check(moved, moved);
    expect(await next.record.diff(RECORD, updated, moved)).toMatchObject({ changes: true });
    expect(statusesOf(scene.github)).toEqual(deployed());
  });

  test("and that a list which lags behind does not show: it is written", async () => {
    const { scene, record, set } = await movedAndFailed({
      inSet: { digest: digestAt(1) },
      listLag: { reads: 1 },
    });
    const run = scene.another();
    expect((await giveUp(run, set)).deployments).toEqual({});
    await run.record.check(recordAt(0), recordAt(0));
    expect(await run.record.diff(RECORD, record, recordAt(0))).toMatchObject({ changes: true });
    await run.record.update(RECORD, record, recordAt(0));
    expect(scene.github.deploymentRecords()).toMatchObject([{ digest: digestAt(0), status: "deployed" }]);
  });

  test("while it stays in the set's state, a refresh does not make it an input: ignoreChanges would keep it", async () => {
    const { scene, set } = await movedAndFailed();
    const kept = await giveUp(scene.another(), set);
    const { inputs, props } = await scene.another().set.read(ID, kept);
    expect([inputs, props]).toEqual([setOf({}), kept]);
  });

  test("that is not targeted: it stays in the set's state, and a message says so", async () => {
    const { scene, set } = await movedAndFailed();
    const run = scene.another();
    expect((await giveUp(run, set)).deployments).toEqual(set.deployments);
    expect(statusesOf(scene.github)).toEqual(deployed());
    expect(run.infos.join("\n")).toMatch(/another resource declares "shop-web-0" and has not written it yet/);
  });

  test("while it stays in the set's state, a former secret does not, and at last GitHub has what is declared", async () => {
    const nothing = { tags: {} };
    const { scene, record, set } = await movedAndFailed({
      inRecord: nothing,
      inSet: { tags: { key: "former-secret" } },
    });
    const kept = await giveUp(scene.another(), set);
    expect(Object.keys(kept.deployments)).toEqual([nameAt(0)]);
    expect(JSON.stringify(kept)).not.toContain("former-");
    const run = scene.another();
    await run.record.check(olds, recordAt(0, nothing));
    await run.record.diff(RECORD, record, recordAt(0, nothing));
    expect((await giveUp(run, kept)).deployments).toEqual({});
    expect(statusesOf(scene.github)).toEqual(deployed());
    expect(scene.github.deploymentRecords().map(({ tags }) => tags)).toEqual([{}]);
  });

  test("that has nothing to write: it leaves the set's state, and what the record declares is written", async () => {
    const { scene, record, set } = await movedAndFailed();
    const run = scene.another();
    const changed = recordAt(0, { version: "2.0.0" });
    await run.record.check(olds, changed);
    await run.record.diff(RECORD, { ...record, version: "2.0.0" }, changed);
    expect((await giveUp(run, set)).deployments).toEqual({});
    expect(scene.github.deploymentRecords()).toMatchObject([{ status: "deployed", version: "2.0.0" }]);

    const same = await movedAndFailed();
    const again = same.scene.another();
    await again.record.check(olds, recordAt(0));
    await again.record.diff(RECORD, same.record, recordAt(0));
    expect((await giveUp(again, same.set)).deployments).toEqual({});
    expect([statusesOf(same.scene.github), writesOf(same.scene.github)]).toEqual([deployed(), []]);
  });

  test("that has nothing to write, and is compared once more: what the set restored is no removal", async () => {
    const { scene, record, set } = await movedAndFailed();
    const run = scene.another();
    const changed = recordAt(0, { version: "2.0.0" });
    await run.record.check(changed, { ...changed, ...declaring(0) });
    await run.record.diff(RECORD, { ...record, version: "2.0.0" }, changed);
    await giveUp(run, set);
    expect((await run.record.diff(RECORD, { ...record, version: "2.0.0" }, changed)).changes).toBe(false);
    expect([statusesOf(scene.github), writesOf(scene.github)]).toEqual([deployed(), [`${CLUSTER} 1`]]);
  });

  test("that is created while the set waits: it leaves the set's state, and only the record is written", async () => {
    const scene = await newSetScene();
    const set = await createSet(scene, setOf(deployments(1)));
    const run = scene.another();
    await run.set.check(olds, { ...setOf({}), ...declaring(0) });
    const update = updateSet(run, set, setOf({}));
    await Promise.all([run.record.check(olds, recordAt(0)), createRecord(run, recordAt(0))]);
    expect((await update).deployments).toEqual({});
    expect(statusesOf(scene.github)).toEqual(deployed());
    expect(writesOf(scene.github)).toHaveLength(2);
  });

  test("whose create fails: it stays in the set's state until the record is written", async () => {
    const scene = await newSetScene({ attested: [digestAt(0)] });
    const set = await createSet(scene, setOf(deployments(1)));
    const run = scene.another();
    await run.set.check(olds, { ...setOf({}), ...declaring(0) });
    await failureOf(run.record.create(recordAt(0, { digest: digestAt(9) })));
    expect((await updateSet(run, set, setOf({}))).deployments).toEqual(set.deployments);
    expect(statusesOf(scene.github)).toEqual(deployed());
    // It is given up for good.
    expect((await updateSet(scene.another(), set, setOf({}))).deployments).toEqual({});
    expect(statusesOf(scene.github)).toEqual(decommissioned());
  });

  test("of another process: it leaves the set's state where the record was written since, and stays where it was not", async () => {
    const scene = await newSetScene();
    const set = await createSet(scene, setOf(deployments(1)));
    scene.clock.advance(1_000);
    const [one, two] = [scene.another(), scene.another()];
    const kept = await giveUp(one, set);
    expect(kept.deployments).toEqual(set.deployments);
    await createRecord(two, recordAt(0));
    expect((await giveUp(scene.another(), kept)).deployments).toEqual({});
    expect([statusesOf(scene.github), one.warnings, two.warnings]).toEqual([deployed(), [], []]);
  });
});

test("two sets that exchange entries do not wait for each other without end", async () => {
  const scene = await newSetScene();
  const elsewhere = { logicalEnvironment: "staging" };
  const one = await createSet(scene, setOf({ a: deploymentAt(1) }));
  const other = await scene.set.create(setOf({ b: deploymentAt(2) }, elsewhere));
  const run = scene.another();
  for (const more of [{}, elsewhere])
    await run.set.check(olds, setOf({ a: deploymentAt(1), b: deploymentAt(2) }, more));
  await Promise.all([
    run.set.update(ID, one, setOf({})),
    run.set.update(other.id, other.outs as never, setOf({}, elsewhere)),
  ]);
  expect(statusesOf(scene.github)).toEqual(["a deployed", "b deployed"]);
});

describe("a record that one resource declares and cannot write for want of an artifact, and another one gives up", () => {
  const lenient = { onMissingArtifact: "warn" };
  const unwritable = recordAt(0, { digest: digestAt(9) });

  test("is nobody's where the outcome of its last write is not known", async () => {
    const scene = await newSetScene({ attested: [digestAt(0)] }, lenient);
    const old = await createRecord(scene, recordAt(0));
    const failing = scene.github.fault({ match: { method: "POST" }, when: "before", do: "reset", times: 9 });
    const { properties } = await failureOf(createRecord(scene.another(), unwritable));
    failing.remove();
    const run = scene.another();
    await run.record.check(unwritable, unwritable);
    await run.record.update(RECORD, properties as object as RecordOutputs, unwritable);
    await run.record.delete(RECORD, old);
    expect([statusesOf(scene.github), scene.github.violations]).toEqual([decommissioned(), []]);
  });

  test("so it is where an entry of a set is what cannot be written", async () => {
    const scene = await newSetScene({ attested: [digestAt(0), digestAt(1)] }, lenient);
    const old = await createRecord(scene, recordAt(0));
    const news = setOf({ [nameAt(0)]: deploymentAt(0, { digest: digestAt(9) }) });
    const failing = scene.github.fault({ match: { method: "POST" }, when: "before", do: "reset", times: 9 });
    const { properties } = await failureOf(createSet(scene.another(), news));
    failing.remove();
    const run = scene.another();
    await run.set.check(olds, news);
    await updateSet(run, properties as object as SetOutputs, news);
    await run.record.delete(RECORD, old);
    expect([statusesOf(scene.github), scene.github.violations]).toEqual([decommissioned(), []]);
  });

  test.each(["record", "set"] as const)(
    "is restored as the %s wrote it last, in values that can be written",
    async (kind) => {
      const scene = await newSetScene({ attested: [digestAt(0), digestAt(1)] }, lenient);
      const own =
        kind === "record"
          ? await createRecord(scene, recordAt(0))
          : await createSet(scene, setOf(deployments(1)));
      scene.clock.advance(1_000);
      // A move whose run failed, and that was taken back.
      const moved = await createRecord(scene.another(), recordAt(0, { digest: digestAt(1) }));
      const run = scene.another();
      if (kind === "record") {
        await run.record.check(unwritable, unwritable);
        await run.record.update(
          RECORD,
          { ...(own as RecordOutputs), status: "not listed" } as RecordOutputs,
          unwritable,
        );
      } else {
        const news = setOf({ [nameAt(0)]: deploymentAt(0, { digest: digestAt(9) }) });
        await run.set.check(olds, news);
        await updateSet(run, own as SetOutputs, news);
      }
      await run.record.delete(RECORD, moved);
      expect(scene.github.deploymentRecords()).toMatchObject([{ digest: digestAt(0), status: "deployed" }]);
      expect(scene.github.violations).toEqual([]);
    },
  );
});

describe("what a resource of another provider instance declares, and has nothing to write", () => {
  test("stays in a set's state for one run, with a message, and leaves it in the next with a warning", async () => {
    const { scene, set } = await movedAndFailed();
    const kept = await giveUp(scene.another(), set, declaringElsewhere);
    expect(kept.deployments).toEqual(set.deployments);
    const next = scene.another();
    expect((await giveUp(next, kept, declaringElsewhere)).deployments).toEqual({});
    expect(next.warnings.join("\n")).toMatch(
      /"shop-web-0".*left as it is: .* with another provider declares it/,
    );
    expect(statusesOf(scene.github)).toEqual(deployed());
  });

  test("stays in the state as long as it is declared by a resource of the same provider that was not reached", async () => {
    const { scene, set } = await movedAndFailed();
    const kept = await giveUp(scene.another(), set);
    expect((await giveUp(scene.another(), kept)).deployments).toEqual(set.deployments);
  });

  test("is not a set's or a record's to decommission when they are deleted: they leave it, with one warning", async () => {
    const { scene, record, set } = await movedAndFailed();
    const run = scene.another();
    await run.record.check(olds, { ...recordAt(1), ...declaringElsewhere });
    await run.set.delete(ID, set);
    await run.record.delete(RECORD, { ...record, updatedAt: set.records[nameAt(0)]?.split(" ").at(-1) });
    // Both say the same of it.
    expect([statusesOf(scene.github), run.warnings.length]).toEqual([deployed(), 1]);
  });

  test("is left with a warning too by a deletion that makes room for a replacement", async () => {
    const { scene, record, set } = await movedAndFailed();
    const run = scene.another();
    await run.record.check(record as never, { ...recordAt(1), ...declaringElsewhere });
    await run.record.diff(RECORD, record, recordAt(1));
    await run.record.delete(RECORD, { ...record, updatedAt: set.records[nameAt(0)]?.split(" ").at(-1) });
    expect(run.warnings.join("\n")).toMatch(
      /"shop-web-0".*left as it is: .* with another provider declares it/,
    );

    const next = scene.another();
    await next.set.check(olds, { ...setOf({}), ...declaringElsewhere });
    await next.set.delete(ID, set);
    expect(next.warnings.join("\n")).toMatch(
      /"shop-web-0".*left as it is: .* with another provider declares it/,
    );
    expect(statusesOf(scene.github)).toEqual(deployed());
  });
});

test("a record whose resource is deleted together with what its name depends on stays, and is named: its create may not come", async () => {
  const scene = await newSetScene();
  const record = await createRecord(scene, recordAt(0));
  const run = scene.another();
  // The resource that it depends on is checked, and to be replaced: Pulumi asks what that means for this one.
  await run.record.check(olds, { ...recordAt(1), ...declaring(0, 1) });
  const unknown = { ...recordAt(0), deploymentName: UNKNOWN };
  expect((await run.record.diff(RECORD, record, unknown)).replaces).toEqual(["deploymentName"]);
  await run.record.delete(RECORD, record);
  expect(writesOf(scene.github)).toHaveLength(1);
  expect(run.warnings).toEqual([expect.stringContaining(`"${nameAt(0)}"`)]);
  expect(run.warnings[0]).toContain("keep declaring it until a pulumi up has written it");
});

describe("a transform gives a resource another record than its constructor has declared", () => {
  const [{ __declared: constructed }] = [declaring(0)];

  test("the former one is nobody's: it is removed", async () => {
    const scene = await newSetScene();
    const old = await createRecord(scene, recordAt(0));
    const run = scene.another();
    await run.record.check(recordAt(0), {
      ...recordAt(1),
      __declared: `${constructed}|${constructed}`,
    } as never);
    await run.record.create(recordAt(1));
    await run.record.delete(RECORD, old);
    expect(statusesOf(scene.github)).toEqual([...decommissioned(0), ...deployed(1)]);
    expect(run.warnings).toEqual([]);
  });

  test("the former entries of a set too, and those that it still has are not", async () => {
    const scene = await newSetScene();
    const set = await createSet(scene, setOf(deployments(2)));
    const run = scene.another();
    const { __declared: both } = declaring(0, 1);
    const moved = setOf(deployments(1), { logicalEnvironment: "staging" });
    await run.set.check(olds, { ...moved, __declared: `${both}|${both}` } as never);
    await run.set.create(moved);
    await run.set.delete(ID, set);
    expect(statusesOf(scene.github).sort()).toEqual(
      [...deployed(0), ...decommissioned(0), ...decommissioned(1)].sort(),
    );
  });

  test("what another resource of the program declares stays declared", async () => {
    const { scene, set } = await movedAndFailed();
    const run = scene.another();
    await run.record.check(olds, {
      ...recordAt(1),
      __declared: `${constructed}|${declaring(1).__declared}`,
    } as never);
    const error = await failureOf(run.set.delete(ID, set));
    expect(error.message).toContain("has not written it");
    expect(statusesOf(scene.github)).toEqual(deployed());
  });
});

test("a record that goes to a new resource is named where its own is deleted first, for another record: that one may not come", async () => {
  const scene = await newSetScene();
  const record = await createRecord(scene, recordAt(0));
  const run = scene.another();
  await run.record.check(record as never, { ...recordAt(1), ...declaring(0, 1) });
  await run.record.diff(RECORD, record, recordAt(1));
  await run.record.delete(RECORD, record);
  expect(statusesOf(scene.github)).toEqual(deployed());
  expect(run.warnings).toEqual([expect.stringMatching(/"shop-web-0".* stays as it is: .*--target/)]);
});

test("a set that --replace deletes before it is created again keeps its records", async () => {
  const scene = await newSetScene();
  const set = await createSet(scene, setOf(deployments(2)));
  const run = scene.another();
  // Pulumi checks it as new, and asks for no diff.
  await run.set.check(olds, { ...setOf(deployments(1)), ...declaring(0) });
  await run.set.delete(ID, set);
  expect(statusesOf(scene.github)).toEqual([...deployed(0), ...decommissioned(1)]);
  expect(run.warnings).toEqual([
    expect.stringMatching(/^The deployment "shop-web-0" of the set .* keep declaring it/),
  ]);
  await run.set.create(setOf(deployments(1)));
  expect(statusesOf(scene.github)).toEqual([...deployed(0), ...decommissioned(1)]);
});

describe("a record is deleted that another one declares", () => {
  test.each<[string, Record<string, string>, number]>([
    ["", {}, 200],
    [", with verifyOwnership: false", { verifyOwnership: "false" }, 200],
    [", where the token cannot read", {}, 403],
  ])(
    "before its own replacement is created%s: it stays, and the other one writes it",
    async (_how, config, status) => {
      const { scene, old, renamed } = await renamedAndFailed({}, config);
      const reads = { match: { method: "GET" }, when: "before", do: { status } } as const;
      if (status !== 200) scene.github.fault({ ...reads, times: Infinity });
      const run = scene.another();
      await run.record.check(olds, { ...recordAt(1), ...declaring(0, 1) });
      expect((await run.record.diff(RECORD, old, recordAt(1))).replaces).toEqual(["deploymentName"]);
      await run.record.delete(RECORD, old);
      expect(scene.github.requests).toEqual([]);
      await run.record.create(recordAt(1));
      await run.record.check(olds, recordAt(0));
      expect((await run.record.diff(RECORD, renamed, recordAt(0))).changes).toBe(true);
      expect(statusesOf(scene.github)).toEqual([...deployed(0), ...deployed(1)]);
    },
  );

  test("and has not written: the deletion fails, and the record stays in the state", async () => {
    const { scene, renamed } = await renamedAndFailed();
    const run = scene.another();
    await run.record.check(olds, { ...recordAt(1), ...declaring(0, 1) });
    const error = await failureOf(run.record.delete(RECORD, renamed));
    expect(error.message).toMatch(/declares the deployment record "shop-web-0".*has not written it/);
    expect(error.message).toMatch(
      /run once without `--parallel 1` and `--replace`, or without a dependency between the two/,
    );
    expect(statusesOf(scene.github)).toEqual(deployed());
  });

  test("and has nothing to write: what that one declares is there in the end; its own removal names both causes", async () => {
    const { scene, old, renamed } = await renamedAndFailed({ version: "2.0.0" });
    const run = scene.another();
    await run.record.check(olds, recordAt(0));
    await run.record.diff(RECORD, old, recordAt(0));
    await run.record.delete(RECORD, renamed);
    expect(scene.github.deploymentRecords()).toMatchObject([{ status: "deployed", version: "1.0.0" }]);
    const later = scene.another();
    await later.record.delete(RECORD, old);
    expect(later.warnings.join("\n")).toMatch(
      /current owner must decommission it.*another resource of this program wrote it and no longer/,
    );
  });

  test("and has nothing to write: tags and risks of another writer that nobody declares are cleared too", async () => {
    const { scene, old, renamed } = await renamedAndFailed({ version: "2.0.0" });
    foreignWrite(scene, 0, { tags: { team: "other" }, runtime_risks: ["sensitive-data"] });
    const run = scene.another();
    await run.record.check(olds, recordAt(0));
    await run.record.diff(RECORD, old, recordAt(0));
    await run.record.delete(RECORD, renamed);
    expect(scene.github.deploymentRecords()).toMatchObject([
      { version: "1.0.0", tags: {}, runtime_risks: [] },
    ]);
  });

  test("and could not be written for want of an artifact: it is decommissioned as what it was", async () => {
    const scene = await newSetScene({ attested: [digestAt(0)] }, { onMissingArtifact: "warn" });
    const old = await createRecord(scene, recordAt(0));
    const run = scene.another();
    const renamed = await createRecord(run, recordAt(0, { digest: digestAt(9) }));
    expect(renamed.status).toBe("not recorded");
    await run.record.delete(RECORD, old);
    expect(statusesOf(scene.github)).toEqual(decommissioned());
  });
});

describe("deleted before it is replaced by the same record", () => {
  async function replaced(scene: SetScene, change: Partial<RecordInputs>) {
    const old = await createRecord(scene, recordAt(0));
    const run = scene.another();
    await run.record.check(olds, recordAt(0, change));
    await run.record.diff(RECORD, old, recordAt(0, change));
    await run.record.delete(RECORD, old);
    return run;
  }

  test("the record is written once, and not decommissioned in between", async () => {
    const scene = await newSetScene();
    const run = await replaced(scene, { version: "2.0.0" });
    expect(statusesOf(scene.github)).toEqual(deployed());
    await run.record.create(recordAt(0, { version: "2.0.0" }));
    expect(writesOf(scene.github)).toHaveLength(2);
  });

  test("a create that fails leaves the resource in the state, and giving it up decommissions the record", async () => {
    const scene = await newSetScene({ attested: [digestAt(0)] });
    const change = { digest: digestAt(9) };
    const run = await replaced(scene, change);
    const { id, properties, reasons } = await failureOf(run.record.create(recordAt(0, change)));
    expect([id, reasons?.length]).toEqual([RECORD, 1]);
    expect(properties).toMatchObject({ status: "not recorded", digest: digestAt(0) });
    await scene.another().record.delete(RECORD, properties as object as RecordOutputs);
    expect(statusesOf(scene.github)).toEqual(decommissioned());
  });

  async function replacedSet(scene: SetScene, news: SetInputs) {
    const set = await createSet(scene, setOf(deployments(2)));
    const run = scene.another();
    await run.set.check(olds, news);
    await run.set.diff(ID, set, news);
    await run.set.delete(ID, set);
    expect(statusesOf(scene.github)).toEqual([...deployed(0), ...decommissioned(1)]);
    return { set, run };
  }

  test("a set whose create fails keeps the entries that were there", async () => {
    const scene = await newSetScene({ attested: [digestAt(0), digestAt(1)] });
    const news = setOf({ [nameAt(0)]: deploymentAt(0, { digest: digestAt(9) }) });
    const { set, run } = await replacedSet(scene, news);
    const { properties } = await failureOf(run.set.create(news));
    expect(properties?.deployments).toEqual(without(set.deployments, nameAt(1)));
  });

  test.each([
    ["is refused as a whole", { status: 403 as const }, 0],
    ["gets no answer", "reset" as const, 0],
    ["is too large for one request", undefined, 1_000],
  ])("and one whose create %s: giving it up decommissions them", async (_, fault, added) => {
    const scene = await newSetScene();
    const others = without(deployments(2 + added), nameAt(0), nameAt(1));
    const changed = { [nameAt(0)]: deploymentAt(0, { tags: { team: "shop" } }) };
    const news = setOf({ ...changed, ...others }, added > 0 ? { partialSuccess: false } : {});
    const { run } = await replacedSet(scene, news);
    const failing =
      fault && scene.github.fault({ match: { method: "POST" }, when: "before", do: fault, times: 9 });
    const { id, properties } = await failureOf(run.set.create(news));
    expect([id, Object.keys(properties?.deployments ?? {})]).toEqual([ID, [nameAt(0)]]);
    failing?.remove();
    await scene.another().set.delete(ID, properties as object as SetOutputs);
    expect(statusesOf(scene.github)).toEqual([...decommissioned(0), ...decommissioned(1)]);
  });
});

describe("a list that fails", () => {
  const failing = (scene: SetScene) =>
    scene.github.fault({ match: { method: "GET" }, when: "before", do: { status: 401 } });

  test("keeps the other changes of a set from nothing, and the entry stays", async () => {
    const scene = await newSetScene();
    const set = await createSet(scene, setOf(deployments(2)));
    failing(scene);
    const news = setOf({ [nameAt(0)]: deploymentAt(0, { version: "2.0.0" }) });
    const { properties, message } = await failureOf(updateSet(scene.another(), set, news));
    expect(message).toContain('deployments["shop-web-1"]');
    expect(Object.keys(properties?.deployments ?? {})).toEqual([nameAt(0), nameAt(1)]);
    expect(scene.github.deploymentRecords()).toMatchObject([{ version: "2.0.0" }, { version: "1.0.0" }]);
  });

  test("keeps what is in the same batch from nothing", async () => {
    const scene = await newSetScene();
    const old = await createRecord(scene, recordAt(0));
    failing(scene);
    const run = scene.another();
    const held = scene.github.fault({ match: { method: "POST" }, when: "before", do: { delay: 0 } });
    const first = createRecord(run, recordAt(5));
    await held.arrived;
    const removed = failureOf(run.record.delete(RECORD, old));
    const created = createRecord(run, recordAt(1));
    await Promise.all([first, created, removed]);
    expect(statusesOf(scene.github)).toEqual([...deployed(0), ...deployed(1), ...deployed(5)]);
  });
});
