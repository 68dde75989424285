import { Refusal } from "../../local/github";
import type { GitHub } from "../../local/github";
import {
  ask,
  cluster,
  clusterCall,
  deployment,
  DEPLOYMENT,
  deploymentsOf,
  DIGEST,
  digestOf,
  entry,
  OTHER_DIGEST,
  serve,
} from "./client";
import { noEntries } from "../support/no-entries";

const write = async (github: GitHub, more: Record<string, unknown> = {}) =>
  (await ask(github, DEPLOYMENT, { body: deployment(more) })).body.deployment_records?.[0] ?? {};

const listed = async (github: GitHub, digest = DIGEST) => {
  const { body } = await ask(github, deploymentsOf(digest));
  expect(body.total_count).toBe(body.deployment_records?.length);
  return body.deployment_records ?? [];
};

test("a write answers with the record, without what GitHub leaves out", async () => {
  const { github } = await serve();
  const body = deployment({
    version: "1.0",
    physical_environment: "eu",
    cluster: "prod",
    tags: { team: "shop", "data-access": "sensitive" },
    runtime_risks: ["sensitive-data", "internet-exposed"],
    github_repository: "web",
  });
  const reply = await ask(github, DEPLOYMENT, { body });
  expect(reply.body).toEqual({
    total_count: 1,
    deployment_records: [
      {
        id: expect.any(Number) as number,
        digest: DIGEST,
        logical_environment: "production",
        physical_environment: "eu",
        cluster: "prod",
        deployment_name: "web",
        tags: { team: "shop", "data-access": "sensitive" },
        runtime_risks: ["sensitive-data", "internet-exposed"],
        created_at: "2026-01-01T00:00:00Z",
        updated_at: "2026-01-01T00:00:00Z",
        attestation_id: expect.any(Number) as number,
      },
    ],
  });
  expect(await listed(github)).toEqual(reply.body.deployment_records);
  expect(github.deploymentRecords()).toMatchObject([
    {
      org: "acme",
      name: "ghcr.io/acme/web",
      version: "1.0",
      status: "deployed",
      github_repository: "source",
    },
  ]);
});

test("the same identity again updates the record, also with another digest", async () => {
  const { github, clock } = await serve();
  const first = await write(github);
  clock.advance(1500);
  const second = await write(github, { digest: OTHER_DIGEST, status: "decommissioned", tags: { a: "b" } });
  expect(second).toMatchObject({
    id: first.id,
    digest: OTHER_DIGEST,
    tags: { a: "b" },
    created_at: "2026-01-01T00:00:00Z",
    updated_at: "2026-01-01T00:00:01Z",
  });
  expect(await listed(github, DIGEST)).toEqual([]);
  expect(await listed(github, OTHER_DIGEST)).toEqual([second]);
  expect(github.deploymentRecords()).toMatchObject([{ status: "decommissioned" }]);
});

test.each([
  { logical_environment: "Production" },
  { physical_environment: "eu" },
  { cluster: "prod" },
  { deployment_name: "web " },
  { deployment_name: "" },
])("%s makes another record", async (more) => {
  const { github } = await serve();
  const first = await write(github);
  const second = await write(github, more);
  expect(second.id).not.toBe(first.id);
  expect(await listed(github)).toEqual([first, second]);
});

test("parts of an identity do not run into each other", async () => {
  const { github } = await serve();
  await write(github, { physical_environment: "a", cluster: "b", deployment_name: "c" });
  await write(github, { physical_environment: 'a","b', deployment_name: "c" });
  await write(github, { physical_environment: "a", cluster: 'b","c', deployment_name: "" });
  expect(await listed(github)).toHaveLength(3);
});

test("an absent environment or cluster and an empty one are the same", async () => {
  const { github } = await serve();
  const first = await write(github);
  const second = await write(github, { physical_environment: "", cluster: "" });
  expect(second.id).toBe(first.id);
  expect(second).not.toHaveProperty("cluster");
  expect(second).not.toHaveProperty("physical_environment");
});

test("a single record and an entry of a cluster call meet in one record", async () => {
  const { github } = await serve();
  const first = await write(github, { cluster: "prod" });
  const body = cluster([entry({ digest: OTHER_DIGEST }), entry({ deployment_name: "two" })]);
  const reply = await ask(github, clusterCall("prod"), { body });
  expect(reply.body.total_count).toBe(2);
  expect(reply.body.deployment_records?.[0]).toMatchObject({
    id: first.id,
    digest: OTHER_DIGEST,
    cluster: "prod",
  });
  expect(github.deploymentRecords()).toHaveLength(2);
});

test("a cluster call leaves alone what it does not name", async () => {
  const { github } = await serve();
  await ask(github, clusterCall(), { body: cluster([entry(), entry({ deployment_name: "two" })]) });
  await ask(github, clusterCall(), { body: cluster([]) });
  await ask(github, clusterCall(), { body: cluster([entry({ deployment_name: "three" })]) });
  expect(github.deploymentRecords().map(({ status }) => status)).toEqual([
    "deployed",
    "deployed",
    "deployed",
  ]);
});

