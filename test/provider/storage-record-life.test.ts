/** Storage records that are removed, refreshed or read elsewhere. */
import type { Outputs } from "../../provider/storage-record";
import { failureOf, newSetScene } from "../support/sets";
import {
  create,
  documented,
  foreignWrite,
  idOf,
  libfoo,
  refresh,
  remove,
  requestsOf,
  statusesOf,
  update,
  WRITE,
} from "../support/storage";

describe("removal", () => {
  test.each(["deleted", "eol"] as const)("writes the status %s", async (onDelete) => {
    const scene = await newSetScene();
    const outs = await create(scene, { ...libfoo, onDelete });
    await remove(scene.another(), outs);
    expect(statusesOf(scene)).toEqual([onDelete]);
    expect(scene.github.requests.at(-1)?.body).toEqual({ ...documented, status: onDelete });
  });

  test.each([
    ["eol", "eol"],
    ["deleted", "deleted"],
    ["deleted", "eol"],
  ] as const)("of what is %s already, with onDelete %s, writes nothing", async (status, onDelete) => {
    const scene = await newSetScene();
    const outs = await create(scene, { ...libfoo, status, onDelete });
    scene.github.requests.length = 0;
    const later = scene.another();
    await remove(later, outs);
    expect(scene.github.requests.map(({ method }) => method)).toEqual(["GET"]);
    expect(later.warnings).toEqual([]);
  });

  test("of what another resource declares, whose update has nothing to send", async () => {
    const scene = await newSetScene();
    const outs = await create(scene, { ...libfoo, onDelete: "eol" });
    scene.clock.advance(1000);
    // The record has moved to another resource, whose run failed before the first one was deleted, and moves back.
    const moved = await create(scene.another(), { ...libfoo, onDelete: "eol" });
    const run = scene.another();
    const news = { ...libfoo, onDelete: "deleted" } as const;
    await run.storage.check(libfoo, news);
    await run.storage.diff(idOf(libfoo), outs, news);
    await update(run, outs, news);
    const other = { ...libfoo, repository: "other" };
    await run.storage.check(libfoo, other);
    await run.storage.diff(idOf(libfoo), moved, other);
    await create(run, other);
    await remove(run, moved);
    expect([statusesOf(scene), run.warnings]).toEqual([["active", "active"], []]);
  });

  test("of what is deleted in the state, and was written since by a run that was cut off, tells of it", async () => {
    const scene = await newSetScene();
    const outs = await create(scene, { ...libfoo, status: "deleted" });
    scene.clock.advance(1000);
    await update(scene.another(), outs, libfoo);
    const later = scene.another();
    await remove(later, outs);
    expect(statusesOf(scene)).toEqual(["active"]);
    expect(later.warnings).toEqual([expect.stringMatching(/left as it is: it was written at/)]);
  });

  test("of what another resource declares as new leaves it for that one, and says what follows if it is not created", async () => {
    const scene = await newSetScene();
    const outs = await create(scene);
    const later = scene.another();
    await later.storage.check({} as never, libfoo);
    await remove(later, outs);
    expect(statusesOf(scene)).toEqual(["active"]);
    expect(later.warnings).toEqual([expect.stringMatching(/"libfoo".*keep declaring it until/)]);
  });

  test("leaves alone what another writer has written since, with a warning", async () => {
    const scene = await newSetScene();
    const outs = await create(scene);
    foreignWrite(scene);
    const later = scene.another();
    await remove(later, outs);
    expect(statusesOf(scene)).toEqual(["active"]);
    expect(later.warnings).toEqual([
      expect.stringMatching(/^The storage record "libfoo" .* was left as it is/),
    ]);
  });

  test("without the right to read writes, with a warning; with verifyOwnership=false without a look", async () => {
    const scene = await newSetScene();
    const outs = await create(scene);
    foreignWrite(scene);
    const unverified = scene.another({ verifyOwnership: "false" });
    await remove(unverified, outs);
    expect(requestsOf(scene)).toEqual([WRITE, WRITE]);
    const hidden = { status: 403, body: { message: "Resource not accessible by personal access token" } };
    scene.github.fault({ match: { method: "GET" }, when: "before", do: hidden });
    const later = scene.another();
    await remove(later, { ...outs, onDelete: "eol" });
    expect(statusesOf(scene)).toEqual(["eol"]);
    expect(later.warnings).toEqual([expect.stringMatching(/cannot be read/)]);
  });
});

describe("a refresh", () => {
  test("without drift changes nothing", async () => {
    const scene = await newSetScene();
    const outs = await create(scene);
    expect(await refresh(scene.another(), outs)).toEqual({ outs, inputs: libfoo });
  });

  test("shows another writer's status, which the next update takes back", async () => {
    const scene = await newSetScene();
    const outs = await create(scene);
    foreignWrite(scene, { status: "eol" });
    const read = await refresh(scene.another(), outs);
    expect(read.inputs).toEqual({ ...libfoo, status: "eol" });
    expect(read.outs.updatedAt).toBe(outs.updatedAt);
    await update(scene.another(), read.outs, libfoo);
    expect(statusesOf(scene)).toEqual(["active"]);
  });

  test("shows what is not listed, and keeps it", async () => {
    const scene = await newSetScene();
    const outs = await create(scene);
    const json = { total_count: 0, storage_records: [] };
    scene.github.fault({ match: { method: "GET" }, when: "after", do: { json } });
    const read = await refresh(scene.another(), outs);
    expect(read.outs).toEqual({ ...outs, status: "not listed" });
    expect(await scene.storage.diff(idOf(libfoo), read.outs, libfoo)).toMatchObject({
      changes: true,
      replaces: [],
    });
  });

  test("24. no right to read: keeps the state, with a warning", async () => {
    const scene = await newSetScene();
    const outs = await create(scene);
    scene.github.setToken("blind", { permission: "none" });
    const later = scene.another({ token: "blind" });
    expect((await refresh(later, outs)).outs).toEqual(outs);
    expect(later.warnings).toEqual([expect.stringMatching(/the state is kept as it is/)]);
  });
});

test(".get reads a record by its ID, and fails where there is none", async () => {
  const scene = await newSetScene();
  const nothing = {} as Outputs;
  expect((await failureOf(refresh(scene, nothing))).message).toMatch(
    /^GitHub lists no storage record "libfoo"/,
  );
  await create(scene);
  const { outs } = await refresh(scene.another(), nothing);
  const { org, name, digest, artifactUrl, registryUrl, repository } = libfoo;
  expect(outs).toMatchObject({ org, name, digest, artifactUrl, registryUrl, repository, status: "active" });
});
