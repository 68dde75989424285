import type { GitHub } from "../../local/github";
import { ask, DIGEST, OTHER_DIGEST, serve, storage, STORAGE, storageOf } from "./client";

const write = async (github: GitHub, more: Record<string, unknown> = {}) =>
  (await ask(github, STORAGE, { body: storage(more) })).body.storage_records?.[0] ?? {};

const listed = async (github: GitHub, digest = DIGEST) => {
  const { body } = await ask(github, storageOf(digest));
  expect(body.total_count).toBe(body.storage_records?.length);
  return body.storage_records ?? [];
};

test("a write answers with the record, without version and path", async () => {
  const { github } = await serve();
  const body = {
    artifact_url: "https://reg.example.com/artifactory/bar/libfoo-1.2.3",
    path: "com/github/bar/libfoo-1.2.3",
    repository: "bar",
    version: "1.2.3",
    status: "eol",
  };
  const reply = await ask(github, STORAGE, { body: storage(body) });
  expect(reply.body).toEqual({
    total_count: 1,
    storage_records: [
      {
        id: expect.any(Number) as number,
        name: "libfoo",
        digest: DIGEST,
        artifact_url: body.artifact_url,
        registry_url: "https://reg.example.com/artifactory/",
        repository: "bar",
        status: "eol",
        created_at: "2026-01-01T00:00:00Z",
        updated_at: "2026-01-01T00:00:00Z",
      },
    ],
  });
  expect(await listed(github)).toEqual(reply.body.storage_records);
  expect(github.storageRecords()).toMatchObject([
    { ...storage(body), org: "acme", github_repository: "source" },
  ]);
});

test("what a record does not have is null in the answer to its write, and left out of lists", async () => {
  const { github } = await serve();
  expect(await write(github)).toMatchObject({ artifact_url: null, repository: null, status: "active" });
  const [record] = await listed(github);
  expect(record).not.toHaveProperty("artifact_url");
  expect(record).not.toHaveProperty("repository");
});

test("the same record again updates the first one", async () => {
  const { github, clock } = await serve();
  const first = await write(github, { repository: "bar", path: "a", artifact_url: "https://a.example" });
  clock.advance(2000);
  const second = await write(github, { repository: "bar", path: "a", status: "deleted", version: "2" });
  expect(second).toMatchObject({
    id: first.id,
    status: "deleted",
    artifact_url: "https://a.example",
    created_at: "2026-01-01T00:00:00Z",
    updated_at: "2026-01-01T00:00:02Z",
  });
  expect(github.storageRecords()).toMatchObject([{ version: "2" }]);
});

test.each([
  { digest: OTHER_DIGEST },
  { name: "libbar" },
  { registry_url: "https://reg.example.com/artifactory" },
  { repository: "bar" },
  { path: "a" },
  { artifact_url: "https://a.example" },
])("%s makes another record", async (more) => {
  const { github } = await serve();
  const first = await write(github);
  expect((await write(github, more)).id).not.toBe(first.id);
  expect(github.storageRecords()).toHaveLength(2);
});

test("the records of a digest are listed, of all registries, and no other", async () => {
  const { github } = await serve();
  await write(github);
  await write(github, { registry_url: "https://other.example" });
  await write(github, { digest: OTHER_DIGEST, name: "other" });
  expect((await listed(github)).map(({ registry_url }) => registry_url)).toEqual([
    "https://reg.example.com/artifactory/",
    "https://other.example",
  ]);
  expect((await listed(github, OTHER_DIGEST)).map(({ name }) => name)).toEqual(["other"]);
});

test("records are not returned where that is asked", async () => {
  const { github } = await serve();
  const body = storage({ return_records: false });
  expect((await ask(github, STORAGE, { body })).body).toEqual({ total_count: 1 });
  expect(github.storageRecords()).toHaveLength(1);
});

test("another writer stores by the same rules", async () => {
  const { github } = await serve();
  const first = await write(github);
  expect(github.writeStorage("ACME", { ...storage(), status: "eol" })).toMatchObject({
    id: String(first.id),
    status: "eol",
  });
  expect(() => github.writeStorage("acme", storage({ registry_url: "http://x" }) as never)).toThrow(
    /registry_url/,
  );
});

test("the path may have a scheme or none", async () => {
  const { github } = await serve();
  for (const path of ["com/github/bar/libfoo-1.2.3", "s3://bucket/key", ""])
    expect((await ask(github, STORAGE, { body: storage({ path }) })).status).toBe(200);
  expect((await ask(github, STORAGE, { body: storage({ path: "a b" }) })).status).toBe(422);
});
