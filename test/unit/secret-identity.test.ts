/** A secret in what identifies a record is refused by name, before the resource is registered with it. */
import * as pulumi from "@pulumi/pulumi";
import * as sdk from "../../sdk";
import { chainloopIdentity } from "../../provider/chainloop-deployment/identity";
import { setIdentity } from "../../provider/cluster-deployment-set/identity";
import { deploymentIdentity } from "../../provider/deployment-record/identity";
import { storageIdentity } from "../../provider/storage-record/identity";
import { programErrorsOf } from "../support/program-errors";
import { DIGEST } from "../support/provider";
import { notingMocks } from "../support/pulumi-mocks";

const registered: pulumi.runtime.MockResourceArgs[] = [];
const mocks = notingMocks(registered);
beforeEach(() => {
  registered.length = 0;
  pulumi.runtime.setAllConfig({});
});

const CANARY = "sig-canary";
const artifact = { name: "ghcr.io/acme/web", digest: DIGEST };
const kinds = {
  DeploymentRecord: {
    make: (args: object, opts?: object) => new sdk.DeploymentRecord("web", args as never, opts),
    get: (id: pulumi.Input<string>, state: object) => sdk.DeploymentRecord.get("web", id, state as never),
    fields: deploymentIdentity.fields,
    args: { ...artifact, org: "acme", logicalEnvironment: "production", deploymentName: "web" },
  },
  ClusterDeploymentSet: {
    make: (args: object, opts?: object) => new sdk.ClusterDeploymentSet("web", args as never, opts),
    get: (id: pulumi.Input<string>, state: object) => sdk.ClusterDeploymentSet.get("web", id, state as never),
    fields: setIdentity.fields,
    args: { org: "acme", logicalEnvironment: "production", cluster: "eu", deployments: {} },
  },
  StorageRecord: {
    make: (args: object, opts?: object) => new sdk.StorageRecord("web", args as never, opts),
    get: (id: pulumi.Input<string>, state: object) => sdk.StorageRecord.get("web", id, state),
    fields: storageIdentity.fields,
    args: { ...artifact, org: "acme", registryUrl: "https://ghcr.io" },
  },
  ChainloopDeployment: {
    make: (args: object, opts?: object) => new sdk.ChainloopDeployment("web", args as never, opts),
    get: (id: pulumi.Input<string>, state: object) => sdk.ChainloopDeployment.get("web", id, state),
    fields: chainloopIdentity.fields,
    args: { environmentName: "production", deploymentName: "web", artifactDigest: DIGEST },
  },
};
type Kind = keyof typeof kinds;
const each = Object.keys(kinds) as Kind[];
const fieldsOfEach = each.flatMap((kind) => kinds[kind].fields.map((field): [Kind, string] => [kind, field]));

const advice =
  "Use a value that is not secret; if it only comes from a secret and does not contain it, pass pulumi.unsecret(value).";

const secret = (what: string) => `${what} is a secret, but the record's ID shows it in plain text. ${advice}`;
const valueOf = <T>(output: pulumi.Output<T>) => new Promise<T>((resolve) => output.apply(resolve));

describe.each([true, false])("where the run is a preview: %s", (preview) => {
  beforeAll(() => pulumi.runtime.setMocks(mocks, "project", "stack", preview));

  test.each(fieldsOfEach)("%s: %s that is a secret is named, its value is not", async (kind, field) => {
    const { make, args } = kinds[kind];
    const errors = await programErrorsOf(() => make({ ...args, [field]: pulumi.secret(CANARY) }));
    expect(errors).toEqual([secret(`${kind} "web": ${field}`)]);
    expect(registered).toEqual([]);
  });

  test.each(each)("%s: all secrets in it are one error, also those that .get is given", async (kind) => {
    const { make, get, args, fields } = kinds[kind];
    const secrets = Object.fromEntries(fields.map((field) => [field, pulumi.secret(CANARY)]));
    const all = `${kind} "web": ${fields.join(", ")} are secrets, but the record's ID shows them in plain text.`;
    const errors = await programErrorsOf(() => make({ ...args, ...secrets }));
    expect(errors).toEqual([expect.stringContaining(all)]);
    expect(await programErrorsOf(() => get("id", secrets))).toEqual(errors);
    expect(registered).toEqual([]);
  });

  test.each(each)("%s: an ID that is a secret is refused too", async (kind) => {
    const errors = await programErrorsOf(() => kinds[kind].get(pulumi.secret(CANARY), {}));
    expect(errors).toEqual([
      `${kind} "web": id is a secret, but the state shows it in plain text. ${advice}`,
    ]);
    expect(registered).toEqual([]);
  });

  test.each(each)("%s: outputs that are no secrets stay what they are", async (kind) => {
    const { make, args, fields } = kinds[kind];
    const open = Object.entries(args).map(([name, value]) => [
      name,
      (fields as readonly string[]).includes(name) ? pulumi.unsecret(pulumi.secret(value as string)) : value,
    ]);
    await valueOf(make(Object.fromEntries(open)).urn);
    expect(registered.map(({ inputs }) => inputs as object)).toMatchObject([args]);
  });
});

