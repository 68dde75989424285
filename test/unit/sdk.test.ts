import * as pulumi from "@pulumi/pulumi";
import { ChainloopDeployment, ClusterDeploymentSet, DeploymentRecord, StorageRecord } from "../../sdk";
import type { DeploymentRecordArgs } from "../../sdk";
import { DIGEST } from "../support/provider";

/** What the program asked the engine for. */
const registered: pulumi.runtime.MockResourceArgs[] = [];
const variables = ["GITHUB_OWNER", "GITHUB_REPOSITORY_OWNER"];

beforeAll(async () => {
  await pulumi.runtime.setMocks({
    newResource(args) {
      registered.push(args);
      return { id: args.id || "acme/production///web", state: { ...(args.inputs as object), recordId: "1" } };
    },
    call: () => ({}),
  });
});

beforeEach(() => {
  registered.length = 0;
  pulumi.runtime.setAllConfig({});
  for (const variable of variables) delete process.env[variable];
});

const minimal: DeploymentRecordArgs = {
  name: "ghcr.io/acme/web",
  digest: DIGEST,
  logicalEnvironment: "production",
  deploymentName: "web",
};

const valueOf = <T>(output: pulumi.Output<T>) => new Promise<T>((resolve) => output.apply(resolve));

async function declare(args: DeploymentRecordArgs) {
  const record = new DeploymentRecord("web", args);
  await valueOf(record.urn);
  const first = registered[0];
  return { record, type: first?.type, inputs: first?.inputs as Record<string, unknown> };
}

test("a record is registered with what was declared, and one line of code", async () => {
  const { type, inputs } = await declare({ ...minimal, org: "acme", tags: { team: pulumi.output("shop") } });
  expect(type).toBe("pulumi-nodejs:dynamic/artifact-metadata:DeploymentRecord");
  const { __provider, __declared, ...rest } = inputs;
  // What the program declares: 8 characters for each record.
  expect(__declared).toMatch(/^([\w-]{8})\|\1$/);
  expect(rest).toEqual({ ...minimal, org: "acme", tags: { team: "shop" } });
  expect(Buffer.byteLength(String(__provider))).toBeLessThan(200);
  expect(__provider).toBe(
    "exports.handler = () => require('pulumi-artifact-metadata/provider').deploymentRecord",
  );
});

test.each(Object.entries({ DeploymentRecord, ClusterDeploymentSet, StorageRecord, ChainloopDeployment }))(
  "%s without arguments, as JavaScript allows, is left to the check",
  async (_name, Resource) => {
    const none = undefined as never;
    const AnyResource = Resource as new (name: string, args: never) => pulumi.Resource;
    await valueOf(new AnyResource("web", none).urn);
    expect(registered).toHaveLength(1);
  },
);

test("an output that turns out to be undefined is an input that is left out", async () => {
  pulumi.runtime.setAllConfig({ "artifact-metadata:org": "from-stack" });
  const none = pulumi.output(undefined as string | undefined);
  const { inputs } = await declare({ ...minimal, org: none, physicalEnvironment: none, version: none });
  expect(inputs).toMatchObject({ ...minimal, org: "from-stack" });
  expect(Object.keys(inputs)).not.toEqual(expect.arrayContaining(["version"]));
  expect(Object.keys(inputs)).not.toEqual(expect.arrayContaining(["physicalEnvironment"]));

  const image = `ghcr.io/acme/web@${DIGEST}`;
  const stored = new StorageRecord("web", { image, org: none, registryUrl: none });
  expect(await valueOf(stored.registryUrl)).toBe("https://ghcr.io");
  expect(await valueOf(stored.org)).toBe("from-stack");
});

test("each input and what GitHub says is an output", async () => {
  const { record } = await declare({ ...minimal, org: "acme" });
  expect(await valueOf(record.org)).toBe("acme");
  expect(await valueOf(record.recordId)).toBe("1");
  for (const output of [record.version, record.cluster, record.attestationId, record.updatedAt])
    expect(await valueOf<string | undefined>(output)).toBeUndefined();
});

test("an organisation that is declared goes before all defaults", async () => {
  pulumi.runtime.setAllConfig({ "artifact-metadata:org": "one", "github:owner": "two" });
  process.env.GITHUB_OWNER = "three";
  expect((await declare({ ...minimal, org: "acme" })).inputs.org).toBe("acme");
});

const places: [string, () => void][] = [
  ["artifact-metadata:org", () => pulumi.runtime.setConfig("artifact-metadata:org", "found")],
  ["github:owner", () => pulumi.runtime.setConfig("github:owner", "found")],
  ["GITHUB_OWNER", () => void (process.env.GITHUB_OWNER = "found")],
  ["GITHUB_REPOSITORY_OWNER", () => void (process.env.GITHUB_REPOSITORY_OWNER = "found")],
];
test.each(places.map(([place, set], index) => ({ place, set, later: places.slice(index + 1) })))(
  "without one, it is taken from $place, before all places that follow it",
  async ({ set, later }) => {
    for (const [place] of later) {
      if (place.includes(":")) pulumi.runtime.setConfig(place, "later");
      else process.env[place] = "later";
    }
    set();
    expect((await declare(minimal)).inputs.org).toBe("found");
  },
);

test("an empty variable is as good as none", async () => {
  process.env.GITHUB_OWNER = "";
  process.env.GITHUB_REPOSITORY_OWNER = "found";
  expect((await declare(minimal)).inputs.org).toBe("found");
});

test("without any, none is made up: the check asks for it", async () => {
  expect((await declare(minimal)).inputs.org).toBeUndefined();
});

test(".get reads by ID and digest, and fills nothing in", async () => {
  pulumi.runtime.setAllConfig({ "artifact-metadata:org": "one" });
  const record = DeploymentRecord.get("web", "acme/production///web", { digest: DIGEST });
  await valueOf(record.urn);
  expect(registered).toMatchObject([{ id: "acme/production///web" }]);
  const { __provider, ...state } = (registered[0]?.inputs ?? {}) as Record<string, unknown>;
  expect(state).toEqual({ digest: DIGEST });
  expect(__provider).toContain("require('pulumi-artifact-metadata/provider')");
});
