import type { Access, GitHub, GitHubOptions } from "../../local/github";
import {
  ask,
  cluster,
  clusterCall,
  deployment,
  DEPLOYMENT,
  deploymentsOf,
  entry,
  jobOf,
  jobsOf,
  serve,
  storage,
  STORAGE,
  storageOf,
  WRITES,
} from "./client";

const READS = [deploymentsOf(), storageOf()];

const withTokens = (tokens: Record<string, Access>, more: GitHubOptions = {}) => serve({ tokens, ...more });

const statusOf = async (github: GitHub, what: string, token: string, body?: unknown) =>
  (await ask(github, what, { token, body })).status;

test("every operation needs a token", async () => {
  const { github } = await serve();
  const all: [what: string, body?: unknown][] = [
    ...WRITES.map(([, what, body]): [string, unknown] => [what, body()]),
    ...[...READS, jobOf(1)].map((what): [string] => [what]),
  ];
  for (const [what, body] of all)
    expect(await ask(github, what, { token: null, body })).toMatchObject({
      status: 401,
      body: { message: "Requires authentication" },
    });
  expect(github.deploymentRecords()).toEqual([]);
});

test.each(["Bearer", "bearer", "token", "Bearer  "])("the scheme may be %s", async (scheme) => {
  const { github } = await serve();
  const headers = { authorization: `${scheme} ${github.token}` };
  expect((await ask(github, deploymentsOf(), { headers })).status).toBe(200);
});

test.each([
  (token: string) => token,
  (token: string) => `Basic ${token}`,
  (token: string) => `Bearer ${token}x`,
  (token: string) => `Bearer ${token.toUpperCase()}`,
  (token: string) => `Bearer ${token} ${token}`,
  () => "Bearer ",
  () => "Bearer constructor",
])("credentials that are none are bad ones (%#)", async (authorization) => {
  const { github } = await serve();
  expect(
    await ask(github, deploymentsOf(), { headers: { authorization: authorization(github.token) } }),
  ).toMatchObject({ status: 401, body: { message: "Bad credentials" } });
});

test("a request without a User-Agent is refused", async () => {
  const { github } = await serve();
  const reply = await ask(github, deploymentsOf(), { headers: { "user-agent": undefined } });
  expect(reply.status).toBe(403);
  expect(reply.body.message).toMatch(/User-Agent/);
});

test("each server has a token of its own, which may be chosen", async () => {
  const [one, two] = [await serve(), await serve()];
  expect(one.github.token).not.toBe(two.github.token);
  expect(one.github.token).toMatch(/^github_pat_\w{22}_\w{59}$/);
  const { github } = await serve({ token: "mine" });
  expect([github.token, await statusOf(github, deploymentsOf(), "mine")]).toEqual(["mine", 200]);
});

test("a token that may only read reads, and writes nothing", async () => {
  const { github } = await withTokens({ reader: { permission: "read" } });
  for (const what of READS) expect(await statusOf(github, what, "reader")).toBe(200);
  for (const [, what, body] of WRITES) {
    const reply = await ask(github, what, { token: "reader", body: body() });
    expect(reply).toMatchObject({
      status: 403,
      body: { message: "Resource not accessible by personal access token" },
      headers: { "x-accepted-github-permissions": "artifact_metadata=write" },
    });
  }
  expect([...github.deploymentRecords(), ...github.storageRecords(), ...github.jobs()]).toEqual([]);
});

test("a token without the permission may neither write nor read", async () => {
  const { github } = await withTokens({ nobody: { permission: "none" } });
  for (const what of [...READS, jobOf(1)])
    expect(await ask(github, what, { token: "nobody" })).toMatchObject({
      status: 403,
      headers: { "x-accepted-github-permissions": "artifact_metadata=read" },
    });
  expect(await statusOf(github, DEPLOYMENT, "nobody", deployment())).toBe(403);
});

test("an installation token is refused with words of its own", async () => {
  const { github } = await withTokens({ ghs_1: { permission: "read" } });
  expect(await ask(github, DEPLOYMENT, { token: "ghs_1", body: deployment() })).toMatchObject({
    status: 403,
    body: { message: "Resource not accessible by integration" },
  });
});

test("a token works until the moment that it expires", async () => {
  const { github, clock } = await withTokens({ short: {} });
  github.setToken("short", { expiresAt: clock.now() + 1000 });
  clock.advance(999);
  expect(await statusOf(github, deploymentsOf(), "short")).toBe(200);
  clock.advance(1);
  expect(await ask(github, deploymentsOf(), { token: "short" })).toMatchObject({
    status: 401,
    body: { message: "Bad credentials" },
  });
});

