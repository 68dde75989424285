/** `Provider`: what Pulumi is told of it, and which organisation its resources take. */
import * as pulumi from "@pulumi/pulumi";
import * as state from "@pulumi/pulumi/runtime/state";
import { deploymentIdentity } from "../../provider/deployment-record/identity";
import { DeploymentRecord, getDeploymentRecords, Provider } from "../../sdk";
import { declareOnce } from "../../sdk/declared";
import { formOf, formsOf } from "../../sdk/form";
import type { ProviderArgs } from "../../sdk";
import { startGitHub } from "../../local/github";
import type { GitHub } from "../../local/github";
import { DIGEST } from "../support/provider";
import { notingMocks } from "../support/pulumi-mocks";

const registered: pulumi.runtime.MockResourceArgs[] = [];
let github: GitHub;

beforeAll(async () => {
  github = await startGitHub({ attested: "all", orgs: ["acme", "globex"] });
  await pulumi.runtime.setMocks(notingMocks(registered));
});
afterAll(() => github.close());

beforeEach(() => {
  registered.length = 0;
  pulumi.runtime.setAllConfig({});
  for (const variable of ["GITHUB_OWNER", "GITHUB_REPOSITORY_OWNER"]) delete process.env[variable];
});

/** As in a program that Pulumi runs: its constructors share what is declared. */
const inOneRun = <T>(construct: () => T): T => {
  const { withLocalStorage, getStore } = state as unknown as {
    withLocalStorage: (callback: () => T) => T;
    getStore: () => { stackResource: object };
  };
  return withLocalStorage(() => {
    getStore().stackResource = {};
    return construct();
  });
};

const valueOf = <T>(output: pulumi.Output<T>) => new Promise<T>((resolve) => output.apply(resolve));
const record = {
  name: "ghcr.io/acme/web",
  digest: DIGEST,
  logicalEnvironment: "production",
  deploymentName: "web",
};

async function settingsOf(args: ProviderArgs): Promise<Record<string, unknown>> {
  const provider = new Provider("other", args);
  await valueOf(provider.urn);
  const inputs = registered[0]?.inputs as Record<string, unknown>;
  expect(registered[0]?.type).toBe("pulumi:providers:pulumi-nodejs");
  return inputs;
}

/** As Pulumi's mocks show a secret. */
const plain = (value: unknown) => (value as { value?: unknown } | undefined)?.value ?? value;
const isSecret = (value: unknown) => typeof value === "object" && value !== null;

test("each setting has the stack's own key, as a text", async () => {
  const settings = await settingsOf({
    org: "globex",
    baseUrl: "https://api.octocorp.ghe.com",
    onMissingArtifact: "warn",
    verifyOwnership: false,
    timeoutSeconds: 60,
  });
  expect(settings).toEqual({
    "artifact-metadata:org": "globex",
    "artifact-metadata:baseUrl": "https://api.octocorp.ghe.com",
    "artifact-metadata:onMissingArtifact": "warn",
    "artifact-metadata:verifyOwnership": "false",
    "artifact-metadata:timeoutSeconds": "60",
  });
});

test.each(["token", "appPrivateKey", "chainloopToken"] as const)("%s is made a secret", async (key) => {
  const provider = new Provider("other", { [key]: "text" });
  expect(await pulumi.isSecret(pulumi.output(provider.__settings[`artifact-metadata:${key}`]))).toBe(true);
});

test("what it does not name is the stack's, secrets as secrets, and pulumi-github's keys too", async () => {
  pulumi.runtime.setAllConfig({
    "artifact-metadata:org": "acme",
    "artifact-metadata:timeoutSeconds": "90",
    "artifact-metadata:chainloopToken": "chainloop",
    "github:token": "stacks",
    "github:baseUrl": "https://api.octocorp.ghe.com",
  });
  const provider = new Provider("other", { org: "globex" });
  const settings = await valueOf(pulumi.output(provider.__settings));
  expect(settings).toEqual({
    "artifact-metadata:org": "globex",
    "artifact-metadata:timeoutSeconds": "90",
    "artifact-metadata:chainloopToken": "chainloop",
    "github:token": "stacks",
    "github:baseUrl": "https://api.octocorp.ghe.com",
  });
  for (const key of ["artifact-metadata:chainloopToken", "github:token"])
    expect(await pulumi.isSecret(pulumi.output(provider.__settings[key]))).toBe(true);
});

