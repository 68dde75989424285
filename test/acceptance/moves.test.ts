/** A record that moves between resources, sets and stacks: it is deployed at the end, exactly once. */
import { mixedScene, set, single, statuses, urnOf, type Thing } from "./support/mixed";

/** Where a record may be declared: alone, in a set that stays, or in one that comes or goes. */
const before = ["alone", "one", "two", "old"];
const after = ["alone", "renamed", "one", "two", "new"];
const moves = before.flatMap((from) =>
  after.flatMap((to) => (from === to ? [] : [{ name: `${from}-${to}`, from, to }])),
);

function thingsAt(end: "from" | "to"): Thing[] {
  const at = (place: string) => moves.filter((move) => move[end] === place).map(({ name }) => name);
  const sets = ["one", "two", "old", "new"].filter((place) => at(place).length > 0);
  const alone = at("alone").map((name) => single(name));
  return [
    ...sets.map((place) => set(place, at(place))),
    ...alone,
    ...at("renamed").map((name) => single(name, {}, `${name}-renamed`)),
  ];
}

test("moved from any place to any other, and back, records stay deployed", async () => {
  const { up, github } = await mixedScene();
  const names = moves.map(({ name }) => name).sort();
  const deployed = names.map((name) => `${name} deployed`);
  await up(thingsAt("from"));
  for (const end of ["to", "from"] as const) {
    const { warnings } = await up(thingsAt(end));
    expect([end, warnings, statuses(github)]).toEqual([end, [], deployed]);
    expect(await up(thingsAt(end))).toMatchObject({ plan: [], requests: [] });
  }
  expect((await up([])).warnings).toEqual([]);
  expect(statuses(github)).toEqual(names.map((name) => `${name} decommissioned`));
});

test("a set and a record that are replaced with the same identity stay deployed", async () => {
  const { up, github } = await mixedScene();
  const things = [set("fleet", ["api", "web"]), single("job")];
  await up(things);
  const { plan, warnings } = await up(things, { replace: things.map(urnOf) });
  expect(plan).toEqual(expect.arrayContaining(["replace fleet", "replace job"]));
  expect(warnings).toEqual([]);
  expect(statuses(github)).toEqual(["api deployed", "job deployed", "web deployed"]);
});

test("a set in another cluster is another one: the old one's deployments are decommissioned", async () => {
  const { up, github } = await mixedScene();
  await up([set("fleet", ["api", "web"])]);
  await up([set("fleet", ["api", "web"], { cluster: "prod-us" })]);
  const records = github.deploymentRecords().map(({ cluster, status }) => `${cluster} ${status}`);
  expect(records).toEqual([
    "prod-eu decommissioned",
    "prod-eu decommissioned",
    "prod-us deployed",
    "prod-us deployed",
  ]);
});

test("a record that moved to another stack stays deployed, and a warning says who has it now", async () => {
  const { scene, up, other, github } = await mixedScene();
  await up([single("api"), set("fleet", ["web", "job"])]);
  const { foreignWrite, records } = scene;
  const [api] = records();
  if (!api) throw new Error("there is no record");
  // A minute passes on the server's clock.
  foreignWrite({ ...api, deployment_name: "unrelated" });
  await other.up([set("fleet", ["api"]), single("web")]);
  const { warnings } = await up([]);
  expect(statuses(github)).toEqual([
    "api deployed",
    "job decommissioned",
    "unrelated deployed",
    "web deployed",
  ]);
  expect(warnings.join("\n")).toMatch(/"api".* left as it is/);
  expect(warnings.join("\n")).toMatch(/"web".* left as it is/);
});

test.each([
  ["a single record into a set", [single("web")], [set("fleet", ["web", "api"])]],
  ["a set into single records", [set("fleet", ["web", "api"])], [single("web"), single("api")]],
  ["one set into another", [set("one", ["web", "api"])], [set("two", ["web", "api"])]],
] as const)("killed in a move from %s, the next run ends with it deployed", async (_what, before, after) => {
  const { up, upKilled, preview, github } = await mixedScene({ killable: true });
  await up([...before]);
  await upKilled([...after]);
  await up([...after]);
  expect(statuses(github)).toEqual(["api deployed", "web deployed"]);
  expect(await preview([...after])).toMatchObject({ plan: [], requests: [] });
});
