import type { GitHub, GitHubOptions } from "../../local/github";
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
  send,
  serve,
  storage,
  STORAGE,
} from "./client";

const NO_ARTIFACTS = { status: 404, body: { message: "no artifacts found" } };
const unattested = (more: GitHubOptions = {}) => serve({ attested: [], ...more });

const artifactsOf = (github: GitHub) =>
  github.deploymentRecords().map(({ deployment_name, name, version }) => [deployment_name, name, version]);

test("without an attestation and a repository, no artifact is found", async () => {
  const { github } = await unattested();
  expect(await ask(github, DEPLOYMENT, { body: deployment() })).toMatchObject(NO_ARTIFACTS);
  expect(await ask(github, STORAGE, { body: storage() })).toMatchObject(NO_ARTIFACTS);
  expect(await ask(github, clusterCall(), { body: cluster() })).toMatchObject(NO_ARTIFACTS);
  expect([...github.deploymentRecords(), ...github.storageRecords()]).toEqual([]);
  expect(github.violations).toEqual([]);
});

test("a repository serves in place of an attestation", async () => {
  const { github } = await unattested();
  const body = { github_repository: "web" };
  const reply = await ask(github, DEPLOYMENT, { body: deployment(body) });
  expect(reply.body.deployment_records?.[0]).toMatchObject({ attestation_id: null });
  expect((await ask(github, STORAGE, { body: storage(body) })).status).toBe(200);
  expect(github.deploymentRecords()).toMatchObject([{ github_repository: "web", attestation_id: null }]);
});

test("of the repositories, only those that exist serve", async () => {
  const { github } = await unattested({ repositories: ["Web"] });
  const write = (github_repository: string) =>
    ask(github, DEPLOYMENT, { body: deployment({ github_repository }) });
  expect((await write("wEB")).status).toBe(200);
  expect(await write("api")).toMatchObject(NO_ARTIFACTS);
});

test("with an attestation, the repository that is named is ignored", async () => {
  const { github } = await unattested({ repositories: [] });
  github.attest("ACME", DIGEST, "true-source");
  const reply = await ask(github, DEPLOYMENT, { body: deployment({ github_repository: "api" }) });
  expect(reply.status).toBe(200);
  expect(github.deploymentRecords()).toMatchObject([{ github_repository: "true-source" }]);
});

test("an attestation counts for its organisation and its digest", async () => {
  const { github } = await unattested({ orgs: ["acme", "other"] });
  github.attest("acme", DIGEST);
  const status = async (org: string, digest: string) =>
    (await ask(github, DEPLOYMENT.replace("acme", org), { body: deployment({ digest }) })).status;
  expect(await status("acme", DIGEST)).toBe(200);
  expect(await status("acme", OTHER_DIGEST)).toBe(404);
  expect(await status("other", DIGEST)).toBe(404);
});

test("one attestation has one ID, and digests given at the start are attested in every organisation", async () => {
  const { github } = await serve({ attested: [DIGEST], orgs: ["acme", "other"] });
  await ask(github, DEPLOYMENT, { body: deployment() });
  await ask(github, DEPLOYMENT, { body: deployment({ deployment_name: "two" }) });
  await ask(github, DEPLOYMENT.replace("acme", "other"), { body: deployment() });
  const [one, two, other] = github.deploymentRecords();
  expect(one?.attestation_id).toBe(two?.attestation_id);
  expect(other?.attestation_id).not.toBe(one?.attestation_id);
});

test("of two entries for one artifact, the first one names it", async () => {
  const { github } = await serve();
  const entries = [
    entry({ deployment_name: "a", name: "first", version: "1" }),
    entry({ deployment_name: "b", name: "second", version: "2" }),
    entry({ deployment_name: "c", name: "third", version: "3", digest: OTHER_DIGEST }),
  ];
  await ask(github, clusterCall(), { body: cluster(entries) });
  expect(artifactsOf(github)).toEqual([
    ["a", "first", "1"],
    ["b", "first", "1"],
    ["c", "third", "3"],
  ]);
});

