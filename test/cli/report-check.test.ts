/** `report --check`: what GitHub and Chainloop have otherwise than the states. */
import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { Ajv } from "ajv";
import { startChainloop } from "../../local/chainloop";
import type { Chainloop } from "../../local/chainloop";
import { startGitHub } from "../../local/github";
import type { DeploymentBody, GitHub } from "../../local/github";
import { chainloop, digest, record, set, SIGIL, state, stored } from "./states";
import { libfoo, onChainloop, run, web } from "./support";

let github: GitHub;
beforeEach(async () => (github = await startGitHub({ attested: [digest("a"), digest("f")] })));
afterEach(() => github.close());

const check = (states: object, args: string[] = [], env: Record<string, string> = {}) =>
  run(["report", "--check", ...args], JSON.stringify(states), {
    ...{ GITHUB_API_URL: github.url, GITHUB_TOKEN: github.token },
    ...env,
  });

async function differences(states: object, env = {}): Promise<[number, unknown[]]> {
  const { exitCode, stdout } = await check(states, ["--format", "json"], env);
  const { records } = JSON.parse(stdout) as { records: { differences?: string[] }[] };
  return [exitCode, records.map(({ differences }) => differences)];
}

const tags = { team: "shop" };
const written: DeploymentBody = {
  ...{ name: web.name, version: web.version, digest: web.digest, deployment_name: web.deploymentName },
  ...{ logical_environment: "production", physical_environment: "eu-west-1", cluster: "prod-eu" },
  status: "deployed",
  ...{ tags, runtime_risks: ["internet-exposed"] },
};
const declared = { tags, runtimeRisks: ["internet-exposed"] };
const inRegistry = {
  ...{ name: "libfoo", digest: libfoo.digest, registry_url: libfoo.registryUrl, repository: "libs" },
  status: "active",
} as const;

test("where GitHub has all records as the state has them, nothing differs and the exit code is 0", async () => {
  github.writeDeployment("acme", written);
  github.writeDeployment("acme", { ...written, deployment_name: "api" });
  github.writeStorage("acme", inRegistry);
  const entry = { name: web.name, digest: web.digest, status: "deployed", ...declared };
  const states = state(record({ ...declared, org: "Acme" }), set({ api: entry }), stored());
  expect(await differences(states)).toEqual([0, [[], [], []]]);
  expect((await check(states)).stdout).toMatch(/^Records of shop\/dev: .*; 0 of 3 compared differ\n/);
  expect(github.violations).toEqual([]);
});

test("each list is asked for once, and all digests in one request", async () => {
  const entry = (letter: string) => ({ name: "a", digest: digest(letter) });
  await check(state(record(), set({ a: entry("a"), b: entry("b"), c: entry("b") }), stored()));
  expect(github.requests.map(({ operation }) => operation).sort()).toEqual([
    ...["list-artifact-deployment-records", "list-artifact-deployment-records"],
    ...["list-artifact-storage-records", "list-attestations-bulk"],
  ]);
});

test("a record that GitHub does not list, or lists otherwise, is a difference, and the exit code is 1", async () => {
  github.writeDeployment("acme", { ...written, tags: { team: "x|`\u202e" }, runtime_risks: [] });
  github.writeStorage("acme", { ...inRegistry, status: "eol" });
  const states = state(record(declared), record({ deploymentName: "api" }), stored());
  expect(await differences(states)).toEqual([
    1,
    [
      ["GitHub does not list it"],
      ['tags on GitHub: {"team":"x|`\u202e"}', "runtime risks on GitHub: none"],
      ["status on GitHub: eol"],
    ],
  ]);
});

