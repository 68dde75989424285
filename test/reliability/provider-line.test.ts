/** The code that Pulumi stores in the state is one constant line of each kind. */
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { StackExport } from "../../local/stack";
import { ChainloopDeployment, ClusterDeploymentSet, DeploymentRecord, StorageRecord } from "../../sdk";

const digest = `sha256:${"a".repeat(64)}`;
const place = { org: "acme", logicalEnvironment: "production" };
const kinds: Record<string, (name: string) => pulumi.Resource[]> = {
  DeploymentRecord: (name) => [
    new DeploymentRecord(name, { ...place, name, digest, deploymentName: name }),
    new DeploymentRecord(`${name}-full`, {
      ...{ ...place, name, digest, version: "1", cluster: "prod-eu", deploymentName: `${name}-full` },
      ...{
        status: "decommissioned",
        tags: { team: pulumi.secret("shop") },
        runtimeRisks: ["sensitive-data"],
      },
    }),
    DeploymentRecord.get(`${name}-read`, "acme/production///web", { digest }),
  ],
  ClusterDeploymentSet: (name) => [
    new ClusterDeploymentSet(name, { ...place, cluster: name, deployments: {} }),
    new ClusterDeploymentSet(`${name}-full`, {
      ...{ ...place, cluster: `${name}-full`, partialSuccess: false },
      deployments: { web: { name, digest, tags: { team: pulumi.output("shop") } } },
    }),
  ],
  ChainloopDeployment: (name) => [
    new ChainloopDeployment(name, {
      ...{ environmentName: name, deploymentName: name, artifactName: name, artifactDigest: digest },
    }),
    new ChainloopDeployment(`${name}-full`, {
      ...{ environmentName: name, deploymentName: `${name}-full`, kind: "HELM_CHART" },
      image: pulumi.secret(`ghcr.io/acme/web:1@${digest}`),
    }),
    ChainloopDeployment.get(`${name}-read`, "production/web/CONTAINER_IMAGE"),
  ],
  StorageRecord: (name) => [
    new StorageRecord(name, { org: "acme", name, digest, registryUrl: "https://reg.example.com" }),
    new StorageRecord(`${name}-full`, {
      ...{ org: "acme", name, digest, registryUrl: "https://reg.example.com", path: "x", onDelete: "eol" },
    }),
  ],
};

const registered: pulumi.runtime.MockResourceArgs[] = [];
beforeAll(() =>
  pulumi.runtime.setMocks({
    newResource(args) {
      registered.push(args);
      return { id: args.id ?? "id", state: args.inputs as object };
    },
    call: () => ({}),
  }),
);

const urnOf = ({ urn }: pulumi.Resource) => new Promise((done) => urn.apply(done));

/** The lines of a kind in today's code, each once. */
async function linesOf(kind: string): Promise<string[]> {
  registered.length = 0;
  const resources = ["one", "two"].flatMap((name) => kinds[kind]?.(`${kind}-${name}`) ?? []);
  await Promise.all(resources.map(urnOf));
  expect(registered).toHaveLength(resources.length);
  return [...new Set(registered.map(({ inputs }) => String((inputs as { __provider: unknown }).__provider)))];
}

test.each(Object.keys(kinds))(
  "27. __provider: of every %s it is the same line, of less than 200 bytes",
  async (kind) => {
    const [line = "", ...others] = await linesOf(kind);
    expect(others).toEqual([]);
    expect(Buffer.byteLength(line)).toBeLessThan(200);
    // No path and no version: the same on every machine, whatever is installed.
    expect(line).toMatch(
      /^exports\.handler = \(\) => require\('pulumi-artifact-metadata\/provider'\)\.[a-zA-Z]+$/,
    );
  },
);

const states = resolve(__dirname, "../fixtures/states");
const versions = readdirSync(states, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? [entry.name] : [],
);

test.each(versions)("27. __provider: it is the line that %s saved", async (version) => {
  const state = JSON.parse(readFileSync(join(states, version, "state.json"), "utf8")) as StackExport;
  const saved = (state.deployment.resources ?? []).filter(({ type }) => type.includes(":dynamic/"));
  expect(saved.length).toBeGreaterThan(2);
  for (const { type, inputs, outputs } of saved) {
    const [line] = await linesOf(type.slice(type.lastIndexOf(":") + 1));
    expect([inputs?.__provider, outputs?.__provider]).toEqual([line, line]);
  }
});
