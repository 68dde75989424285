/** Storage records: what is written, and what is taken over. */
import type { Inputs } from "../../provider/storage-record";
import { failureOf, newSetScene, without } from "../support/sets";
import {
  create,
  DIGEST,
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

const declared = {
  org: "acme",
  name: "libfoo",
  version: "1.2.3",
  digest: documented.digest,
  registryUrl: "https://reg.example.com/artifactory/",
  artifactUrl: "https://reg.example.com/artifactory/bar/libfoo-1.2.3",
  repository: "bar",
  status: "active",
};

test("the documentation's example arrives on the wire as documented", async () => {
  const scene = await newSetScene();
  const outs = await create(scene);
  expect(requestsOf(scene)).toEqual([WRITE]);
  expect(scene.github.requests[0]?.body).toEqual(documented);
  const time = "2026-01-01T00:00:00Z";
  const id = expect.stringMatching(/^\d+$/) as string;
  expect(outs).toEqual({
    ...declared,
    onDelete: "deleted",
    recordId: id,
    createdAt: time,
    updatedAt: time,
  });
});

test("the documentation's example answer is understood", async () => {
  const scene = await newSetScene();
  const time = "2023-10-01T12:00:00Z";
  const listed = without({ ...documented }, "version");
  const json = { total_count: 1, storage_records: [{ ...listed, created_at: time, updated_at: time }] };
  scene.github.fault({ match: { method: "POST" }, when: "after", do: { json } });
  const outs = await create(scene);
  expect(outs).toEqual({
    ...declared,
    onDelete: "deleted",
    createdAt: time,
    updatedAt: time,
  });
  expect(scene.warnings).toEqual([]);
});

test("an answer about another record is not taken for ours", async () => {
  const scene = await newSetScene();
  const json = { total_count: 1, storage_records: [{ ...documented, name: "libbar", id: 7 }] };
  scene.github.fault({ match: { method: "POST" }, when: "after", do: { json } });
  expect((await create(scene)).recordId).toBeUndefined();
  expect(scene.warnings).toEqual([expect.stringMatching(/its answer names "libbar" at https:/)]);
});

describe.each([true, false])("where GitHub upserts storage records: %s", (storageUpsert) => {
  const server = { rules: { storageUpsert } };

  test("a record that moves to another stack stays active, whichever stack comes first", async () => {
    for (const newFirst of [true, false]) {
      const scene = await newSetScene(server);
      const outs = await create(scene);
      const [old, next] = [scene.another(), scene.another()];
      scene.clock.advance(1_000);
      if (newFirst) await create(next);
      await remove(old, outs);
      scene.clock.advance(1_000);
      if (!newFirst) await create(next);
      expect(statusesOf(scene).at(-1)).toBe("active");
      expect(old.warnings).toEqual(newFirst ? [expect.stringMatching(/"libfoo" .* was left as it is/)] : []);
    }
  });

  test("the stack that has taken a record over removes it", async () => {
    const scene = await newSetScene(server);
    const first = await create(scene);
    scene.clock.advance(1_000);
    const second = await create(scene.another());
    scene.clock.advance(1_000);
    await remove(scene.another(), first);
    const later = scene.another();
    await remove(later, second);
    expect(later.warnings).toEqual([]);
    expect(statusesOf(scene).at(-1)).toBe("deleted");
  });

  test("killed between a write and its saving, the next run has the record, and can remove it", async () => {
    const scene = await newSetScene(server);
    await create(scene);
    scene.clock.advance(1_000);
    const outs = await create(scene.another());
    expect(statusesOf(scene)).toEqual(storageUpsert ? ["active"] : ["active", "active"]);
    expect(await refresh(scene.another(), outs)).toEqual({ outs, inputs: libfoo });
    scene.clock.advance(1_000);
    const later = scene.another();
    await remove(later, outs);
    expect(later.warnings).toEqual([]);
    expect(statusesOf(scene)).toEqual(storageUpsert ? ["deleted"] : ["active", "active", "deleted"]);
  });

  test("killed in a move to another stack, it is active when both stacks have run", async () => {
    const scene = await newSetScene(server);
    const outs = await create(scene);
    scene.clock.advance(1_000);
    // The new stack is killed before it has saved what it wrote.
    await create(scene.another());
    scene.clock.advance(1_000);
    await remove(scene.another(), outs);
    const saved = await create(scene.another());
    expect(statusesOf(scene).at(-1)).toBe("active");
    expect((await refresh(scene.another(), saved)).inputs).toEqual(libfoo);
  });

  test("records that differ in their path alone are both written: a list does not show it", async () => {
    const scene = await newSetScene(server);
    const rest = { ...libfoo, artifactUrl: undefined };
    for (const path of ["a/libfoo", "b/libfoo"]) await create(scene, { ...rest, path });
    expect(scene.github.storageRecords().map(({ path }) => path)).toEqual(["a/libfoo", "b/libfoo"]);
  });

  test("a rename keeps it active", async () => {
    const scene = await newSetScene(server);
    const outs = await create(scene);
    const later = scene.another();
    await create(later);
    await remove(later, outs);
    expect(statusesOf(scene)).toEqual(storageUpsert ? ["active"] : ["active", "active"]);
    expect(later.warnings).toEqual([]);
  });

  test("a slash at the end of the registry's address does not make it another record", async () => {
    const scene = await newSetScene(server);
    const outs = await create(scene);
    const later = scene.another();
    const moved = { ...libfoo, registryUrl: "https://reg.example.com/artifactory" };
    await later.storage.check(moved, moved);
    await create(later, moved);
    await remove(later, outs);
    expect(statusesOf(scene)).toEqual(["active", "active"]);
  });

  test("of several records of one identity the last one counts, in a refresh and in a removal", async () => {
    const scene = await newSetScene(server);
    const created = await create(scene);
    scene.clock.advance(1_000);
    const outs = await update(scene.another(), created, { ...libfoo, status: "eol" });
    expect((await refresh(scene.another(), outs)).inputs).toEqual({ ...libfoo, status: "eol" });
    const later = scene.another();
    await remove(later, outs);
    expect(later.warnings).toEqual([]);
    expect(statusesOf(scene).at(-1)).toBe("deleted");
  });
});

test("status, version and repository of the source change in place, the identity replaces", async () => {
  const { storage, ...scene } = await newSetScene();
  const outs = await create({ storage, ...scene });
  const diff = (more: Partial<Inputs>) => storage.diff(idOf(libfoo), outs, { ...libfoo, ...more });
  expect(await diff({})).toMatchObject({ changes: false, replaces: [] });
  expect(await diff({ org: "ACME" })).toMatchObject({ changes: false, replaces: [] });
  const noSlash = "https://reg.example.com/artifactory";
  expect(await diff({ registryUrl: noSlash })).toMatchObject({ changes: false, replaces: [] });
  const inPlace = { status: "eol", version: "2", githubRepository: "x", onDelete: "eol" } as const;
  for (const [field, value] of Object.entries(inPlace))
    expect(await diff({ [field]: value })).toMatchObject({ changes: true, replaces: [] });
  const url = "https://other.example.com";
  const identity = {
    org: "other",
    name: "x",
    digest: `sha256:${"0".repeat(64)}`,
    registryUrl: url,
    artifactUrl: url,
  };
  for (const [field, value] of Object.entries({ ...identity, path: "x", repository: "x" }))
    expect(await diff({ [field]: value })).toMatchObject({ changes: true, replaces: [field] });
});

test("an update writes the record that was created, however the program now spells its place", async () => {
  const scene = await newSetScene();
  const outs = await create(scene);
  const spelled = { ...libfoo, org: "ACME", registryUrl: "https://reg.example.com/artifactory" };
  await update(scene.another(), outs, { ...spelled, status: "eol" });
  expect(statusesOf(scene)).toEqual(["eol"]);
});

test("a change of onDelete alone sends nothing", async () => {
  const scene = await newSetScene();
  const outs = await create(scene);
  scene.github.requests.length = 0;
  const updated = await update(scene.another(), outs, { ...libfoo, onDelete: "eol" });
  expect(updated).toEqual({ ...outs, onDelete: "eol" });
  expect(requestsOf(scene)).toEqual([]);
});

test("an artifact that GitHub does not know is an error with its causes, or a warning where that is accepted", async () => {
  const scene = await newSetScene({ attested: [] });
  expect((await failureOf(create(scene))).message).toMatch(
    /GitHub has no artifact with digest sha256:1bb1.*Possible causes:/,
  );
  const lenient = scene.another({ onMissingArtifact: "warn" });
  const outs = await create(lenient);
  expect(outs.status).toBe("not recorded");
  expect(lenient.warnings).toEqual([
    expect.stringMatching(/was not written; the next pulumi up tries again/),
  ]);
  expect(await scene.storage.diff(idOf(libfoo), outs, libfoo)).toMatchObject({ changes: true });
  await remove(lenient, outs);
  expect(requestsOf(scene).filter((request) => request === WRITE)).toHaveLength(2);
});

test("a record that was never written is written, also where ignoreChanges keeps the status that a refresh found", async () => {
  const scene = await newSetScene({ attested: [] });
  const read = await refresh(scene.another(), await create(scene.another({ onMissingArtifact: "warn" })));
  const kept = { ...libfoo, status: read.outs.status as "active" };
  expect((await scene.storage.diff(idOf(libfoo), read.outs, kept)).changes).toBe(true);
  scene.github.attest("acme", DIGEST);
  const { outs = read.outs } = await scene.storage.update(idOf(libfoo), read.outs, kept);
  expect(scene.github.storageRecords()).toMatchObject([{ status: "active" }]);
  expect((await scene.storage.diff(idOf(libfoo), outs, kept)).changes).toBe(false);
});

test("a record that was never written, but is another writer's, does not become ours by a refresh", async () => {
  const scene = await newSetScene({ attested: [] });
  const outs = await create(scene.another({ onMissingArtifact: "warn" }));
  scene.github.attest("acme", DIGEST);
  foreignWrite(scene);
  const read = await refresh(scene.another(), outs);
  expect([read.outs.status, read.outs.updatedAt]).toEqual(["not recorded", undefined]);
  const again = await refresh(scene.another(), read.outs);
  expect(again.outs).toEqual(read.outs);
  expect(await scene.storage.diff(idOf(libfoo), read.outs, libfoo)).toMatchObject({ changes: true });
  await remove(scene.another(), read.outs);
  expect(statusesOf(scene)).toEqual(["active"]);
});
