/** Which resources of a TypeScript program are native, and what they are registered as. */
import * as pulumi from "@pulumi/pulumi";
import * as state from "@pulumi/pulumi/runtime/state";
import { deploymentIdentity } from "../../provider/deployment-record/identity";
import {
  ChainloopDeployment,
  ClusterDeploymentSet,
  DeploymentRecord,
  NativeProvider,
  Provider,
  StorageRecord,
} from "../../sdk";
import type { ProviderArgs } from "../../sdk";
import { declareOnce } from "../../sdk/declared";
import { formOf, formsOf, withOtherType } from "../../sdk/form";
import { DIGEST } from "../support/provider";
import { notingMocks } from "../support/pulumi-mocks";

const registered: pulumi.runtime.MockResourceArgs[] = [];
beforeAll(() => pulumi.runtime.setMocks(notingMocks(registered)));
beforeEach(() => {
  registered.length = 0;
  pulumi.runtime.setAllConfig({});
  for (const variable of ["GITHUB_OWNER", "GITHUB_REPOSITORY_OWNER"]) delete process.env[variable];
});

const classes = { DeploymentRecord, ClusterDeploymentSet, StorageRecord, ChainloopDeployment };
type AnyResource = new (name: string, args: never, opts?: object) => pulumi.CustomResource;
const args = { org: "acme", environmentName: "p", deploymentName: "w", digest: DIGEST, deployments: {} };
const declare = (Resource: unknown, opts?: object) =>
  new (Resource as AnyResource)("web", args as never, opts);
const valueOf = <T>(output: pulumi.Output<T>) => new Promise<T>((resolve) => output.apply(resolve));
const component = (providers: pulumi.ProviderResource[]) =>
  new pulumi.ComponentResource("shop:index:Shop", "shop", {}, { providers });

/** As another SDK has it. */
class ByHand extends pulumi.ProviderResource {
  constructor(name: string) {
    super("artifact-metadata", name, {});
  }
}

const native: [what: string, options: () => object][] = [
  ["an import", () => ({ import: "acme/production///web" })],
  ["a native provider", () => ({ provider: new NativeProvider("native") })],
  ["a provider of the package that is of no class of ours", () => ({ provider: new ByHand("by-hand") })],
  ["a component with a native provider", () => ({ parent: component([new NativeProvider("inherited")]) })],
  [
    "a component with providers for both",
    () => ({ parent: component([new Provider("dynamic"), new NativeProvider("both")]) }),
  ],
];
const dynamic: [what: string, options: () => object | undefined][] = [
  ["no options", () => undefined],
  ["a dynamic provider", () => ({ provider: new Provider("dynamic") })],
  ["a component with a dynamic provider", () => ({ parent: component([new Provider("dynamic")]) })],
  [
    "a dynamic provider in a component with a native one",
    () => ({ provider: new Provider("own"), parent: component([new NativeProvider("not this")]) }),
  ],
];

describe.each(Object.entries(classes))("%s", (name, Resource) => {
  test.each(native)("is native with %s: it has no code", async (_what, options) => {
    const resource = declare(Resource, options());
    await valueOf(resource.urn);
    const { type, inputs } = registered.at(-1) ?? {};
    expect(type).toBe(`artifact-metadata:index:${name}`);
    expect(Object.keys(inputs as object)).not.toContain("__provider");
    expect(Resource.isInstance(resource)).toBe(true);
  });

  test.each(dynamic)("is dynamic with %s", async (_what, options) => {
    const resource = declare(Resource, options());
    await valueOf(resource.urn);
    const { type, inputs } = registered.at(-1) ?? {};
    expect(type).toBe(`pulumi-nodejs:dynamic/artifact-metadata:${name}`);
    expect(inputs).toHaveProperty("__provider");
  });

  test("is read natively with a native provider", async () => {
    const provider = new NativeProvider("native");
    const read = (Resource.get as (...given: unknown[]) => pulumi.Resource)("web", "id", args, { provider });
    await valueOf(read.urn);
    const { type, inputs, id } = registered.at(-1) ?? {};
    expect([type, id]).toEqual([`artifact-metadata:index:${name}`, "id"]);
    expect(Object.keys(inputs as object)).not.toContain("__provider");
  });

  test("refuses an import with a dynamic provider in one sentence", () => {
    const declareImport = () =>
      declare(Resource, { import: "acme/production///web", provider: new Provider("dynamic") });
    expect(declareImport).toThrow(`${name} "web": the option import needs a native provider`);
  });
});

