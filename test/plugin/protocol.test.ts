import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import type { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { startGitHub } from "../../local/github";
import type { GitHub } from "../../local/github";
import { fromStruct, toStruct } from "../../local/engine/marshal";
import { call } from "../../local/engine/rpc";
import type { PropertyMap } from "../../local/engine/types";
import { DIGEST, OTHER, useScene } from "./scene";
import { cancel, partialFailureOf, startPlugin, urnOf } from "./support";

const SECRET = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
const TOKEN = "ghp_this_is_in_the_environment_alone";
const scene = useScene({ PULUMI_CONFIG: JSON.stringify({ "shop:token": TOKEN }) });
const { version } = JSON.parse(readFileSync(join(__dirname, "..", "..", "package.json"), "utf8")) as {
  version: string;
};

const record = (deploymentName: string, more: PropertyMap = {}): PropertyMap => ({
  ...{ name: "ghcr.io/acme/web", digest: DIGEST, logicalEnvironment: "production", deploymentName },
  ...more,
});
const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};
const messageOf = (work: Promise<unknown>) =>
  work.then(
    () => "",
    (error: Error) => error.message,
  );

describe("the handshake", () => {
  test("asks for secrets, and neither for resources nor for outputs", async () => {
    const request = new messages.ProviderHandshakeRequest();
    const answer = await call<messages.ProviderHandshakeResponse>((done) =>
      scene.plugin.client.handshake(request, done),
    );
    expect(answer.toObject()).toMatchObject({
      acceptSecrets: true,
      acceptResources: false,
      acceptOutputs: false,
    });
  });

  test("tells the version of the package", async () => {
    const info = await call<PluginInfo>((done) => scene.plugin.client.getPluginInfo(new Empty(), done));
    expect(info.getVersion()).toBe(version);
  });

  test("gives the schema, with that version", async () => {
    const request = new messages.GetSchemaRequest();
    const answer = await call<messages.GetSchemaResponse>((done) =>
      scene.plugin.client.getSchema(request, done),
    );
    const schema = JSON.parse(answer.getSchema()) as { name: string; version: string };
    expect(schema).toMatchObject({ name: "artifact-metadata", version });
  });
});

describe("the configuration", () => {
  const checkConfig = async (news: PropertyMap) => {
    const request = new messages.CheckRequest().setNews(toStruct(news));
    const answer = await call<messages.CheckResponse>((done) =>
      scene.plugin.client.checkConfig(request, done),
    );
    return { inputs: fromStruct(answer.getInputs()), failures: answer.toObject().failuresList };
  };
  const diffConfig = async (olds: PropertyMap, news: PropertyMap) => {
    const request = new messages.DiffRequest().setOlds(toStruct(olds)).setNews(toStruct(news));
    const answer = await call<messages.DiffResponse>((done) => scene.plugin.client.diffConfig(request, done));
    return { changes: answer.getChanges(), diffs: answer.getDiffsList(), replaces: answer.getReplacesList() };
  };

  test("is text, with its credentials secret, however they were given", async () => {
    const given = {
      org: "acme",
      token: "t",
      timeoutSeconds: 30,
      verifyOwnership: false,
      chainloopToken: { ...SECRET, value: "c" },
    };
    expect(await checkConfig(given)).toEqual({
      inputs: {
        ...{ org: "acme", timeoutSeconds: "30", verifyOwnership: "false" },
        ...{ token: { ...SECRET, value: "t" }, chainloopToken: { ...SECRET, value: "c" } },
      },
      failures: [],
    });
  });

  test("refuses what cannot be a setting, and warns about one that it does not know", async () => {
    const { failures } = await checkConfig({ org: ["acme"] });
    expect(failures).toEqual([{ property: "org", reason: "must be a string, a number or a boolean" }]);
    await checkConfig({ tokn: "t" });
    expect(scene.plugin.logs.at(-1)?.message).toContain("artifact-metadata:tokn is not a setting");
  });

  test("replaces nothing where it changes", async () => {
    const { DIFF_NONE, DIFF_SOME } = messages.DiffResponse.DiffChanges;
    expect(await diffConfig({ timeoutSeconds: 30 }, { timeoutSeconds: "30" })).toMatchObject({
      changes: DIFF_NONE,
    });
    expect(await diffConfig({ token: "a" }, { token: { ...SECRET, value: "b" } })).toEqual({
      changes: DIFF_SOME,
      diffs: ["token"],
      replaces: [],
    });
  });

  test("is named in messages as where it came from", async () => {
    await scene.plugin.configure({ ...scene.settings, timeoutSeconds: "soon" });
    const check = () => messageOf(scene.plugin.check("DeploymentRecord", record("web")));
    expect(await check()).toContain("configuration artifact-metadata:timeoutSeconds must be");
    await scene.plugin.configure({ ...scene.settings, timeoutSeconds: "soon" }, "globex");
    expect(await check()).toContain('timeoutSeconds of the provider "globex" must be');
  });

  test("says of a stack's github:token that this provider does not get it", async () => {
    const { token: _, ...settings } = scene.settings;
    const without = await startPlugin({ PATH: join(process.execPath, "..") });
    await without.configure(settings);
    const { inputs } = await without.check("DeploymentRecord", record("web"));
    const message = await messageOf(without.create("DeploymentRecord", inputs));
    expect(message).toContain("There is no GitHub token.");
    expect(message).toContain("github:token");
    await without.stop();
  });
});