test("what a preview does not know yet is known to be a secret", async () => {
  await pulumi.runtime.setMocks(mocks, "project", "stack", true);
  const unknown = pulumi.secret(pulumi.unknown) as pulumi.Output<string>;
  const { make, args } = kinds.DeploymentRecord;
  const errors = await programErrorsOf(() => make({ ...args, cluster: unknown }));
  expect(errors).toEqual([secret('DeploymentRecord "web": cluster')]);
  expect(registered).toEqual([]);
});

test("a storage record's image is named where it is the secret, and its own registry where that is", async () => {
  const image = pulumi.secret(`ghcr.io/acme/web@${DIGEST}`);
  const { make } = kinds.StorageRecord;
  const errors = [
    ...(await programErrorsOf(() => make({ org: "acme", image }))),
    ...(await programErrorsOf(() => make({ org: "acme", image, registryUrl: "https://ghcr.io" }))),
  ];
  expect(errors).toEqual([secret('StorageRecord "web": image'), secret('StorageRecord "web": image')]);
});

test("a provider's organisation that is a secret is refused in its resources and in its data functions", async () => {
  const provider = new sdk.Provider("other", { org: pulumi.secret(CANARY), token: "t" });
  await valueOf(provider.urn);
  registered.length = 0;
  const { org: _org, ...args } = kinds.DeploymentRecord.args;
  const errors = await programErrorsOf(() => kinds.DeploymentRecord.make(args, { provider }));
  expect(errors).toEqual([secret('DeploymentRecord "web": org')]);
  expect(registered).toEqual([]);
  const text = "getStorageRecords: org is a secret, but an error shows it in plain text.";
  await expect(sdk.getStorageRecords({ digest: DIGEST }, { provider })).rejects.toThrow(text);
});

test.each<[string, () => unknown, string]>([
  [
    "getDeploymentRecordsOutput",
    () => sdk.getDeploymentRecordsOutput({ org: pulumi.secret(CANARY), digest: DIGEST }),
    "getDeploymentRecords: org is a secret",
  ],
  [
    "getStorageRecordsOutput",
    () => sdk.getStorageRecordsOutput({ org: "acme", digest: pulumi.secret(CANARY) }),
    "getStorageRecords: digest is a secret",
  ],
  [
    "getChainloopDeploymentsOutput",
    () => sdk.getChainloopDeploymentsOutput({ environmentName: pulumi.secret(CANARY) }),
    "getChainloopDeployments: environmentName is a secret",
  ],
])("%s refuses a secret in what it asks for", async (_name, call, text) => {
  const errors = await programErrorsOf(call);
  expect(errors).toEqual([`${text}, but an error shows it in plain text. ${advice}`]);
});

test.each(each)("%s: the option additionalSecretOutputs cannot hide a part of the ID", (kind) => {
  const { make, args, fields } = kinds[kind];
  const [field = ""] = fields;
  expect(() => make(args, { additionalSecretOutputs: ["tags", field] })).toThrow(
    `${kind} "web": additionalSecretOutputs names ${field}, which the record's ID shows in plain text. Remove it there.`,
  );
});

test("a secret map of a set's deployments is accepted, and stays a secret", async () => {
  await pulumi.runtime.setMocks(mocks, "project", "stack", false);
  const deployments = pulumi.secret({ "shop-web": artifact });
  const fleet = kinds.ClusterDeploymentSet.make({ ...kinds.ClusterDeploymentSet.args, deployments });
  await valueOf(fleet.urn);
  const { inputs } = registered[0] as { inputs: { deployments: object } };
  expect(Object.values(inputs.deployments)).toContainEqual({ "shop-web": artifact });
});
