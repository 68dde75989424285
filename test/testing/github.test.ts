/** The GitHub that users' tests start, met with the provider and with plain requests. */
import { startGitHub, type TestGitHub, type TestGitHubOptions } from "../../local/testing";
import { DIGEST, newProvider, OTHER_DIGEST, recordInputs } from "../support/provider";
import { noEntries } from "../support/no-entries";

const PATH = "/orgs/acme/artifacts/metadata/deployment-record";
const body = {
  name: "web",
  digest: DIGEST,
  status: "deployed",
  logical_environment: "production",
  deployment_name: "web",
};

const running: TestGitHub[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.stop()));
});

async function start(options: TestGitHubOptions = { attested: [DIGEST] }): Promise<TestGitHub> {
  const github = await startGitHub(options);
  running.push(github);
  return github;
}

/** The status of a plain request, without a client's retries. */
async function statusOf(github: TestGitHub, method: "GET" | "POST", sent: object = body): Promise<number> {
  const headers = {
    accept: "application/vnd.github+json",
    "x-github-api-version": "2022-11-28",
    "content-type": "application/json",
    authorization: `Bearer ${github.token}`,
  };
  const response =
    method === "GET"
      ? await fetch(`${github.url}/orgs/acme/artifacts/${DIGEST}/metadata/deployment-records`, { headers })
      : await fetch(`${github.url}${PATH}`, { method, headers, body: JSON.stringify(sent) });
  await response.text();
  return response.status;
}

const valuesOf = ({ config }: TestGitHub) =>
  Object.fromEntries(Object.entries(config).map(([key, { value }]) => [key, value]));

test("the provider writes with its configuration, and the record is there in the resource's own words", async () => {
  const github = await start();
  const { provider } = await newProvider(valuesOf(github));
  const { name, logicalEnvironment, physicalEnvironment, cluster, deploymentName } = recordInputs();
  const inputs = recordInputs({
    tags: { team: "shop" },
    runtimeRisks: ["internet-exposed"],
    version: "1.4.2",
  });

  const { outs } = await provider.create(inputs);

  expect(github.deploymentRecords()).toEqual([
    {
      ...{ org: "acme", name, digest: DIGEST, version: "1.4.2", status: "deployed" },
      ...{ logicalEnvironment, physicalEnvironment, cluster, deploymentName },
      ...{ tags: { team: "shop" }, runtimeRisks: ["internet-exposed"], githubRepository: "source" },
      ...{ id: outs?.recordId, createdAt: outs?.createdAt, updatedAt: outs?.updatedAt },
    },
  ]);
  expect(github.requests).toEqual([
    { method: "POST", path: PATH, status: 200, body: expect.objectContaining({ digest: DIGEST }) as unknown },
  ]);
  expect(github.violations).toEqual([]);
  expect(JSON.stringify(github.requests)).not.toContain(github.token);
});

test("the environment serves as well as the configuration, and only the token is a secret", async () => {
  const github = await start();
  const { provider } = await newProvider({}, github.environment);
  await provider.create(recordInputs());
  expect(github.deploymentRecords("ACME")).toHaveLength(1);
  const secrets = Object.entries(github.config).filter(([, { secret }]) => secret);
  expect(secrets.map(([key]) => key)).toEqual(["artifact-metadata:token"]);
});

test("a digest that is not attested is refused until it is, or comes from a known repository", async () => {
  const github = await start({ repositories: ["shop"] });
  expect(await statusOf(github, "POST")).toBe(404);
  github.attest(DIGEST, "web");
  expect(await statusOf(github, "POST")).toBe(200);
  const other = { ...body, digest: OTHER_DIGEST, deployment_name: "other" };
  expect(await statusOf(github, "POST", { ...other, github_repository: "unknown" })).toBe(404);
  expect(await statusOf(github, "POST", { ...other, github_repository: "shop" })).toBe(200);
  expect(github.deploymentRecords().map(({ githubRepository }) => githubRepository)).toEqual(["shop", "web"]);
});