describe("the functions", () => {
  test("list records, of the provider's organisation", async () => {
    const { inputs } = await scene.plugin.check("DeploymentRecord", record("web"));
    await scene.plugin.create("DeploymentRecord", inputs);
    const { result } = await scene.plugin.invoke("getDeploymentRecords", { digest: DIGEST });
    expect(result).toMatchObject({ org: "acme", digest: DIGEST, records: [{ deploymentName: "web" }] });
    expect((await scene.plugin.invoke("getStorageRecords", { digest: DIGEST })).result).toMatchObject({
      records: [],
    });
    expect((await scene.plugin.invoke("getChainloopDeployments", {})).result).toEqual({ deployments: [] });
  });

  test("read images, and keep secret what a secret one says", async () => {
    const image = `ghcr.io/acme/web:1.4.2@${DIGEST}`;
    const { result } = await scene.plugin.invoke("parseImage", { image });
    expect(result).toEqual({ name: "ghcr.io/acme/web", version: "1.4.2", digest: DIGEST });
    const secret = await scene.plugin.invoke("parseImage", { image: { ...SECRET, value: image } });
    expect(secret.result.version).toEqual({ ...SECRET, value: "1.4.2" });
  });

  test("read Kubernetes manifests", async () => {
    const manifests = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop, annotations: { metadata.github.com/team: shop } }
spec:
  template:
    spec: { containers: [{ name: web, image: "ghcr.io/acme/web:1.4.2@${DIGEST}" }] }
`;
    const { result } = await scene.plugin.invoke("deploymentsFromKubernetes", {
      manifests,
      name: "{namespace}/{container}",
    });
    const web = { name: "ghcr.io/acme/web", version: "1.4.2", digest: DIGEST, tags: { team: "shop" } };
    expect(result).toEqual({ deployments: { "shop/web": web } });
  });

  test("say what is wrong with their arguments", async () => {
    const failuresOf = async (name: string, args: PropertyMap) =>
      (await scene.plugin.invoke(name, args)).failures;
    expect(await failuresOf("getDeploymentRecords", { digest: "abc" })).toEqual([
      expect.stringMatching(/^getDeploymentRecords: digest must be "sha256:"/),
    ]);
    expect(await failuresOf("parseImage", { image: "web:1" })).toEqual([
      expect.stringContaining("has no digest"),
    ]);
    expect(await failuresOf("deploymentsFromKubernetes", { manifests: "kind: Pod" })).toHaveLength(1);
    expect(await messageOf(scene.plugin.invoke("getNothing", {}))).toContain(
      "is not a function of artifact-metadata",
    );
  });
});

describe("a resource", () => {
  test("that another one declares too is refused, and both are named", async () => {
    const check = async (name: string, type: string, news: PropertyMap) =>
      (await scene.plugin.check(type, news, { name })).failures;
    expect(await check("web", "DeploymentRecord", record("web", { cluster: "eu" }))).toEqual([]);
    expect(await check("web", "DeploymentRecord", record("web", { cluster: "eu" }))).toEqual([]);
    const twice = {
      property: "",
      reason:
        'DeploymentRecord "web" and DeploymentRecord "www" declare the same deployment record "web" (production, eu) of ' +
        "acme: each would overwrite the other. Remove one of them",
    };
    expect(
      await check("www", "DeploymentRecord", record("web", { cluster: "eu", org: "ACME" })),
    ).toMatchObject([{ ...twice, reason: twice.reason.replace("of acme", "of ACME") }]);
    const set = {
      cluster: "eu",
      logicalEnvironment: "production",
      deployments: { web: { name: "web", digest: DIGEST } },
    };
    expect(await check("eu", "ClusterDeploymentSet", set)).toMatchObject([
      { reason: expect.stringContaining('DeploymentRecord "web" and ClusterDeploymentSet "eu"') as string },
    ]);
  });

  test("needs an image, or what it says, and not both", async () => {
    const { name: _, digest: __, ...bare } = record("web");
    const failuresOf = async (news: PropertyMap, olds: PropertyMap = {}) =>
      (await scene.plugin.check("DeploymentRecord", news, { olds })).failures;
    expect(await failuresOf(bare)).toEqual([
      { property: "image", reason: "is required, or name and digest instead" },
    ]);
    const image = `ghcr.io/acme/web:2@${DIGEST}`;
    expect(await failuresOf({ ...bare, image, digest: OTHER })).toEqual([
      { property: "image", reason: "contains the name, version and digest already. Remove image or digest" },
    ]);
    expect(await failuresOf({ ...bare, image: "web" })).toEqual([
      { property: "image", reason: expect.stringContaining('"web" has no digest') as string },
    ]);
  });

  test("repeats a nested value in the error about it, unless it is a secret", async () => {
    const runtimeRisks = ["intranet"];
    const reasonsOf = async (type: string, news: PropertyMap) =>
      (await scene.plugin.check(type, news)).failures.map(({ reason }) => reason.slice(0, 30));
    expect(await reasonsOf("DeploymentRecord", record("web", { runtimeRisks }))).toEqual([
      '"intranet" must be one of "cri',
    ]);
    const hidden = record("web", { runtimeRisks: { ...SECRET, value: runtimeRisks } });
    expect(await reasonsOf("DeploymentRecord", hidden)).toEqual(['must be one of "critical-resou']);

    const entry = { name: "ghcr.io/acme/web", digest: "sha256:ABC" };
    const deployments = { api: entry, web: { ...entry, tags: { team: { ...SECRET, value: "shop" } } } };
    const set = { org: "acme", cluster: "eu", logicalEnvironment: "production", deployments };
    expect(await reasonsOf("ClusterDeploymentSet", set)).toEqual([
      '"sha256:ABC" must be "sha256:"',
      'must be "sha256:" and 64 hexad',
    ]);
  });

  test("keeps what ignoreChanges put beside its image", async () => {
    const { name: _, digest: __, ...bare } = record("web");
    const olds = (await scene.plugin.check("DeploymentRecord", { ...bare, image: `web:1@${DIGEST}` })).inputs;
    const news = { ...bare, image: `web:2@${DIGEST}`, version: "1" };
    const { inputs, failures } = await scene.plugin.check("DeploymentRecord", news, { olds });
    expect([inputs.version, failures]).toEqual(["1", []]);
  });

  test("has no secret in its identity", async () => {
    const cluster = { ...SECRET, value: "eu" };
    const { failures } = await scene.plugin.check("DeploymentRecord", record("web", { cluster }));
    expect(failures).toEqual([
      { property: "cluster", reason: expect.stringContaining("must not be a secret") as string },
    ]);
    const image = { ...SECRET, value: `ghcr.io/acme/web@${DIGEST}` };
    const stored = await scene.plugin.check("StorageRecord", { image }, { name: "stored" });
    expect(stored.failures.map(({ property }) => property)).toContain("image");
  });

  test("has its warnings beside it", async () => {
    await withOneArtifact(async () => {
      await scene.plugin.check("DeploymentRecord", record("www", { digest: OTHER }), { name: "www" });
      const { severity, message, urn } = scene.plugin.logs.at(-1) ?? {};
      expect([severity, urn]).toEqual(["warning", urnOf("DeploymentRecord", "www")]);
      expect(message).toContain("no provenance attestation");
    });
  });

  test("that is none of the plugin's is refused", async () => {
    expect(await messageOf(scene.plugin.check("Deployment", {}))).toContain(
      "is not one of artifact-metadata",
    );
  });
});

/** Another GitHub, which knows one of the two artifacts. */
async function withOneArtifact(work: (github: GitHub) => Promise<void>): Promise<void> {
  const github = await startGitHub({ attested: [DIGEST] });
  const { url: baseUrl, token } = github;
  await scene.plugin.configure({ ...scene.settings, baseUrl, token, verifyArtifacts: "warn" });
  await work(github).finally(() => github.close());
}

describe("a set of which a part failed", () => {
  test("comes back with its state, and with its secrets secret", async () => {
    const version = { ...SECRET, value: "7.7.7" };
    const deployments = {
      web: { name: "web", digest: DIGEST, version },
      api: { name: "api", digest: OTHER },
    };
    const news = { cluster: "eu", logicalEnvironment: "production", deployments };
    await withOneArtifact(async () => {
      const { inputs } = await scene.plugin.check("ClusterDeploymentSet", news);
      const failure = await scene.plugin
        .create("ClusterDeploymentSet", inputs)
        .catch((error: unknown) => error);
      const { id, properties, reasons } = partialFailureOf(failure);
      expect(id).toBe("acme/production//eu");
      expect(properties).toMatchObject({ org: "acme", deployments: { web: { name: "web", version } } });
      expect(Object.keys(properties.deployments as object)).toEqual(["web"]);
      expect(reasons).toEqual([expect.stringContaining('deployments["api"]')]);
    });
  });

  test("in an update keeps what was written, but no secret that was replaced, and the next one sends the rest", async () => {
    const type = "ClusterDeploymentSet";
    const checked = async (web: PropertyMap, api: PropertyMap, olds: PropertyMap = {}) => {
      const deployments = { web: { name: "web", digest: DIGEST, ...web }, api: { name: "api", ...api } };
      const news = { cluster: "eu", logicalEnvironment: "production", deployments };
      return (await scene.plugin.check(type, news, { olds })).inputs;
    };
    await withOneArtifact(async (github) => {
      const hidden = { digest: DIGEST, tags: { ...SECRET, value: { team: "canary" } } };
      const before = await checked({}, hidden);
      const saved = await scene.plugin.create(type, before);
      expect(JSON.stringify(saved)).toContain("canary");
      const news = await checked({ version: "1.0.0" }, { digest: OTHER, tags: { team: "shop" } }, before);
      const failure = await scene.plugin.update(type, saved, news).catch((error: unknown) => error);
      const { id, properties, reasons } = partialFailureOf(failure);
      expect(reasons).toEqual([expect.stringContaining('deployments["api"]')]);
      expect(properties).toMatchObject({
        org: "acme",
        deployments: { web: { version: "1.0.0" }, api: { digest: DIGEST, tags: {} } },
      });
      expect(JSON.stringify(properties)).not.toContain("canary");

      const sent = github.requests.length;
      const next = await checked({ version: "1.0.0" }, { digest: DIGEST, tags: { team: "shop" } }, news);
      const { outputs } = await scene.plugin.update(type, { id, outputs: properties }, next);
      expect(outputs.deployments).toEqual(next.deployments);
      const written = github.requests.slice(sent).map(({ body }) => body);
      expect(written).toMatchObject([{ deployments: [{ deployment_name: "api", tags: { team: "shop" } }] }]);
    });
  });
});

describe("the process", () => {
  test("ends when its engine does", async () => {
    const plugin = await startPlugin();
    plugin.process.stdin.destroy();
    await plugin.exited;
    expect(plugin.process.exitCode).toBe(0);
    await plugin.stop();
  });

  test("is gone where its engine is killed, which tells it nothing", async () => {
    const start = `
      const plugin = require("child_process").spawn(process.argv[1], ["127.0.0.1:1"], { stdio: ["pipe", "pipe", "inherit"] });
      plugin.stdout.once("data", () => console.log(plugin.pid));
    `;
    const engine = spawn(process.execPath, ["-e", start, scene.plugin.process.spawnfile]);
    const pid = Number(await new Promise<Buffer>((resolve) => engine.stdout.once("data", resolve)));
    expect(isAlive(pid)).toBe(true);
    engine.kill("SIGKILL");
    const tries = Array.from({ length: 100 }, () => () => sleep(20).then(() => isAlive(pid)));
    let isThere = true;
    for (const check of tries) isThere &&= await check();
    expect(isThere).toBe(false);
  });

  test("goes on where its standard input says nothing of an engine", async () => {
    const plugin = spawn(scene.plugin.process.spawnfile, ["127.0.0.1:1"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await new Promise((resolve) => plugin.stdout.once("data", resolve));
    expect(plugin.exitCode).toBeNull();
    plugin.kill("SIGKILL");
  });

  test("has no secret of its environment in a crash report", async () => {
    const folder = await mkdtemp(join(tmpdir(), "report-"));
    const plugin = await startPlugin({
      NODE_OPTIONS: `--report-on-signal --report-directory=${folder}`,
      ...{ PULUMI_CONFIG: JSON.stringify({ "shop:token": TOKEN }), PULUMI_CONFIG_PASSPHRASE: TOKEN },
      ...{ GITHUB_TOKEN: scene.github.token, CHAINLOOP_TOKEN: scene.chainloop.token },
    });
    plugin.process.kill("SIGUSR2");
    while (readdirSync(folder).length === 0) await sleep(20);
    const { token, chainloopToken, ...settings } = scene.settings;
    // They are used all the same.
    await plugin.configure(settings);
    const { inputs } = await plugin.check("DeploymentRecord", record("web"));
    expect((await plugin.create("DeploymentRecord", inputs)).id).toBe("acme/production///web");
    const [report = ""] = readdirSync(folder);
    const text = readFileSync(join(folder, report), "utf8");
    expect(text).toContain("javascriptStack");
    for (const secret of [TOKEN, token, chainloopToken]) expect(text).not.toContain(secret);
    await Promise.all([plugin.stop(), rm(folder, { recursive: true })]);
  });

  test("sends nothing after Cancel", async () => {
    const { inputs } = await scene.plugin.check("DeploymentRecord", record("web"));
    await cancel(scene.plugin.client);
    expect(await messageOf(scene.plugin.create("DeploymentRecord", inputs))).toContain("interrupted");
    expect(scene.requests()).toEqual([]);
  });

  test("shows nothing of the configuration in its environment", () => {
    expect(scene.plugin.seen()).not.toContain(TOKEN);
  });
});