test.each([{ token: "own" }, { appId: "1", appPrivateKey: "key" }])(
  "one that names %j takes no other credentials from the stack",
  async (args) => {
    pulumi.runtime.setAllConfig({
      "artifact-metadata:token": "stacks",
      "artifact-metadata:appId": "2",
      "artifact-metadata:appPrivateKey": "stacks",
      "github:token": "stacks",
    });
    const settings = await settingsOf(args);
    const own = Object.fromEntries(
      Object.entries(args).map(([key, value]) => [`artifact-metadata:${key}`, value]),
    );
    expect(Object.fromEntries(Object.entries(settings).map(([key, value]) => [key, plain(value)]))).toEqual(
      own,
    );
    expect(isSecret(settings["artifact-metadata:appId"])).toBe(false);
  },
);

test("a record takes its provider's organisation: its own, or the one that a component passes on", async () => {
  pulumi.runtime.setAllConfig({ "artifact-metadata:org": "acme" });
  const provider = new Provider("other", { org: pulumi.output("globex") });
  const component = new pulumi.ComponentResource("shop:index:Shop", "shop", {}, { providers: [provider] });
  const records = [
    new DeploymentRecord("stack", record),
    new DeploymentRecord("own", { ...record, deploymentName: "own" }, { provider }),
    new DeploymentRecord("inherited", { ...record, deploymentName: "inherited" }, { parent: component }),
    new DeploymentRecord("named", { ...record, org: "initech", deploymentName: "named" }, { provider }),
  ];
  const orgs = await Promise.all(records.map(({ org }) => valueOf(org)));
  expect(orgs).toEqual(["acme", "globex", "globex", "initech"]);
});

test("what resources of other providers declare is said apart: each provider is a process of its own", async () => {
  const provider = new Provider("other", { org: "acme" });
  const parent = new pulumi.ComponentResource("shop:index:Shop", "shop", {}, { providers: [provider] });
  const said = inOneRun(() =>
    [undefined, { provider }, { parent }].map((options, index) => {
      const parts = ["acme", "production", undefined, undefined, `web-${index}`];
      const form = formOf(formsOf("DeploymentRecord", ""), "web", options);
      const identity = deploymentIdentity;
      const { __declared } = declareOnce({ resource: "web", kind: "deployment", identity, parts, form });
      return __declared as Promise<string>;
    }),
  );
  const whole = (await Promise.all(said)).map((hashes) => hashes.split("|"));
  // Each says apart what it declares itself.
  expect(new Set(whole.map(([, itself]) => itself)).size).toBe(3);
  for (const [all, itself] of whole) expect(all).toContain(itself);
  const [standard, own, child] = whole.map(([all]) => all?.split("."));
  expect(own?.map((hashes) => hashes.length)).toEqual([16, 8]);
  expect([child, standard]).toEqual([own, own?.toReversed()]);
});

test("a data function reads with its provider's organisation, address and token", async () => {
  pulumi.runtime.setAllConfig({ "artifact-metadata:org": "acme", "artifact-metadata:token": "stacks" });
  const provider = new Provider("other", { org: "globex", token: github.token, baseUrl: github.url });
  expect(await getDeploymentRecords({ digest: DIGEST }, { provider })).toMatchObject({
    org: "globex",
    records: [],
  });
  const [request] = github.requests;
  expect(request?.path).toContain("/orgs/globex/");
});

test("a key that JavaScript lets through is warned about", async () => {
  const warn = jest.spyOn(pulumi.log, "warn").mockResolvedValue(undefined);
  await settingsOf({ tokn: "canary", org: "globex" } as ProviderArgs);
  expect(warn.mock.calls).toEqual([
    ['Provider "other": unknown key "tokn": it has no effect. Did you mean token?'],
  ]);
  warn.mockRestore();
});
