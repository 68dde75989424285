/** Another writer changed a record: a refresh shows it, one write takes it back, and nobody's record is undone. */
import { changed, decommissioned, digestOf, record, stored } from "./support/declarations";
import { newScene } from "./support/scene";
import { onLong } from "./support/long";

test("a refresh without drift changes nothing and writes nothing", async () => {
  const web = record("web", { tags: { team: "shop" }, runtimeRisks: ["internet-exposed", "sensitive-data"] });
  const bare = record("bare", { physicalEnvironment: undefined, cluster: undefined, version: undefined });
  const { up, refresh, preview, records, stack } = await newScene();
  await up([web, bare]);
  const before = (await stack.exportState()).deployment.resources?.map(({ inputs, outputs }) => [
    inputs,
    outputs,
  ]);

  const { plan, writes, requests } = await refresh();
  expect({ plan, writes, requests: requests.length }).toEqual({ plan: [], writes: 0, requests: 2 });
  const after = (await stack.exportState()).deployment.resources;
  expect(after?.map(({ inputs, outputs }) => [inputs, outputs])).toEqual(before);
  expect(await preview()).toMatchObject({ plan: [], requests: [] });
  expect(records()).toEqual([stored(bare), stored(web)]);
});

test("25. tags or risks changed elsewhere: the next preview shows it, one write takes it back, and then nothing is written", async () => {
  const tags = record("tags", { tags: { team: "shop", tier: "web" } });
  const added = record("added");
  const risks = record("risks", { runtimeRisks: ["internet-exposed"] });
  const moved = record("moved", { digest: digestOf("before") });
  const kept = record("kept", { tags: { team: "shop" } });
  const declared = [added, kept, moved, risks, tags];
  const { up, refresh, preview, records, foreignWrite } = await newScene();
  await up(declared);

  foreignWrite(stored(tags, { tags: { team: "other" } }));
  foreignWrite(stored(added, { tags: { team: "other" } }));
  foreignWrite(stored(risks, { runtime_risks: ["sensitive-data", "critical-resource"] }));
  foreignWrite(stored(moved, { digest: digestOf("after") }));
  const drifted = records();
  const refreshed = await refresh();
  expect(refreshed.writes).toBe(0);
  expect(refreshed.plan).toEqual(["update added", "update moved", "update risks", "update tags"]);
  expect(records()).toEqual(drifted);

  const { plan, output, requests } = await preview();
  expect({ plan, requests }).toEqual({ plan: refreshed.plan, requests: [] });
  expect(changesOf(output, "tags")).toEqual(["~ tags: {", '~ team: "other" => "shop"', '+ tier: "web"']);
  expect(changesOf(output, "added")).toEqual(["- tags: {", '- team: "other"']);
  expect(changesOf(output, "risks")).toEqual([
    "~ runtimeRisks: [",
    '~ [0]: "sensitive-data" => "internet-exposed"',
    '- [1]: "critical-resource"',
  ]);
  expect(changesOf(output, "moved")).toEqual(['~ status: "not listed" => "deployed"']);

  expect(await up()).toMatchObject({ plan, written: 4, warnings: [] });
  expect(records()).toEqual(declared.map((each) => stored(each)));
  expect(await up()).toMatchObject({ plan: [], requests: [] });
});

test("23. another writer's digest: removing what another writer took over leaves it alone, with a warning", async () => {
  const later = record("later");
  const moved = record("moved");
  const own = record("own");
  const { up, records, foreignWrite } = await newScene();
  await up([later, moved, own]);
  foreignWrite(stored(later, { tags: { team: "other" } }));
  foreignWrite(stored(moved, { digest: digestOf("other") }));
  const [takenLater, takenMoved] = records();

  const { plan, writes, warnings } = await up([]);
  expect({ plan, writes }).toEqual({ plan: ["delete later", "delete moved", "delete own"], writes: 1 });
  // One for both where the removals travelled together.
  const said = warnings.join("\n");
  for (const name of ["later", "moved"])
    expect(said.split(`"shop-${name}" (production, eu-west-1, prod-eu) of acme`)).toHaveLength(2);
  expect(said).toMatch(/left as (it is|they are)/);
  expect(records()).toEqual([takenLater, takenMoved, decommissioned(own)]);
});

test("with --refresh, a run takes back what drifted and removes what is declared no more", async () => {
  const web = record("web", { tags: { team: "shop" } });
  const old = record("old");
  const { up, destroy, records, foreignWrite } = await newScene();
  await up([web, old]);
  foreignWrite(stored(web, { tags: { team: "other" } }));

  const { plan, warnings } = await up([web], { refresh: true });
  expect(plan).toEqual(expect.arrayContaining(["delete old", "update web"]));
  expect(warnings).toEqual([]);
  expect(records()).toEqual([decommissioned(old), stored(web)]);

  expect(await destroy({ refresh: true })).toMatchObject({ writes: 1, warnings: [] });
  expect(records()).toEqual([decommissioned(old), decommissioned(web)]);
});

onLong(
  "a record that was refreshed after the other writer's change is still the other writer's",
  async () => {
    const web = record("web", { tags: { team: "shop" } });
    const { up, refresh, destroy, records, foreignWrite } = await newScene();
    await up([web]);
    foreignWrite(stored(web, { tags: { team: "other" } }));
    await refresh();

    expect(await destroy()).toMatchObject({ plan: ["delete web"], writes: 0 });
    expect(records()).toEqual([stored(web, { tags: { team: "other" } })]);
  },
);

onLong("taking back what another writer took over, and removing it then, decommissions it", async () => {
  const web = record("web");
  const { up, records, foreignWrite } = await newScene();
  await up([web]);
  foreignWrite(stored(web, { digest: digestOf("other") }));

  const next = changed(web, { version: "1.0.1" });
  expect(await up([next])).toMatchObject({ plan: ["update web"], writes: 1, warnings: [] });
  expect(records()).toEqual([stored(next)]);
  expect(await up([])).toMatchObject({ plan: ["delete web"], writes: 1, warnings: [] });
  expect(records()).toEqual([decommissioned(next)]);
});

/** The printed lines that say what changes of a resource, without what aligns them. */
function changesOf(output: string, name: string): string[] {
  const [, section = ""] = output.split(`::${name}]\n`);
  const [changes = ""] = section.split(/^ *[~+-]? *pulumi-nodejs:|^Resources:/m);
  const lines = changes.split("\n").map((line) => line.trim().replace(/ +:/, ":"));
  return lines.filter((line) => /^[~+-] /.test(line));
}