test("an artifact is its repository, in whatever case, and its digest", async () => {
  const { github } = await unattested();
  const entries = ["web", "WEB", "api"].map((github_repository, index) =>
    entry({ deployment_name: github_repository, name: `name-${index}`, github_repository }),
  );
  await ask(github, clusterCall(), { body: cluster(entries) });
  expect(artifactsOf(github)).toEqual([
    ["WEB", "name-0", undefined],
    ["api", "name-2", undefined],
    ["web", "name-0", undefined],
  ]);
});

test("a later call names an artifact anew, for every record of it", async () => {
  const { github } = await serve();
  await ask(github, DEPLOYMENT, { body: deployment({ name: "old", version: "1" }) });
  await ask(github, DEPLOYMENT, { body: deployment({ deployment_name: "two", name: "new", version: "2" }) });
  expect(artifactsOf(github)).toEqual([
    ["two", "new", "2"],
    ["web", "new", "2"],
  ]);
});

test("with partial success, the entries that can be written are, and the others come back whole", async () => {
  const { github } = await unattested({ repositories: ["web"] });
  const whole = {
    ...entry({
      deployment_name: "no-such",
      github_repository: "gone",
      version: "9",
      status: "decommissioned",
    }),
    tags: { a: "b" },
    runtime_risks: ["sensitive-data"],
  };
  const entries = [
    entry({ deployment_name: "bare", digest: OTHER_DIGEST }),
    entry({ github_repository: "web" }),
    whole,
  ];
  const body = cluster(entries, { partial_success: true });
  const reply = await ask(github, clusterCall(), { body });
  expect([reply.status, reply.body.total_count]).toEqual([207, 1]);
  expect(reply.body.deployment_records).toMatchObject([{ deployment_name: "web" }]);
  const bare = { version: null, status: "deployed", github_repository: null, tags: {}, runtime_risks: [] };
  expect(reply.body.errors).toEqual([
    { cause: "not_found", deployment: { ...entries[0], ...bare } },
    { cause: "not_found", deployment: whole },
  ]);
  expect(github.deploymentRecords()).toHaveLength(1);
});

test("partial success without records to return still tells the errors", async () => {
  const { github } = await unattested();
  const body = cluster([entry()], { partial_success: true, return_records: false });
  const reply = await ask(github, clusterCall(), { body });
  expect([reply.status, reply.body.total_count, reply.body.errors?.length]).toEqual([207, 0, 1]);
  expect(reply.body).not.toHaveProperty("deployment_records");
});

test("without a failure, partial success is a plain one", async () => {
  const { github } = await serve();
  const reply = await ask(github, clusterCall(), { body: cluster([entry()], { partial_success: true }) });
  expect(reply.status).toBe(200);
  expect(reply.body).not.toHaveProperty("errors");
});

test("without partial success, one entry at fault refuses the whole call", async () => {
  const { github } = await unattested({ repositories: ["web"] });
  const good = entry({ github_repository: "web" });
  const gone = (deployment_name: string, github_repository: string) =>
    entry({ deployment_name, github_repository, digest: digestOf("c") });
  const body = cluster([good, gone("a", "gone"), gone("b", "gone"), gone("c", "lost")]);
  const reply = await send(github, clusterCall(), { body });
  expect([reply.status, JSON.parse(reply.text)]).toMatchObject([
    404,
    { message: { cause: "One or more repositories do not exist", repositories: ["gone", "lost"] } },
  ]);
  expect(github.deploymentRecords()).toEqual([]);
});

test("a call that may not write to some repositories is told their IDs", async () => {
  const { github } = await unattested({ tokens: { some: { repositories: { web: "write", api: "read" } } } });
  const body = cluster(
    ["web", "api", "API"].map((name) => entry({ deployment_name: name, github_repository: name })),
  );
  const once = async () =>
    JSON.parse((await send(github, clusterCall(), { body, token: "some" })).text) as object;
  const first = await once();
  expect(first).toMatchObject({
    status: "403",
    message: { repositories: [expect.any(Number)] as number[] },
  });
  expect(await once()).toEqual(first);
  expect(github.deploymentRecords()).toEqual([]);
});

test("a digest that is attested later is found in its list", async () => {
  const { github } = await unattested();
  const write = () => ask(github, DEPLOYMENT, { body: deployment() });
  expect((await write()).status).toBe(404);
  github.attest("acme", DIGEST);
  expect((await write()).status).toBe(200);
  expect((await ask(github, deploymentsOf())).body.total_count).toBe(1);
});