test("each format shows the differences, and what a server says stays in its cell", async () => {
  github.writeDeployment("acme", { ...written, tags: { team: 'x|`\u202e,"' } });
  const states = state(record(declared));
  const of = async (format: string) => (await check(states, ["--format", format])).stdout;
  expect(await of("text")).toMatch(/^Records of shop\/dev: 1 deployed; 1 of 1 compared differ\n/);
  expect(await of("text")).toContain("  Differences\n");
  expect(await of("text")).toContain('  tags on GitHub: {"team":"x|`\\u202e,\\""}\n');
  expect(await of("markdown")).toMatch(
    /\| Differences \|\n.*\n\| .* \| tags on GitHub: <code>[^|`\u202e]*<\/code> \|\n/,
  );
  expect(await of("csv")).toMatch(/,since,differences\r\n.*,"tags on GitHub: .*"\r\n$/);
  const schema = JSON.parse(
    readFileSync(resolve(__dirname, "../../docs/report.schema.json"), "utf8"),
  ) as object;
  const validate = new Ajv({ allErrors: true }).compile(schema);
  const content = JSON.parse(await of("json")) as { check: object };
  expect([validate(content), validate.errors]).toEqual([true, null]);
  expect(content.check).toEqual({ compared: 1, differing: 1 });
});

test.each(["text", "markdown", "json", "csv"])("one of each difference, as %s", async (format) => {
  github.writeDeployment("acme", { ...written, tags: { team: "web" }, runtime_risks: [] });
  github.writeDeployment("acme", {
    ...{ ...written, deployment_name: "api", digest: digest("b"), tags: {}, runtime_risks: [] },
    github_repository: "shop",
  });
  github.writeStorage("acme", { ...inRegistry, status: "eol" });
  const states = state(
    record({ ...declared, updatedAt: "2026-01-01T00:00:00Z" }),
    record({ deploymentName: "api", digest: digest("b") }, { name: "api" }),
    record({ deploymentName: "cart" }, { name: "cart" }),
    stored(),
    chainloop(),
  );
  const { exitCode, stdout } = await check(states, ["--format", format]);
  const file = resolve(__dirname, `golden/report-check.${format}`);
  if (process.env.GOLDEN) writeFileSync(file, stdout);
  expect([exitCode, stdout]).toEqual([1, readFileSync(file, "utf8")]);
});

test("a digest without an attestation is a difference, unless the record names its repository", async () => {
  const other = digest("b");
  for (const name of ["web", "api"])
    github.writeDeployment("acme", {
      ...{ ...written, deployment_name: name, digest: other, tags: {}, runtime_risks: [] },
      github_repository: "shop",
    });
  const of = (deploymentName: string, more = {}) => record({ deploymentName, digest: other, ...more });
  const states = state(of("api"), of("web", { githubRepository: "shop" }));
  expect(await differences(states)).toEqual([1, [["no attestation"], []]]);
});

test("what is decommissioned or about to be removed is not compared", async () => {
  const states = state(
    record({ status: "decommissioned" }),
    record({ deploymentName: "left" }, { more: { delete: true } }),
    stored({ status: "deleted" }),
  );
  const { exitCode, stdout } = await check(states, ["--all"]);
  expect([exitCode, stdout.split("\n")[0]]).toEqual([0, expect.stringMatching(/; 0 of 0 compared differ$/)]);
  expect(github.requests).toEqual([]);
});

test("encrypted values are not guessed: what cannot be compared is counted", async () => {
  github.writeDeployment("acme", written);
  const states = state(
    record({ cluster: SIGIL }),
    record({ deploymentName: "b", digest: SIGIL }),
    set(SIGIL),
    record({ ...declared, tags: { team: SIGIL } }),
  );
  const { exitCode, stdout } = await check(states, ["--format", "json"]);
  const { records, notes } = JSON.parse(stdout) as { records: { differences?: string[] }[]; notes: string[] };
  expect(exitCode).toBe(0);
  expect(records.filter(({ differences }) => differences !== undefined)).toMatchObject([
    { deploymentName: web.deploymentName, cluster: web.cluster, differences: [] },
  ]);
  expect(notes).toEqual([
    "Not compared: 3 records whose identity or digest is encrypted in the state.",
    "Not compared: the encrypted tags or runtime risks of 1 record.",
  ]);
});

test("an organisation that the token cannot read is said, the others are compared, and the exit code is 2", async () => {
  github.writeDeployment("acme", written);
  const states = state(
    record(declared),
    record({ org: "other" }),
    record({ org: "other", digest: digest("c") }),
  );
  const { exitCode, stdout, stderr } = await check(states);
  expect(exitCode).toBe(2);
  expect(stderr.match(/error: The records of other were not compared\. /g)).toHaveLength(1);
  expect(stdout).toContain("The records of other were not compared. ");
  expect(stdout).toContain("0 of 1 compared differ");
});

test("of an organisation that the token cannot read, no more is asked", async () => {
  const digests = Array.from({ length: 40 }, (_, index) => `sha256:${String(index).padStart(64, "0")}`);
  const elsewhere = digests.map((one, index) =>
    record({ org: "other", digest: one, deploymentName: `web-${index}` }),
  );
  expect((await check(state(...elsewhere))).exitCode).toBe(2);
  // As many as are sent at once.
  expect(github.requests.length).toBeLessThanOrEqual(8);
});

test("a token that reads records and no attestations is said, and the records are compared", async () => {
  github.writeDeployment("acme", written);
  github.fault({
    match: { operation: "list-attestations" },
    ...{ when: "before", do: { status: 403 }, times: 9 },
  });
  const { exitCode, stdout, stderr } = await check(state(record(declared)));
  expect([exitCode, stdout]).toEqual([2, expect.stringContaining("; 0 of 1 compared differ")]);
  expect(stderr).toMatch(/^error: Attestations were not checked\. .*"Attestations: read"\.\n$/);
});

test("where GitHub does not answer, the report comes all the same", async () => {
  github.fault({ when: "before", do: { status: 401 }, times: 100 });
  const { exitCode, stdout, stderr } = await check(state(record()));
  expect([exitCode, stdout]).toEqual([2, expect.stringContaining("shop-web-web")]);
  expect(stderr).toContain("error: The records of acme were not compared. ");
  expect(stdout + stderr).not.toContain(github.token);
});

describe("on Chainloop", () => {
  let server: Chainloop;
  beforeEach(async () => (server = await startChainloop({ environments: ["production"] })));
  afterEach(() => server.close());

  const env = () => ({ CHAINLOOP_API_URL: server.url, CHAINLOOP_TOKEN: server.token });
  const write = (more: object = {}) =>
    server.writeDeployment({
      ...{ environment_name: "production", deployment_name: "shop-web", kind: "CONTAINER_IMAGE" },
      ...{ artifact_name: onChainloop.artifactName, artifact_digest: onChainloop.artifactDigest },
      ...{ status: "DEPLOYED", ...more },
    } as Parameters<Chainloop["writeDeployment"]>[0]);

  test("records are compared where there is a token", async () => {
    expect(await differences(state(chainloop()), env())).toEqual([1, [["Chainloop does not list it"]]]);
    write();
    expect(await differences(state(chainloop()), env())).toEqual([0, [[]]]);
    write({ artifact_digest: digest("b") });
    expect(await differences(state(chainloop()), env())).toEqual([
      1,
      [[`digest on Chainloop: ${digest("b")}`]],
    ]);
    write({ artifact_digest: digest("b"), status: "DECOMMISSIONED" });
    const b = state(chainloop({ artifactDigest: digest("b") }));
    expect(await differences(b, env())).toEqual([1, [["status on Chainloop: decommissioned"]]]);
    const elsewhere = state(chainloop({ environmentName: "Production" }));
    expect(await differences(elsewhere, env())).toEqual([1, [["Chainloop does not list it"]]]);
    expect(github.requests).toEqual([]);
  });

  test("of an environment that Chainloop does not have, nothing is listed", async () => {
    const body = { code: 5, message: "environment not found", details: [] };
    server.fault({ match: { method: "GET" }, when: "before", do: { status: 404, body } });
    expect(await differences(state(chainloop()), env())).toEqual([1, [["Chainloop does not list it"]]]);
  });

  test("without a token, it is said that they are not", async () => {
    const { exitCode, stdout } = await check(state(chainloop()));
    expect(exitCode).toBe(0);
    expect(stdout).toContain(
      "Not compared: 1 record on Chainloop; set CHAINLOOP_TOKEN to compare them too.\n",
    );
  });
});
