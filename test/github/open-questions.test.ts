/** Where nobody could verify what GitHub does, the server does either: each rule is turned here. */
import type { GitHub } from "../../local/github";
import {
  ask,
  cluster,
  clusterCall,
  deployment,
  DEPLOYMENT,
  deploymentsOf,
  DIGEST,
  entry,
  OTHER_DIGEST,
  send,
  serve,
  storage,
  STORAGE,
  storageOf,
} from "./client";
import { noEntries } from "../support/no-entries";

const write = async (github: GitHub, more: Record<string, unknown> = {}) =>
  (await ask(github, DEPLOYMENT, { body: deployment(more) })).body.deployment_records?.[0] ?? {};

const namesIn = async (github: GitHub, digest = DIGEST) => {
  const { body } = await ask(github, deploymentsOf(digest));
  expect(body.total_count).toBe(body.deployment_records?.length);
  return body.deployment_records?.map((record) => record.deployment_name);
};

test("lists show decommissioned records, or do not", async () => {
  const { github } = await serve();
  await write(github, { status: "decommissioned" });
  await write(github, { deployment_name: "two" });
  expect(await namesIn(github)).toEqual(["web", "two"]);
  github.rules.listDecommissioned = false;
  expect(await namesIn(github)).toEqual(["two"]);
  await write(github);
  expect(await namesIn(github)).toEqual(["web", "two"]);
});

describe("where lists lag behind by so many lists", () => {
  test("a new record shows after them", async () => {
    const { github } = await serve({ rules: { listLag: { reads: 2 } } });
    await write(github);
    expect(github.deploymentRecords()).toHaveLength(1);
    expect([await namesIn(github), await namesIn(github), await namesIn(github)]).toEqual([[], [], ["web"]]);
  });

  test("a record that moved to another digest shows at the old one, until it shows at the new one", async () => {
    const { github } = await serve();
    await write(github);
    github.rules.listLag = { reads: 1 };
    await write(github, { digest: OTHER_DIGEST });
    expect(await namesIn(github, DIGEST)).toEqual(["web"]);
    expect(await namesIn(github, DIGEST)).toEqual([]);
    expect(await namesIn(github, OTHER_DIGEST)).toEqual(["web"]);
  });

  test("a list of another digest does not count", async () => {
    const { github } = await serve({ rules: { listLag: { reads: 1 } } });
    await write(github);
    await namesIn(github, OTHER_DIGEST);
    expect([await namesIn(github), await namesIn(github)]).toEqual([[], ["web"]]);
  });

  test("a storage record lags too", async () => {
    const { github } = await serve({ rules: { listLag: { reads: 1 } } });
    await ask(github, STORAGE, { body: storage() });
    const count = async () => (await ask(github, storageOf())).body.total_count;
    expect([await count(), await count()]).toEqual([0, 1]);
  });
});

test("a lag that is changed hides nothing again, and a shorter one shows at once", async () => {
  const { github } = await serve();
  await write(github);
  github.rules.listLag = { reads: 2 };
  await write(github, { deployment_name: "two" });
  expect(await namesIn(github)).toEqual(["web"]);
  github.rules.listLag = {};
  expect(await namesIn(github)).toEqual(["web", "two"]);
});

test("an absent environment or cluster is an empty one, or another", async () => {
  const { github } = await serve({ rules: { absentEqualsEmpty: false } });
  const absent = await write(github);
  const empty = await write(github, { physical_environment: "", cluster: "" });
  const one = await write(github, { cluster: "" });
  expect(new Set([absent.id, empty.id, one.id]).size).toBe(3);
  expect(absent).not.toHaveProperty("cluster");
  expect(empty).toMatchObject({ physical_environment: "", cluster: "" });
  expect((await write(github, { cluster: "" })).id).toBe(one.id);
  expect(github.deploymentRecords().filter((record) => "cluster" in record)).toHaveLength(2);
});