test("what a token may do changes while the server runs, and a revoked one is bad", async () => {
  const { github } = await serve();
  github.setToken("other", { permission: "read" });
  expect(await statusOf(github, DEPLOYMENT, "other", deployment())).toBe(403);
  github.setToken("other", {});
  expect(await statusOf(github, DEPLOYMENT, "other", deployment())).toBe(200);
  github.setToken("other", null);
  expect(await statusOf(github, DEPLOYMENT, "other", deployment())).toBe(401);
  github.setToken(github.token, null);
  expect(await statusOf(github, DEPLOYMENT, github.token, deployment())).toBe(401);
});

test("an organisation that does not exist, and one that the token is not in, are not found", async () => {
  const { github } = await withTokens({ inside: { orgs: ["ACME"] } }, { orgs: ["acme", "other"] });
  const there = (org: string) => deploymentsOf(undefined, org);
  expect(await statusOf(github, there("acme"), "inside")).toBe(200);
  expect(await statusOf(github, there("other"), "inside")).toBe(404);
  expect(await statusOf(github, there("nowhere"), github.token)).toBe(404);
  expect(await statusOf(github, there("constructor"), github.token)).toBe(404);
  expect(await statusOf(github, DEPLOYMENT.replace("acme", "other"), "inside", deployment())).toBe(404);
  expect(() => github.deploymentRecords("nowhere")).toThrow(/Not Found/);
});

test("an organisation's name is not case sensitive, and records of two do not meet", async () => {
  const { github } = await serve({ orgs: ["Acme", "other"] });
  const write = (org: string) => ask(github, DEPLOYMENT.replace("acme", org), { body: deployment() });
  const first = await write("ACME");
  const second = await write("aCmE");
  await write("Other");
  expect(second.body.deployment_records?.[0]?.id).toBe(first.body.deployment_records?.[0]?.id);
  expect((await ask(github, deploymentsOf(undefined, "acme"))).body.total_count).toBe(1);
  expect(github.deploymentRecords().map(({ org }) => org)).toEqual(["Acme", "other"]);
  expect(github.deploymentRecords("aCME")).toHaveLength(1);
});

test("jobs belong to an organisation, in whatever case", async () => {
  const { github } = await serve({ orgs: ["acme", "other"] });
  const { body } = await ask(github, jobsOf(), { body: cluster() });
  const at = (org: string) => jobOf(body.job_id).replace("acme", org);
  expect((await ask(github, at("ACME"))).status).toBe(200);
  expect((await ask(github, at("other"))).status).toBe(404);
});

describe("with repositories of its own, a token", () => {
  const access: Access = { repositories: { Mine: "write", seen: "read" } };
  const serveAll = async () => {
    const server = await withTokens({ some: access }, { attested: [] });
    for (const name of ["mine", "seen", "hidden"]) {
      server.github.writeDeployment("acme", {
        ...deployment({ deployment_name: name }),
        status: "deployed",
        github_repository: name,
      });
      server.github.writeStorage("acme", { ...storage({ name }), github_repository: name });
    }
    return server;
  };

  test("lists what it may read, and nothing of the rest", async () => {
    const { github } = await serveAll();
    const { body } = await ask(github, deploymentsOf(), { token: "some" });
    expect(body.total_count).toBe(2);
    expect(body.deployment_records?.map((one) => one.deployment_name).sort()).toEqual(["mine", "seen"]);
    const { body: stored } = await ask(github, storageOf(), { token: "some" });
    expect(stored.storage_records?.map((one) => one.name).sort()).toEqual(["mine", "seen"]);
    expect(stored.total_count).toBe(2);
  });

  test.each([
    ["mine", 200, undefined],
    ["MINE", 200, undefined],
    ["seen", 403, "artifact metadata write permission required on one or more repositories"],
    ["hidden", 404, "no artifacts found"],
  ])("writes a record of %s: %s", async (repository, status, message) => {
    const { github } = await serveAll();
    for (const [what, body] of [[DEPLOYMENT, deployment()] as const, [STORAGE, storage()] as const])
      expect(
        await ask(github, what, { token: "some", body: { ...body, github_repository: repository } }),
      ).toMatchObject({ status, body: message === undefined ? {} : { message } });
  });

  test("gets the entries that it may write of a cluster call, and the cause of each other one", async () => {
    const { github } = await serveAll();
    const entries = ["mine", "seen", "hidden"].map((name) =>
      entry({ deployment_name: `new-${name}`, github_repository: name }),
    );
    const body = cluster(entries, { partial_success: true });
    const reply = await ask(github, clusterCall(), { token: "some", body });
    expect([reply.status, reply.body.total_count]).toEqual([207, 1]);
    expect(reply.body.errors?.map(({ cause, deployment }) => [cause, deployment?.deployment_name])).toEqual([
      ["unauthorized", "new-seen"],
      ["not_found", "new-hidden"],
    ]);
  });

  test("is held to the attestation's repository, whatever github_repository says", async () => {
    const { github } = await serveAll();
    github.attest("acme", deployment().digest, "hidden");
    const body = deployment({ github_repository: "mine" });
    expect(await statusOf(github, DEPLOYMENT, "some", body)).toBe(404);
  });
});
