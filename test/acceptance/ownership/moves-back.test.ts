/** A move whose run failed, or that covered one target alone, and that is taken back: the record stays deployed. */
import { elsewhere, failElsewhere } from "../support/elsewhere";
import { mixedScene, set, single, statuses, urnOf, type Thing } from "../support/mixed";

const DEPLOYED = ["api deployed", "web deployed"];
const web = (name: string, options: Thing["options"] = {}): Thing => ({
  ...single("web", {}, name),
  options,
});

test("a record that went back from a set, to a resource that depends on the set, stays deployed", async () => {
  const { up, preview, github } = await mixedScene();
  await up([web("c"), set("x", ["api"])]);
  const failing = failElsewhere(github);
  await up([set("x", ["api", "web"]), elsewhere(["x"])], { exitCode: 1 });
  failing.remove();

  const back = [set("x", ["api"]), web("c", { dependsOn: ["x"] })];
  await up(back);
  expect(statuses(github).sort()).toEqual(DEPLOYED);
  await up(back);
  expect(statuses(github).sort()).toEqual(DEPLOYED);
  expect(await preview(back)).toMatchObject({ plan: [], requests: [] });
});

test("a record that went into a set and back, each with --target of the set, stays deployed", async () => {
  const { up, preview, github } = await mixedScene();
  const targets = [urnOf(set("x", []))];
  const here = [set("x", ["api"]), web("c")];
  await up(here);
  await up([set("x", ["api", "web"])], { targets });
  await up(here, { targets });
  expect(statuses(github).sort()).toEqual(DEPLOYED);
  await up(here);
  expect(statuses(github).sort()).toEqual(DEPLOYED);
  expect(await preview(here)).toMatchObject({ plan: [], requests: [] });
});

test("a rename whose run failed, then a replacement that deletes the old name first: the record stays deployed", async () => {
  const { up, preview, github } = await mixedScene();
  await up([web("old")]);
  const failing = failElsewhere(github);
  await up([web("new"), elsewhere(["new"])], { exitCode: 1 });
  failing.remove();

  const other = { ...single("api", {}, "old"), options: { deleteBeforeReplace: true } };
  const after = [other, web("new", { dependsOn: ["old"] })];
  await up(after);
  expect(statuses(github).sort()).toEqual(DEPLOYED);
  expect(await preview(after)).toMatchObject({ plan: [], requests: [] });
});

test("an entry that leaves its set for a record that waits for what fails stays deployed", async () => {
  const { up, preview, github } = await mixedScene();
  await up([set("x", ["api", "web"])]);
  const failing = failElsewhere(github);
  const after = [elsewhere(), web("c", { dependsOn: ["elsewhere"] }), set("x", ["api"])];
  await up(after, { exitCode: 1 });
  expect(statuses(github).sort()).toEqual(DEPLOYED);
  failing.remove();

  await up(after);
  await up(after);
  expect(statuses(github).sort()).toEqual(["api deployed", "elsewhere deployed", "web deployed"]);
  expect(await preview(after)).toMatchObject({ plan: [], requests: [] });
});
