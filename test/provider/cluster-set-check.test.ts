/** What a set's deployments may be: each is checked, unknown or not, and all of them together. */
import { UNKNOWN } from "../../provider/lifecycle/check";
import type { Deployment } from "../../provider/github/wire";
import type { Inputs } from "../../provider/cluster-deployment-set";
import {
  createSet,
  deploymentAt,
  deployments,
  digestAt,
  ID,
  isChanged,
  lastEntries,
  nameAt,
  newSetScene,
  refreshSet,
  setOf,
  statusesOf,
  updateSet,
  without,
} from "../support/sets";

/** `check` with whatever a program may give it. */
async function check(news: object, olds: object = {}) {
  const { set } = await newSetScene();
  const { inputs, failures } = await set.check(olds as Inputs, news as Inputs);
  return { inputs: inputs as Inputs, failures: failures ?? [] };
}
const anything = <E>(entries: E, more: object = {}) => ({ ...setOf({}), deployments: entries, ...more });
const propertiesOf = ({ failures }: Awaited<ReturnType<typeof check>>) =>
  failures.map(({ property }) => property);
const undefaulted = without({ ...deploymentAt(0) }, "status");

test("defaults are filled in, and nothing else is added", async () => {
  const { inputs, failures } = await check(anything({ web: undefaulted }));
  expect(failures).toEqual([]);
  expect(inputs).toEqual(setOf({ web: deploymentAt(0) }));
});

test("an entry's failures are named as the user would write them", async () => {
  const wrong = {
    ...undefaulted,
    digest: "sha256:1",
    tags: { "a b": 1 },
    runtimeRisks: ["none"],
    colour: "red",
  };
  expect(propertiesOf(await check(anything({ "shop-web": wrong, ok: undefaulted })))).toEqual([
    'deployments["shop-web"].digest',
    'deployments["shop-web"].tags["a b"]',
    'deployments["shop-web"].runtimeRisks[0]',
    'deployments["shop-web"].colour',
  ]);
});

test.each([undefined, null, "web", 1, [undefaulted]])("deployments cannot be %j", async (entries) => {
  expect(propertiesOf(await check(anything(entries)))).toEqual(["deployments"]);
});

test.each([null, "web", 1, [undefaulted]])("an entry cannot be %j", async (entry) => {
  expect(propertiesOf(await check(anything({ web: entry })))).toEqual(["deployments.web"]);
});