test("replaceOnChanges is for native resources alone", () => {
  const forms = formsOf("StorageRecord", "code");
  const replaceOnChanges = ["image"];
  expect(() => formOf(forms, "x", { replaceOnChanges })).toThrow("has no effect on dynamic resources");
  const provider = new NativeProvider("native");
  expect(formOf(forms, "x", { replaceOnChanges, provider }).code).toBeUndefined();
});

describe("the other type is an alias", () => {
  const forms = formsOf("StorageRecord", "code");
  const other = { type: "artifact-metadata:index:StorageRecord" };
  const form = formOf(forms, "x", undefined);

  test("of a dynamic resource and of a native one", () => {
    expect(withOtherType(undefined, form)).toEqual({ aliases: [other] });
    const imported = formOf(forms, "x", { import: "id" });
    expect(withOtherType({ import: "id" }, imported)).toEqual({
      import: "id",
      aliases: [{ type: "pulumi-nodejs:dynamic/artifact-metadata:StorageRecord" }],
    });
  });

  test("beside the program's own, and of what was renamed too", () => {
    const later = pulumi.output({ name: "later" });
    const aliases = [{ name: "old" }, "urn:pulumi:x", { name: "older", type: "a:b:C" }, later];
    expect(withOtherType({ aliases }, form)?.aliases).toEqual([...aliases, { name: "old", ...other }, other]);
  });

  test("of nothing that is only read", () => {
    expect(withOtherType({ id: "id" }, form)).toEqual({ id: "id" });
  });
});

describe("a native provider", () => {
  async function settingsOf(given: ProviderArgs) {
    const provider = new NativeProvider("native", given);
    await valueOf(provider.urn);
    expect(registered[0]?.type).toBe("pulumi:providers:artifact-metadata");
    const inputs = Object.entries(registered[0]?.inputs as object);
    const plain = (value: unknown) => (value as { value?: unknown } | null)?.value ?? value;
    return {
      values: Object.fromEntries(inputs.map(([key, value]) => [key, plain(value)])) as object,
      secrets: inputs.filter(([, value]) => typeof value === "object").map(([key]) => key),
    };
  }

  test("has its settings by their own names, its credentials as secrets", async () => {
    const given = { org: "globex", token: "t", verifyOwnership: false, timeoutSeconds: 60 };
    expect(await settingsOf(given)).toEqual({
      values: { org: "globex", token: "t", verifyOwnership: "false", timeoutSeconds: "60" },
      secrets: ["token"],
    });
  });

  test("takes the rest from the stack, from pulumi-github's keys too, which the plugin does not see", async () => {
    pulumi.runtime.setAllConfig({
      ...{ "github:token": "stacks", "github:owner": "acme", "github:baseUrl": "https://api.o.ghe.com" },
      "artifact-metadata:timeoutSeconds": "90",
    });
    expect(await settingsOf({})).toEqual({
      values: { org: "acme", token: "stacks", baseUrl: "https://api.o.ghe.com", timeoutSeconds: "90" },
      secrets: ["token"],
    });
  });

  test("takes no token of the stack beside an App", async () => {
    pulumi.runtime.setAllConfig({ "github:token": "stacks", "artifact-metadata:appId": "1" });
    expect((await settingsOf({})).values).toEqual({ appId: "1" });
  });

  test("gives its organisation to its resources", async () => {
    pulumi.runtime.setAllConfig({ "artifact-metadata:org": "acme" });
    const provider = new NativeProvider("native", { org: "globex" });
    const record = { name: "web", digest: DIGEST, logicalEnvironment: "production", deploymentName: "web" };
    const { org } = new DeploymentRecord("web", record, { provider });
    expect(await valueOf(org)).toBe("globex");
  });

  test("of no class of ours knows its organisation itself: two records of two of them are not one", async () => {
    pulumi.runtime.setAllConfig({ "artifact-metadata:org": "acme" });
    const record = { name: "web", digest: DIGEST, logicalEnvironment: "production", deploymentName: "web" };
    const providers = ["one", "other"].map((name) => new ByHand(name));
    const [provider] = providers;
    expect(await valueOf(new DeploymentRecord("web", record, { provider }).org)).toBeUndefined();
    const { withLocalStorage, getStore } = state as unknown as {
      withLocalStorage: <T>(callback: () => T) => T;
      getStore: () => { stackResource: object };
    };
    withLocalStorage(() => {
      getStore().stackResource = {};
      for (const provider of providers) {
        const form = formOf(formsOf("DeploymentRecord", ""), "web", { provider });
        const parts = [undefined, "production", undefined, undefined, "web"];
        const identity = deploymentIdentity;
        const declaration = { resource: "web", kind: "deployment", identity, parts, form } as const;
        expect(declareOnce(declaration)).not.toHaveProperty("__provider");
      }
    });
  });
});