test.each([
  ["omitted", undefined],
  ["empty", ""],
  ["null", null],
] as const)("an absent environment or cluster is shown as %s", async (showAbsentAs, shown) => {
  const { github } = await serve({ rules: { showAbsentAs } });
  const body = deployment();
  // `null` is what the description does not allow, and what a client must bear all the same.
  const answers = [await send(github, DEPLOYMENT, { body }), await send(github, deploymentsOf())];
  for (const { text } of answers) {
    const [record] = (JSON.parse(text) as { deployment_records: Record<string, unknown>[] })
      .deployment_records;
    expect([record?.physical_environment, record?.cluster]).toEqual([shown, shown]);
    expect("cluster" in (record ?? {})).toBe(shown !== undefined);
  }
  expect(github.deploymentRecords()[0]).not.toHaveProperty("cluster");
});

test("the same storage record again is another one, where storage is not upserted", async () => {
  const { github } = await serve({ rules: { storageUpsert: false } });
  for (const status of ["active", "eol"]) await ask(github, STORAGE, { body: storage({ status }) });
  const { body } = await ask(github, storageOf());
  expect(body.storage_records?.map(({ status }) => status)).toEqual(["active", "eol"]);
  expect(new Set(body.storage_records?.map(({ id }) => id)).size).toBe(2);
});

test("what an update leaves out is cleared, where it is not kept", async () => {
  const { github } = await serve({ rules: { omittedOnUpdate: "clear" } });
  await write(github, { version: "1", tags: { a: "b" }, runtime_risks: ["sensitive-data"] });
  expect(await write(github)).toMatchObject({ tags: noEntries, runtime_risks: [] });
  expect(github.deploymentRecords()[0]).not.toHaveProperty("version");
  const stored = { version: "1", path: "p", artifact_url: "https://a.example", repository: "r" };
  await ask(github, STORAGE, { body: storage(stored) });
  await ask(github, STORAGE, { body: storage({ path: "p", repository: "r" }) });
  const [record] = github.storageRecords();
  expect(record).toMatchObject({ path: "p", repository: "r" });
  expect(record).not.toHaveProperty("version");
  expect(record).not.toHaveProperty("artifact_url");
});

test("the message of a refused cluster call is an object, or a text", async () => {
  const { github } = await serve({
    attested: [],
    repositories: ["web"],
    tokens: { reader: { repositories: { web: "read" } } },
  });
  const refused = async (github_repository: string, token?: string) => {
    const body = cluster([entry({ github_repository })]);
    const { text } = await send(github, clusterCall(), { body, ...(token ? { token } : {}) });
    return (JSON.parse(text) as { message: unknown }).message;
  };
  const missing = "One or more repositories do not exist";
  const forbidden = "artifact metadata write permission required on one or more repositories";
  expect(await refused("gone")).toEqual({ cause: missing, repositories: ["gone"] });
  expect(await refused("web", "reader")).toEqual({ cause: forbidden, repositories: [expect.any(Number)] });
  github.rules.repositoryErrors = "text";
  expect([await refused("gone"), await refused("web", "reader")]).toEqual([missing, forbidden]);
});

test("answers are as full as the schema, or as thin as the documentation's examples", async () => {
  const { github } = await serve({ rules: { answers: "documentation" } });
  const body = deployment({ runtime_risks: ["sensitive-data"] });
  for (const reply of [await send(github, DEPLOYMENT, { body }), await send(github, deploymentsOf())]) {
    const [record] = (JSON.parse(reply.text) as { deployment_records: object[] }).deployment_records;
    expect(record).toMatchObject({ created: "2026-01-01T00:00:00Z", updated_at: "2026-01-01T00:00:00Z" });
    expect(record).not.toHaveProperty("created_at");
    expect(record).not.toHaveProperty("runtime_risks");
  }
  const { body: stored } = await ask(github, STORAGE, { body: storage() });
  expect(stored.storage_records?.[0]).toMatchObject({ created_at: "2026-01-01T00:00:00Z" });
  expect(stored.storage_records?.[0]).not.toHaveProperty("id");
});
