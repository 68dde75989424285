/** A record that moves between resources, sets and stacks: it is deployed at the end, exactly once. */
import { mixedScene, set, single, statuses, urnOf, type Thing } from "./support/mixed";

/** Where the record may be declared. Beside it, another one stays where it is. */
const places: Record<string, Thing[]> = {
  "a single record": [single("api"), single("web")],
  "a single record of another name": [single("api"), single("web", {}, "storefront")],
  "a set": [single("api"), set("fleet", ["web"])],
  "another set": [single("api"), set("other-fleet", ["web"])],
  "a larger set": [set("fleet", ["api", "web"])],
};

const moves = Object.keys(places).flatMap((from) =>
  Object.keys(places).flatMap((to) => (from === to ? [] : [[from, to] as const])),
);
const thingsOf = (place: string) => places[place] ?? [];
const deployed = ["api deployed", "web deployed"];

/** Each move starts where the last one ended, so that twenty of them are tried in twenty runs. */
test("moved from any place to any other, a record stays deployed", async () => {
  const { up, github } = await mixedScene();
  let at: string | undefined;
  const left = new Set(moves);
  while (left.size > 0) {
    const next = [...left].find(([from]) => from === at) ?? [...left][0];
    if (!next) break;
    left.delete(next);
    const [from, to] = next;
    if (at !== from) await up(thingsOf(from));
    expect([from, (await up(thingsOf(to))).warnings, statuses(github)]).toEqual([from, [], deployed]);
    at = to;
  }
  expect(await up(thingsOf(at ?? ""))).toMatchObject({ plan: [], requests: [] });
  await up([]);
  expect(statuses(github)).toEqual(["api decommissioned", "web decommissioned"]);
});

test("a deployment that moves from one set into another that exists stays deployed", async () => {
  const { up, github } = await mixedScene();
  await up([set("one", ["api", "web"]), set("two", ["job"])]);
  const moved = [set("one", ["api"]), set("two", ["job", "web"])];
  expect(await up(moved)).toMatchObject({ plan: ["update one", "update two"], warnings: [] });
  expect(statuses(github)).toEqual(["api deployed", "job deployed", "web deployed"]);
  expect(await up(moved)).toMatchObject({ plan: [], requests: [] });
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