test("an entry is deployed where it says nothing else", async () => {
  const { github } = await serve();
  const set = (...entries: unknown[]) => ask(github, clusterCall(), { body: cluster(entries) });
  await set(entry({ status: "decommissioned" }), entry({ deployment_name: "two", status: "deployed" }));
  expect(github.deploymentRecords().map(({ status }) => status)).toEqual(["deployed", "decommissioned"]);
  await set(entry());
  expect(github.deploymentRecords().map(({ status }) => status)).toEqual(["deployed", "deployed"]);
});

test("records are not returned where that is asked", async () => {
  const { github } = await serve();
  const body = { return_records: false };
  expect((await ask(github, DEPLOYMENT, { body: deployment(body) })).body).toEqual({ total_count: 1 });
  const both = cluster([entry(), entry({ deployment_name: "two" })], body);
  expect((await ask(github, clusterCall(), { body: both })).body).toEqual({ total_count: 2 });
});

test("what an update leaves out stays", async () => {
  const { github } = await serve();
  await write(github, { version: "1", tags: { a: "b" }, runtime_risks: ["sensitive-data"] });
  expect(await write(github)).toMatchObject({ tags: { a: "b" }, runtime_risks: ["sensitive-data"] });
  expect(github.deploymentRecords()).toMatchObject([{ version: "1" }]);
  expect(await write(github, { tags: {}, runtime_risks: [] })).toMatchObject({
    tags: noEntries,
    runtime_risks: [],
  });
});

test("a digest that nobody knows has an empty list", async () => {
  const { github } = await serve();
  expect((await ask(github, deploymentsOf(digestOf("0")))).body).toEqual({
    total_count: 0,
    deployment_records: [],
  });
});

test("an ID above 2^53 arrives with all of its digits", async () => {
  const { github } = await serve({ firstId: 2n ** 60n });
  const reply = await ask(github, DEPLOYMENT, { body: deployment() });
  const [record] = github.deploymentRecords();
  expect(BigInt(record?.id ?? 0)).toBeGreaterThanOrEqual(2n ** 60n);
  expect(reply.text).toContain(`"id":${record?.id},`);
  expect(reply.text).toContain(`"attestation_id":${record?.attestation_id}`);
});

test("tags come back byte for byte, whatever their keys", async () => {
  const { github } = await serve();
  const tags = '{"__proto__":"1","constructor":"2","10":"3","":"4","\\u0000\\ud83d\\ude00":"5"}';
  const body = JSON.stringify(deployment()).replace("}", `,"tags":${tags}}`);
  expect((await ask(github, DEPLOYMENT, { body })).status).toBe(200);
  const [record] = await listed(github);
  expect(Object.entries(record?.tags ?? {}).sort()).toEqual(
    Object.entries(JSON.parse(tags) as Record<string, string>).sort(),
  );
  expect(Object.keys(github.deploymentRecords()[0]?.tags ?? {})).toHaveLength(5);
});

test("another writer is held to the same rules, and is no request in the log", async () => {
  const { github } = await serve({ attested: [DIGEST] });
  const body = { ...deployment(), status: "deployed" as const };
  expect(github.writeDeployment("ACME", body)).toMatchObject({ org: "acme", deployment_name: "web" });
  expect(await write(github)).toMatchObject({ id: Number(github.deploymentRecords()[0]?.id) });
  const refused = (change: object) => {
    try {
      return github.writeDeployment("acme", { ...body, ...change });
    } catch (error) {
      return error instanceof Refusal ? error.status : error;
    }
  };
  expect([refused({ name: "" }), refused({ digest: OTHER_DIGEST }), refused({ more: 1 })]).toEqual([
    422, 404, 422,
  ]);
  expect(() => github.writeDeployment("nowhere", body)).toThrow(/Not Found/);
  expect(github.requests).toHaveLength(1);
  expect(github.violations).toEqual([]);
});

test("records are shown in a stable order, and the server's own copy cannot be changed through them", async () => {
  const { github } = await serve({ orgs: ["b", "a"] });
  const body = {
    ...deployment({ tags: { team: "shop" }, runtime_risks: ["sensitive-data"] }),
    status: "deployed" as const,
  };
  for (const org of ["b", "a"])
    for (const deployment_name of ["y", "x"]) github.writeDeployment(org, { ...body, deployment_name });
  const shown = github.deploymentRecords();
  expect(shown.map((one) => one.org + one.deployment_name)).toEqual(["ax", "ay", "bx", "by"]);
  for (const one of shown) Object.assign(one.tags, { team: "other" });
  for (const one of shown) one.runtime_risks.pop();
  expect(github.deploymentRecords()[0]).toMatchObject({
    tags: { team: "shop" },
    runtime_risks: ["sensitive-data"],
  });
});
