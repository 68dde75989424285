/** Limits that the decision about ownership names, and the way out of them. */
import { randomFrom } from "./clock";
import type { Placed } from "./layout";
import { run } from "./run";
import type { Ran } from "./run";
import { newWorld } from "./world";
import type { World } from "./world";

const { random } = Math;
const { fetch } = globalThis;
afterEach(() => {
  Math.random = random;
  globalThis.fetch = fetch;
});

const placed = (name: Placed["in"]): Placed => ({
  ...{ stack: "one", in: name, org: "acme", artifact: 0 },
  ...{ status: "deployed", tags: 1, risks: 1, secret: false },
});

const up = (world: World, replace = false): Promise<Ran> =>
  run(world, {
    ...{ operation: "up", stack: "one", parallel: 8, seed: 1, killAt: undefined, faults: [], jobs: [] },
    refresh: false,
    ...{ replace, targets: undefined, continueOnError: false, meanwhile: [], other: "same" },
  });

const WAY_OUT = /without `--parallel 1` and `--replace`, or without a dependency between the two/;

const statusesOf = ({ ledger }: World): string[] =>
  [...ledger.records.values()].flatMap(({ row }) => ("cluster" in row ? [row.status] : []));

test("a record goes to a resource that depends on the one which had it, and which gets another provider: the run fails, and goes through without the dependency", async () => {
  Math.random = randomFrom(1);
  const world = newWorld({}, { verifyOwnership: true });
  globalThis.fetch = world.server.fetch;
  const { layout } = world;
  layout.options.a = { deleteBeforeReplace: true, dependsOn: "storage-p" };
  layout.records[0] = placed("a");
  // Checked before, it tells its provider's process what the program declares.
  layout.storage[0] = { stack: "one", in: "p", status: "active", onDelete: "deleted" };
  expect(await up(world)).toMatchObject({ result: "ok" });

  layout.options.a.provider = "q";
  layout.options.d = { dependsOn: "a" };
  layout.records = { 0: placed("d"), 1: placed("a") };
  const failed = await up(world);
  expect(failed.result).toBe("failed");
  expect(failed.told.join("\n")).toMatch(WAY_OUT);
  expect(statusesOf(world)).toEqual(["deployed"]);

  layout.options.d = {};
  expect(await up(world)).toMatchObject({ result: "ok" });
  expect(statusesOf(world)).toEqual(["deployed", "deployed"]);
});

test("a record goes to a resource that depends on the one which had it, and everything is replaced: the run fails, and goes through without --replace", async () => {
  Math.random = randomFrom(1);
  const world = newWorld({}, { verifyOwnership: true });
  globalThis.fetch = world.server.fetch;
  const { layout } = world;
  layout.options.a = { deleteBeforeReplace: true };
  layout.records[0] = placed("a");
  expect(await up(world)).toMatchObject({ result: "ok" });

  layout.options.d = { dependsOn: "a" };
  layout.records = { 0: placed("d"), 1: placed("a") };
  const failed = await up(world, true);
  expect(failed.result).toBe("failed");
  expect(failed.told.join("\n")).toMatch(WAY_OUT);
  expect(statusesOf(world)).toEqual(["deployed"]);

  expect(await up(world)).toMatchObject({ result: "ok" });
  expect(statusesOf(world)).toEqual(["deployed", "deployed"]);
});
