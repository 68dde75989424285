/** What is loaded before it is needed is paid for by each preview. */
import { execFileSync } from "node:child_process";
import { join, sep } from "node:path";

const dist = join(__dirname, "..", "..", "dist");

/** The packages, and the modules of ours, that are loaded when this code has run. */
function loadedBy(code: string) {
  const program = `(async () => { ${code} })().then(() => console.log(JSON.stringify(Object.keys(require.cache))))`;
  const options = { cwd: join(dist, ".."), encoding: "utf8" } as const;
  const files = JSON.parse(execFileSync(process.execPath, ["-e", program], options)) as string[];
  const packages = files.flatMap(
    (file) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file.replaceAll(sep, "/"))?.[1] ?? [],
  );
  const own = files
    .filter((file) => file.startsWith(dist))
    .map((file) => file.slice(dist.length + 1).replaceAll(sep, "/"));
  return { packages: [...new Set(packages)].sort(), own };
}

const inputs = {
  org: "acme",
  name: "ghcr.io/acme/web",
  digest: `sha256:${"a1".repeat(32)}`,
  logicalEnvironment: "production",
  deploymentName: "web",
};
const onChainloop = {
  environmentName: "production",
  deploymentName: "web",
  artifactName: "ghcr.io/acme/web",
  artifactDigest: inputs.digest,
};
const provider = `const { deploymentRecord } = require(${JSON.stringify(join(dist, "provider"))});`;

test("the provider loads nothing before a resource is checked, and then zod and what that resource needs", () => {
  expect(loadedBy(provider).packages).toEqual([]);
  const { packages, own } = loadedBy(`${provider} await deploymentRecord.check({}, {});`);
  expect(packages).toEqual(["zod"]);
  const resources = ["deployment-record", "cluster-deployment-set", "storage-record", "chainloop-deployment"];
  const loaded = resources.filter((name) => own.includes(`provider/${name}/index.js`));
  expect(loaded).toEqual(["deployment-record"]);
});

test("a preview loads nothing that sends requests", () => {
  const { packages, own } = loadedBy(`${provider}
    const { inputs, failures } = await deploymentRecord.check({}, ${JSON.stringify(inputs)});
    if (failures.length > 0) throw new Error(JSON.stringify(failures));
    await deploymentRecord.diff("acme/production///web", inputs, { ...inputs, version: "2" });`);
  expect(packages).toEqual(["zod"]);
  expect(own).toContain("provider/config/github.js");
  const http = ["outcome", "rate-limiter", "proxy", "queue", "request-with-retry"].map(
    (name) => `provider/http/${name}.js`,
  );
  const github = ["api", "app", "client", "connection", "credentials", "schemas"];
  const sending = [...http, ...github.map((name) => `provider/github/${name}.js`)];
  expect(own.filter((file) => sending.includes(file))).toEqual([]);
  const chainloop =
    loadedBy(`const { chainloopDeployment } = require(${JSON.stringify(join(dist, "provider"))});
    const { failures } = await chainloopDeployment.check({}, ${JSON.stringify(onChainloop)});
    if (failures.length > 0) throw new Error(JSON.stringify(failures));`);
  expect(chainloop.packages).toEqual(["zod"]);
  expect(chainloop.own).toContain("provider/config/chainloop.js");
  expect(
    chainloop.own.filter((file) =>
      /http\/(outcome|request-with-retry)|chainloop\/(client|schemas)/.test(file),
    ),
  ).toEqual([]);
  // They are there, under these names.
  expect(loadedBy(`require(${JSON.stringify(join(dist, "provider/github/client"))})`).own).toEqual(
    expect.arrayContaining(sending),
  );
});

test("the SDK loads Pulumi, and of the provider only what identifies a record, how a state keeps it, which keys a configuration has, and how workloads are read", () => {
  const packages = (name: string) => loadedBy(`require(${JSON.stringify(name)});`);
  const sdk = packages(join(dist, "sdk"));
  expect(sdk.packages).toEqual(packages("@pulumi/pulumi").packages);
  expect(sdk.own.filter((file) => !/^(sdk|provider\/workloads)\//.test(file)).sort()).toEqual([
    "provider/chainloop-deployment/identity.js",
    "provider/chainloop/statuses.js",
    "provider/cluster-deployment-set/identity.js",
    "provider/cluster-deployment-set/record-codec.js",
    "provider/config/keys.js",
    "provider/deployment-record/identity.js",
    "provider/github/wire.js",
    "provider/lifecycle/check.js",
    "provider/lifecycle/declarations.js",
    "provider/lifecycle/diff.js",
    "provider/lifecycle/identity.js",
    "provider/lifecycle/ownership.js",
    "provider/lifecycle/plain-values.js",
    "provider/runtime/errors.js",
    "provider/runtime/list-at-most.js",
    "provider/runtime/untrusted-text.js",
    "provider/runtime/values.js",
    "provider/storage-record/identity.js",
  ]);
});
