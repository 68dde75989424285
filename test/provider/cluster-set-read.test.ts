/** Refreshing a set and reading one with .get; and that its size does not matter. */
import type { SetOutputs } from "../../provider/cluster-deployment-set/fields";
import {
  createSet,
  deploymentAt,
  deployments,
  digestAt,
  failureOf,
  foreignWrite,
  isChanged,
  nameAt,
  newSetScene,
  ID,
  reads,
  refreshSet,
  setOf,
  statusesOf,
  updateSet,
  without,
  writesOf,
} from "../support/sets";

describe("a refresh", () => {
  test("asks for each digest once, and finds no drift where there is none", async () => {
    const scene = await newSetScene();
    const risks = deploymentAt(0, { runtimeRisks: ["sensitive-data", "internet-exposed"], tags: {} });
    const inputs = setOf({ a: risks, b: risks, c: deploymentAt(1) });
    const created = await createSet(scene, inputs);
    const read = await refreshSet(scene.another(), created);
    expect(read).toEqual({ outs: created, inputs });
    expect(reads(scene)).toBe(2);
  });

  test("25. tags or risks changed elsewhere: shows drift at the entry that it concerns, and one write takes it back", async () => {
    const scene = await newSetScene();
    const inputs = setOf(deployments(4, { tags: { team: "shop" } }));
    const created = await createSet(scene, inputs);
    foreignWrite(scene, 0, { tags: { team: "other" } });
    foreignWrite(scene, 1, { runtime_risks: ["sensitive-data"] });
    foreignWrite(scene, 2, { digest: digestAt(77) });
    const read = await refreshSet(scene.another(), created);
    expect(read.inputs).toEqual(
      setOf({
        ...inputs.deployments,
        [nameAt(0)]: deploymentAt(0, { tags: { team: "other" } }),
        [nameAt(1)]: deploymentAt(1, { tags: { team: "shop" }, runtimeRisks: ["sensitive-data"] }),
        [nameAt(2)]: { ...deploymentAt(2, { tags: { team: "shop" } }), status: "not listed" as "deployed" },
      }),
    );
    expect(read.outs.records[nameAt(0)]).toBe(created.records[nameAt(0)]);

    expect(await isChanged(scene, read.outs, inputs)).toBe(true);
    const back = await updateSet(scene.another(), read.outs, inputs);
    expect(writesOf(scene.github).at(-1)).toMatch(/ 3$/);
    expect(
      scene.github
        .deploymentRecords()
        .map(({ tags, runtime_risks, digest }) => [tags, runtime_risks, digest]),
    ).toEqual([0, 1, 2, 3].map((index) => [{ team: "shop" }, [], digestAt(index)]));
    expect(back.deployments).toEqual(inputs.deployments);
  });

  test("24. no right to read: keeps the state", async () => {
    const scene = await newSetScene();
    const created = await createSet(scene, setOf(deployments(3)));
    const hidden = { status: 404, body: { message: "Not Found" } };
    scene.github.fault({ match: { method: "GET" }, when: "before", do: hidden, times: 3 });
    const later = scene.another();
    expect((await refreshSet(later, created)).outs).toEqual(created);
    expect(later.warnings).toEqual([expect.stringMatching(/cannot be read, so the state is kept/)]);
  });

  test.each<[string, Partial<SetOutputs>]>([
    ["a job was to write that has vanished", { job: { id: "7", written: [nameAt(0)], removed: [] } }],
    ["could not be written for want of an artifact", { skipped: [nameAt(0)] }],
  ])("of an entry that %s does not make another writer's record the set's own", async (_why, more) => {
    const scene = await newSetScene();
    foreignWrite(scene, 0, {});
    const { outs } = await refreshSet(scene, { ...setOf(deployments(1)), records: {}, ...more });
    expect(outs.records[nameAt(0)]).toMatch(/^\d+ \d+ -$/);
    const run = scene.another();
    await run.set.delete(ID, outs);
    expect(statusesOf(scene.github)).toEqual(["shop-web-0 deployed"]);
    expect(run.warnings).toEqual([expect.stringMatching(/"shop-web-0".*was left as it is/)]);
  });

  test("fills in the ids that a job did not say", async () => {
    const scene = await newSetScene();
    const oneArtifact = Object.fromEntries(
      Object.keys(deployments(1_001)).map((name) => [name, deploymentAt(0)]),
    );
    const created = await createSet(scene, setOf(oneArtifact));
    const { outs } = await refreshSet(scene.another(), created);
    const [, time] = /^- - (.+Z)$/.exec(created.records[nameAt(0)] ?? "") ?? [];
    expect(outs.records[nameAt(0)]).toMatch(new RegExp(`^\\d+ \\d+ ${time}$`));
  });
});

describe(".get", () => {
  const state = (entries: object) =>
    ({ deployments: entries }) as unknown as Parameters<typeof refreshSet>[1];

  test("reads the records, and their identity from the ID", async () => {
    const scene = await newSetScene();
    await createSet(scene, setOf(deployments(1, { tags: { team: "shop" } })));
    const { outs } = await refreshSet(scene.another(), state({ [nameAt(0)]: { digest: digestAt(0) } }));
    expect(outs).toMatchObject({
      ...without({ ...setOf({}) }, "deployments"),
      deployments: { [nameAt(0)]: { digest: digestAt(0), tags: { team: "shop" } } },
      records: { [nameAt(0)]: expect.stringMatching(/^\d+ \d+ 2026-01-01T00:00:00Z$/) as string },
    });
  });

  test("fails where a record is not listed, and names it", async () => {
    const scene = await newSetScene();
    await createSet(scene, setOf(deployments(1)));
    const entries = { [nameAt(0)]: { digest: digestAt(0) }, gone: { digest: digestAt(0) } };
    const error = await failureOf(refreshSet(scene.another(), state(entries)));
    expect(error.message).toMatch(
      /^GitHub does not list.*: deployment record "gone" \(production, eu-west-1, prod-eu\) of acme\./,
    );
  });

  test("fails where the token may not read", async () => {
    const scene = await newSetScene();
    scene.github.setToken("blind", { permission: "none" });
    const later = scene.another({ token: "blind" });
    const error = await failureOf(refreshSet(later, state({ a: { digest: digestAt(0) } })));
    expect(error.message).toMatch(/403|404/);
  });
});

test("20,000 deployments are checked and compared with work that grows as their number does", async () => {
  const scene = await newSetScene();
  const looks = async (count: number) => {
    let looked = 0;
    const seen = (entries: object) =>
      new Proxy(entries, {
        getOwnPropertyDescriptor: (on, key) => (looked++, Reflect.getOwnPropertyDescriptor(on, key)),
      });
    const inputs = setOf(seen(deployments(count)) as ReturnType<typeof deployments>);
    const { failures } = await scene.set.check(inputs, inputs);
    expect(failures).toEqual([]);
    const olds = { deployments: seen(deployments(count)) as ReturnType<typeof deployments>, records: {} };
    expect(await isChanged(scene, olds, inputs)).toBe(false);
    return looked;
  };
  const [some, more] = [await looks(2_000), await looks(20_000)];
  expect(some).toBeGreaterThan(0);
  expect(more / some).toBeLessThan(11);
});
