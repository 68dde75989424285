/** A Chainloop deployment in a program: beside GitHub's records, with a token of its own. */
import { resolve } from "node:path";
import { startChainloop } from "../../local/chainloop";
import type { Chainloop, DeploymentBody } from "../../local/chainloop";
import { testClock } from "../../local/github";
import { digestOf } from "./support/declarations";
import { mixedScene, single } from "./support/mixed";
import type { Thing } from "./support/mixed";
import { newScene } from "./support/scene";
import { onLong } from "./support/long";

const TOKEN = "chainloop-canary-51c0";
const clock = testClock();
let chainloop: Chainloop;
beforeAll(async () => void (chainloop = await startChainloop({ token: TOKEN, now: clock.now })));
beforeEach(() => chainloop.reset());
afterAll(() => chainloop.close());

const scene = () =>
  mixedScene({
    config: { "artifact-metadata:chainloopUrl": chainloop.url },
    secretConfig: { "artifact-metadata:chainloopToken": TOKEN },
  });

const deployment = (name: string, more: object = {}): Thing => ({
  kind: "ChainloopDeployment",
  name,
  args: {
    environmentName: "production",
    deploymentName: "shop-web-web",
    image: `ghcr.io/acme/web:1.4.2@${digestOf("web")}`,
    ...more,
  },
});

const newer = { image: `ghcr.io/acme/web:1.5.0@${digestOf("newer")}` };

const written: DeploymentBody = {
  environment_name: "production",
  deployment_name: "shop-web-web",
  kind: "CONTAINER_IMAGE",
  artifact_name: "ghcr.io/acme/web",
  artifact_version: "1.4.2",
  artifact_digest: digestOf("web"),
  status: "DEPLOYED",
};

/** `1.4.2 DEPLOYED`, in the order in which they were first written. */
const statuses = () => chainloop.deployments().map(({ artifact, status }) => `${artifact.version} ${status}`);

test("lives its life beside a deployment record, and what another deployed is shown and taken back", async () => {
  const { preview, up, scene: stack, github } = await scene();
  const both = (more: object = {}, name = "web") => [single("shop"), deployment(name, more)];

  expect(await preview(both())).toMatchObject({ plan: ["create shop", "create web"] });
  expect(chainloop.requests).toEqual([]);
  const first = await up(both());
  expect(first.plan).toEqual(["create shop", "create web"]);
  expect(chainloop.requests.map(({ body }) => body)).toEqual([written]);

  clock.advance(60_000);
  chainloop.writeDeployment({ ...written, artifact_digest: digestOf("other"), artifact_version: "9" });
  await stack.refresh({ env: envOf(both()) });
  const drifted = await preview(both());
  expect(drifted.plan).toEqual(["update web"]);
  expect(drifted.output).toMatch(
    new RegExp(`artifactDigest *: "${digestOf("other")}" => "${digestOf("web")}"`),
  );
  clock.advance(60_000);
  expect((await up(both(newer))).plan).toEqual(["update web"]);
  expect(statuses()).toEqual(["1.4.2 SUPERSEDED", "9 SUPERSEDED", "1.5.0 DEPLOYED"]);

  // Renamed: Pulumi creates the new one and then deletes the old one.
  expect((await up(both(newer, "renamed"))).plan).toEqual(["create renamed", "delete web"]);
  expect(statuses().at(-1)).toBe("1.5.0 DEPLOYED");

  const { deployment: state } = await stack.stack.exportState();
  const saved = state.resources?.find(({ type }) => type.endsWith(":ChainloopDeployment"));
  expect(saved?.outputs).toMatchObject({ status: "DEPLOYED", recordId: chainloop.deployments()[2]?.id });
  expect(Buffer.byteLength(JSON.stringify(saved?.inputs?.__provider))).toBeLessThan(200);
  expect(JSON.stringify(state)).not.toContain(TOKEN);
  expect(first.output).not.toContain(TOKEN);

  expect((await up([single("shop")])).plan).toEqual(["delete renamed"]);
  expect(statuses().at(-1)).toBe("1.5.0 DECOMMISSIONED");
  expect(github.deploymentRecords().map(({ status }) => status)).toEqual(["deployed"]);
  expect(chainloop.violations).toEqual([]);
});

const envOf = (things: Thing[]) => ({ DECLARATIONS: JSON.stringify({ resources: things, outputs: {} }) });

onLong("what Chainloop lists is read in a preview too", async () => {
  chainloop.writeDeployment(written);
  chainloop.writeDeployment({ ...written, deployment_name: "other", status: "DECOMMISSIONED" });
  const { preview, scene: stack } = await scene();
  const list: Thing = {
    kind: "getChainloopDeploymentsOutput",
    name: "list",
    args: { environmentName: "production", status: "DEPLOYED" },
  };
  const outputs = { listed: { $output: "list.deployments" } };
  const { output } = await preview([list], { outputs });
  expect(output).toMatch(/artifactName *: "ghcr\.io\/acme\/web"/);
  expect(output).not.toContain("other");
  expect(stack.github.requests).toEqual([]);
  expect(chainloop.requests.map(({ path, method }) => `${method} ${path}`)).toEqual(["GET /v1/deployments"]);
});

onLong("of one identity, a second declaration is an error that names both, and nothing is sent", async () => {
  const { preview } = await scene();
  const twice = [deployment("web"), deployment("again", newer)];
  const { errors } = await preview(twice, { exitCode: 1 });
  expect(errors.join("\n")).toContain(
    'ChainloopDeployment "web" and ChainloopDeployment "again" declare the same Chainloop deployment record ' +
      "(production, shop-web-web, CONTAINER_IMAGE): each would overwrite the other. Remove one of them.",
  );
  expect(chainloop.requests).toEqual([]);
});

test("the example declares one workload on GitHub and on Chainloop", async () => {
  const image = (version: string, artifact: string) => `ghcr.io/acme/web:${version}@${digestOf(artifact)}`;
  const { up, destroy, github, stack } = await newScene({
    program: resolve(__dirname, "../../examples/chainloop"),
    // The program's types are checked with all others; here it is to start quickly.
    env: { PULUMI_NODEJS_TRANSPILE_ONLY: "true", CHAINLOOP_API_URL: chainloop.url, CHAINLOOP_TOKEN: TOKEN },
    config: { "chainloop:image": image("1.4.2", "web") },
  });
  expect(await up()).toMatchObject({ plan: ["create web", "create web"], written: 1 });
  await stack.setConfig("chainloop:image", image("1.5.0", "newer"));
  expect(await up()).toMatchObject({ plan: ["update web", "update web"], written: 1 });
  expect(github.deploymentRecords().map(({ version }) => version)).toEqual(["1.5.0"]);
  expect(statuses()).toEqual(["1.4.2 SUPERSEDED", "1.5.0 DEPLOYED"]);

  await destroy();
  expect(github.deploymentRecords().map(({ status }) => status)).toEqual(["decommissioned"]);
  expect(statuses()).toEqual(["1.4.2 SUPERSEDED", "1.5.0 DECOMMISSIONED"]);
});