test("another writer's change is there without a request, and held to GitHub's rules", async () => {
  const github = await start({ orgs: ["acme", "umbrella"], attested: "all" });
  const place = { logicalEnvironment: "production", deploymentName: "web" };
  const written = github.writeDeploymentRecord({ name: "web", digest: DIGEST, ...place });
  expect(written).toMatchObject({ org: "acme", status: "deployed", tags: noEntries, ...place });
  const registry = { registryUrl: "https://ghcr.io", status: "eol" } as const;
  github.writeStorageRecord({ org: "umbrella", name: "web", digest: DIGEST, ...registry });
  expect(github.deploymentRecords()).toEqual([written]);
  expect(github.storageRecords()).toMatchObject([{ org: "umbrella", ...registry }]);
  expect(github.requests).toEqual([]);
  expect(() => github.writeDeploymentRecord({ name: "", digest: DIGEST, ...place })).toThrow(/body name/);
});

test("faults hit the requests that they are for, as often as they say", async () => {
  const github = await start();
  const fault = github.fault({ requests: "write", answer: { status: 503, message: "Down" }, times: 2 });
  expect(await statusOf(github, "GET")).toBe(200);
  const statuses = [await statusOf(github, "POST"), await statusOf(github, "POST")];
  expect(statuses).toEqual([503, 503]);
  expect(github.deploymentRecords()).toEqual([]);
  expect(await statusOf(github, "POST")).toBe(200);
  expect(fault.hits).toBe(2);

  const removed = github.fault({ answer: { status: 500 }, times: Infinity });
  expect(await statusOf(github, "GET")).toBe(500);
  removed.remove();
  expect(await statusOf(github, "GET")).toBe(200);
});

test("an answer that is lost after the write leaves the record", async () => {
  const github = await start();
  github.fault({ requests: "write", answer: "connection-reset", afterWriting: true });
  await expect(statusOf(github, "POST")).rejects.toThrow();
  expect(github.deploymentRecords()).toHaveLength(1);
});

test("a secondary limit asks to wait, and a delay changes nothing else", async () => {
  const github = await start();
  github.fault({ answer: { secondaryLimit: { retryAfterSeconds: 7 } } });
  const response = await fetch(github.url, { headers: { "user-agent": "test" } });
  expect([response.status, response.headers.get("retry-after")]).toEqual([403, "7"]);
  expect(await response.text()).toContain("secondary rate limit");
  github.fault({ answer: { delayMilliseconds: 1 } });
  expect(await statusOf(github, "POST")).toBe(200);
});

test("a reset forgets all but the address, the token and the options", async () => {
  const github = await start();
  const { url, token } = github;
  github.attest(OTHER_DIGEST);
  github.fault({ answer: { status: 500 }, times: Infinity });
  expect(await statusOf(github, "POST")).toBe(500);

  github.reset();

  expect([github.requests, github.deploymentRecords()]).toEqual([[], []]);
  expect(await statusOf(github, "POST", { ...body, digest: OTHER_DIGEST })).toBe(404);
  expect(await statusOf(github, "POST")).toBe(200);
  expect(github.requests.map(({ status }) => status)).toEqual([404, 200]);
  expect([github.url, github.token]).toEqual([url, token]);
});

test("a request that gets no answer ends with the server", async () => {
  const github = await start();
  github.fault({ answer: "no-answer" });
  const waiting = statusOf(github, "GET");
  while (github.requests.length === 0) await new Promise(setImmediate);
  await github.stop();
  await expect(waiting).rejects.toThrow();
});

test.each<[TestGitHubOptions, RegExp]>([
  [{ orgs: [] }, /orgs is empty/],
  [{ attested: ["sha256:abc"] }, /"sha256:abc" is not a digest/],
])("%j is refused", async (options, message) => {
  await expect(startGitHub(options)).rejects.toThrow(message);
});

test("a fault or an attestation that cannot be is refused", async () => {
  const github = await start();
  expect(() => github.attest(DIGEST.toUpperCase())).toThrow(/is not a digest/);
  expect(() => github.fault({ answer: { status: 42 } })).toThrow(/status is 42/);
  expect(() => github.fault({ answer: "no-answer", times: 0 })).toThrow(/times is 0/);
  expect(() => github.deploymentRecords("umbrella")).toThrow(/no organisation umbrella/);
});