test.each([
  ["a", true],
  ["a".repeat(256), true],
  ["😀".repeat(256), true],
  ["shop/web web%", true],
  ["", false],
  ["a".repeat(257), false],
  ["😀".repeat(257), false],
  ["bell\u0007", false],
  ["\ud800", false],
])("as a deployment's name %j is allowed: %s", async (name, allowed) => {
  const { failures } = await check(anything({ [name]: undefaulted }));
  const reason = expect.stringMatching(/^its name (must have|has|contains) /) as string;
  const failure = {
    property: `deployments${/^a+$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`}`,
    reason,
  };
  expect(failures).toEqual(allowed ? [] : [failure]);
});

test.each(["url", "method", "headers", "baseUrl", "constructor", "toString", "hasOwnProperty", "valueOf"])(
  "a deployment may be called %s, through its whole life",
  async (name) => {
    const scene = await newSetScene();
    const inputs = setOf({ [name]: deploymentAt(0, { tags: { [name]: name } }), other: deploymentAt(1) });
    expect(await scene.set.check(inputs, inputs)).toEqual({ inputs, failures: [] });
    const created = await createSet(scene, inputs);
    expect(await isChanged(scene, created, inputs)).toBe(false);
    expect((await refreshSet(scene, created)).inputs).toEqual(inputs);
    const fewer = setOf(without(inputs.deployments, name));
    expect(await isChanged(scene, created, fewer)).toBe(true);
    await updateSet(scene.another(), created, fewer);
    expect(lastEntries(scene.github)).toMatchObject([{ deployment_name: name, status: "decommissioned" }]);
    await updateSet(scene.another(), { deployments: {}, records: {} }, inputs);
    expect(statusesOf(scene.github)).toContain(`${name} deployed`);
  },
);

describe("what is unknown in a preview", () => {
  test("passes, and everything else is checked and filled in", async () => {
    const entries = {
      whole: UNKNOWN,
      digest: { ...undefaulted, digest: UNKNOWN },
      tag: { ...undefaulted, tags: { team: UNKNOWN, tier: "web" } },
      risk: { ...undefaulted, runtimeRisks: [UNKNOWN] },
      wrong: { ...undefaulted, digest: UNKNOWN, version: "" },
    };
    const result = await check(anything(entries, { cluster: UNKNOWN }));
    expect(propertiesOf(result)).toEqual(["deployments.wrong.version"]);
    expect(result.inputs.deployments.digest).toEqual({ ...deploymentAt(0), digest: UNKNOWN });
    expect(result.inputs.deployments.whole).toBe(UNKNOWN);
  });

  test("as the whole map passes, and is a change", async () => {
    const scene = await newSetScene();
    const unknown = anything(UNKNOWN) as unknown as Inputs;
    expect(await check(unknown)).toEqual({ inputs: unknown, failures: [] });
    expect(await isChanged(scene, await createSet(scene, setOf(deployments(1))), unknown)).toBe(true);
  });

  test("in one entry is a change", async () => {
    const scene = await newSetScene();
    const created = await createSet(scene, setOf(deployments(2)));
    const unknown = { ...deployments(2), [nameAt(1)]: UNKNOWN as unknown as Deployment };
    expect(await isChanged(scene, created, setOf(unknown))).toBe(true);
  });
});

describe("two entries with the same digest and repository", () => {
  const first = deploymentAt(0);

  test("19. bad tags, contradictions, and a record declared twice: must have the same name and version; both places are named", async () => {
    const second = { ...first, name: "other", version: "2" };
    const { failures } = await check(anything({ "shop-a": first, "shop-b": second }));
    expect(failures).toMatchObject([
      {
        property: 'deployments["shop-b"].name',
        reason: expect.stringContaining('deployments["shop-a"].name') as string,
      },
      {
        property: 'deployments["shop-b"].version',
        reason: expect.stringContaining('deployments["shop-a"].version') as string,
      },
    ]);
  });

  test.each<[string, Partial<Deployment>, string[]]>([
    ["agree", {}, []],
    ["differ in the version's absence", { version: undefined }, ["deployments.b.version"]],
    ["have other digests", { version: "2", digest: digestAt(1) }, []],
    ["have other repositories", { version: "2", githubRepository: "other" }, []],
    ["have an unknown version", { version: UNKNOWN }, []],
    ["have an unknown digest", { version: "2", digest: UNKNOWN }, []],
  ])("that %s", async (_what, more, expected) => {
    const entries = {
      a: { ...first, githubRepository: "web" },
      b: { ...first, githubRepository: "WEB", ...more },
    };
    expect(propertiesOf(await check(anything(entries)))).toEqual(expected);
  });

  test("that a refresh found without the version of one, and `ignoreChanges` keeps: it contradicts none", async () => {
    const kept = anything({ a: { ...first, version: "" }, b: first });
    expect(propertiesOf(await check(kept, kept))).toEqual([]);
    const added = anything({ ...kept.deployments, c: { ...first, version: "2" } });
    expect(propertiesOf(await check(added, kept))).toEqual(["deployments.c.version"]);
  });
});

test("a change of each part of the identity replaces the set, a change of the organisation's case does not", async () => {
  const scene = await newSetScene();
  const created = await createSet(scene, setOf(deployments(1)));
  const diff = async (more: Partial<Inputs>) => scene.set.diff(ID, created, setOf(deployments(1), more));
  for (const field of ["org", "logicalEnvironment", "physicalEnvironment", "cluster"] as const)
    expect(await diff({ [field]: "other" })).toMatchObject({ changes: true, replaces: [field] });
  expect(await diff({ physicalEnvironment: undefined })).toMatchObject({ replaces: ["physicalEnvironment"] });
  expect(await diff({ org: "ACME" })).toMatchObject({ changes: false, replaces: [] });
});

test("a state without the status of entries that are deployed, and without the identity, as earlier versions saved it, is no change", async () => {
  const scene = await newSetScene();
  const inputs = setOf({ ...deployments(2), off: deploymentAt(2, { status: "decommissioned" }) });
  const created = await createSet(scene, inputs);
  const { records } = created;
  const entries = Object.entries(created.deployments).map(([name, entry]) => [
    name,
    name === "off" ? entry : without({ ...entry }, "status"),
  ]);
  const earlier = { deployments: Object.fromEntries(entries) as typeof created.deployments, records };
  expect(await isChanged(scene, earlier, inputs)).toBe(false);
  const refreshed = await refreshSet(scene.another(), earlier);
  expect(refreshed).toEqual({ outs: { deployments: created.deployments, records }, inputs });
  const running = setOf({ ...inputs.deployments, off: deploymentAt(2) });
  for (const saved of [earlier, created]) expect(await isChanged(scene, saved, running)).toBe(true);
});

test("the order of risks, and of the deployments, is no change", async () => {
  const scene = await newSetScene();
  const risks = (list: Deployment["runtimeRisks"]) => deployments(1, { runtimeRisks: list });
  const created = await createSet(
    scene,
    setOf({ ...risks(["internet-exposed", "sensitive-data"]), b: deploymentAt(1) }),
  );
  const same = setOf({ b: deploymentAt(1), ...risks(["sensitive-data", "internet-exposed"]) });
  expect(await isChanged(scene, created, same)).toBe(false);
});

test("of an entry, its inputs are saved twice at most, and 90 bytes for a name of up to 20 characters", async () => {
  const scene = await newSetScene({ firstId: 10_000_000 });
  const bytes = (value: unknown) => Buffer.byteLength(JSON.stringify(value));
  const named = (count: number) =>
    setOf(
      Object.fromEntries(
        Object.entries(deployments(count)).map(([name, entry]) => [name.padEnd(20, "x"), entry]),
      ),
    );
  const [small, large] = [named(100), named(1_000)];
  const size = async (inputs: Inputs) => bytes(inputs) + bytes(await createSet(scene.another(), inputs));
  // The difference is that of 900 entries, without what a set has once.
  const each = ((await size(large)) - (await size(small))) / 900;
  const entry = (bytes(large) - bytes(small)) / 900;
  expect(each).toBeLessThanOrEqual(2 * entry + 90);
});
