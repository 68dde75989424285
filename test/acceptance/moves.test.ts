/** A record that moves between resources, sets and stacks: it is deployed at the end, exactly once. */
import { testClock } from "../../local/github";
import { digestOf } from "./support/declarations";
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

const LONG = Boolean(process.env.LONG);

test("22. renamed, moved or replaced: moved from any place to any other, and back, records stay deployed", async () => {
  const { up, preview, github } = await mixedScene();
  const names = moves.map(({ name }) => name).sort();
  const deployed = names.map((name) => `${name} deployed`);
  await up(thingsAt("from"));
  for (const end of LONG ? (["to", "from"] as const) : (["to"] as const)) {
    const { warnings } = await up(thingsAt(end));
    expect([end, warnings, statuses(github)]).toEqual([end, [], deployed]);
    if (LONG) expect(await preview(thingsAt(end))).toMatchObject({ plan: [], requests: [] });
  }
  expect((await up([])).warnings).toEqual([]);
  expect(statuses(github)).toEqual(names.map((name) => `${name} decommissioned`));
});

test("22. renamed, moved or replaced: what is replaced with the same identity stays deployed, a set in another cluster is another one", async () => {
  const { up, github } = await mixedScene();
  const same = [set("fleet", ["api", "web"]), single("job")];
  const inCluster = (cluster: string) => set("other", ["shop"], { cluster });
  await up([...same, inCluster("prod-us")]);
  const { plan, warnings } = await up([...same, inCluster("prod-asia")], { replace: same.map(urnOf) });
  expect(plan).toEqual(expect.arrayContaining(["replace fleet", "replace job", "replace other"]));
  expect(warnings).toEqual([]);
  const records = github
    .deploymentRecords()
    .map(({ deployment_name, cluster, status }) => `${deployment_name} ${cluster} ${status}`);
  expect(records.sort()).toEqual([
    "api prod-eu deployed",
    "job prod-eu deployed",
    "shop prod-asia deployed",
    "shop prod-us decommissioned",
    "web prod-eu deployed",
  ]);
});

const library: Thing = {
  kind: "StorageRecord",
  name: "libfoo",
  args: { name: "libfoo", digest: digestOf("libfoo"), registryUrl: "https://reg.example.com" },
};

/** Two stacks and the server's clock, which moves by a minute between their runs. */
async function twoStacks(killable = false) {
  const clock = testClock();
  const mixed = await mixedScene({ killable, server: { now: clock.now } });
  const all = () => [
    ...mixed.github.deploymentRecords().map((record) => ({ ...record, name: record.deployment_name })),
    ...mixed.github.storageRecords(),
  ];
  return {
    ...mixed,
    later: () => clock.advance(60_000),
    all: () => all().map(({ name, status }) => `${name} ${status}`),
    /** What was written since the clock last moved. */
    fresh: () =>
      all()
        .filter(({ updated_at }) => Date.parse(updated_at) === clock.now())
        .map(({ name, status }) => `${name} ${status}`),
  };
}

const old = [single("api"), set("fleet", ["web", "job"]), library];
const moved = [set("fleet", ["api"]), single("web"), library];
const atEnd = ["api deployed", "job decommissioned", "web deployed", "libfoo active"];

test("22. renamed, moved or replaced: killed in the stack to which records move, they stay deployed, and a warning names them", async () => {
  const { other, upKilled, up, preview, later, all, fresh } = await twoStacks(true);
  await other.up(old);
  later();
  await upKilled(moved);
  const taken = fresh();
  expect(taken).not.toEqual([]);
  later();
  // What was not written before the kill is still the old stack's, which removes it.
  const { output } = await other.up([]);
  expect(all()).toEqual(expect.arrayContaining(taken));
  expect(output).toMatch(/left as (it is|they are)/);
  later();
  await up(moved);
  expect(all()).toEqual(atEnd);
  if (LONG) expect(await preview(moved)).toMatchObject({ plan: [], requests: [] });
});

const onLong = LONG ? test : test.skip;

onLong("a record that moved to another stack stays deployed, and a warning says who has it now", async () => {
  const { up, other, later, all } = await twoStacks();
  await up(old);
  later();
  await other.up(moved);
  later();
  const { warnings } = await up([]);
  expect(all()).toEqual(atEnd);
  for (const name of ["api", "web", "libfoo"])
    expect(warnings.join("\n")).toMatch(new RegExp(`"${name}".* left as it is`));
});

onLong("killed in the stack from which records move, they stay deployed", async () => {
  const { up, upKilled, other, later, all } = await twoStacks(true);
  await up(old);
  later();
  await upKilled([]);
  later();
  await other.up(moved);
  later();
  await up([]);
  expect(all()).toEqual(atEnd);
});

test.each(LONG ? [1, 2] : [1])(
  "22. renamed, moved or replaced: killed in a move, then in a replacement at write %i, the next run ends with it",
  async (nth) => {
    const { up, upKilled, preview, github } = await mixedScene({ killable: true });
    const things = [set("fleet", ["web", "api"]), single("job")];
    const deployed = ["api deployed", "job deployed", "web deployed"];
    await up([single("web"), single("job")]);
    await upKilled(things);
    await up(things);
    expect(statuses(github)).toEqual(deployed);

    await upKilled(things, nth, { replace: things.map(urnOf) });
    await up(things);
    expect(statuses(github)).toEqual(deployed);
    if (LONG) expect(await preview(things)).toMatchObject({ plan: [], requests: [] });
  },
);

onLong.each([
  ["a set into single records", [set("fleet", ["web", "api"])], [single("web"), single("api")]],
  ["one set into another", [set("one", ["web", "api"])], [set("two", ["web", "api"])]],
] as const)(
  "22. renamed, moved or replaced: killed in a move from %s, the next run ends with it deployed",
  async (_what, before, after) => {
    const { up, upKilled, preview, github } = await mixedScene({ killable: true });
    await up([...before]);
    await upKilled([...after]);
    await up([...after]);
    expect(statuses(github)).toEqual(["api deployed", "web deployed"]);
    expect(await preview([...after])).toMatchObject({ plan: [], requests: [] });
  },
);
