import * as pulumi from "@pulumi/pulumi";
import { ChainloopDeployment, ClusterDeploymentSet, DeploymentRecord, StorageRecord } from "../../sdk";
import { resourceOptions } from "../../sdk/resource-options";
import { DIGEST } from "../support/provider";

beforeAll(() =>
  pulumi.runtime.setMocks({
    newResource: ({ id, inputs }) => ({ id: id ?? "id", state: inputs as object }),
    call: () => ({}),
  }),
);

const ARTIFACT = ["name", "version", "digest"];
/** Of one of the classes, whichever it is. */
type AnyResource = new (
  name: string,
  args: never,
  opts?: pulumi.CustomResourceOptions,
) => pulumi.CustomResource;
const classes = { DeploymentRecord, ClusterDeploymentSet, StorageRecord, ChainloopDeployment };

test.each([
  ["image", ["name", "version", "digest"]],
  ['["image"]', ["name", "version", "digest"]],
  [
    'deployments["a.image"].image',
    ['deployments["a.image"].name', 'deployments["a.image"].version', 'deployments["a.image"].digest'],
  ],
  ["deployments.web.image", ["deployments.web.name", "deployments.web.version", "deployments.web.digest"]],
  ['deployments.web["image"]', ["deployments.web.name", "deployments.web.version", "deployments.web.digest"]],
  ["deployments[*].image", ["deployments[*].name", "deployments[*].version", "deployments[*].digest"]],
  ["tags.image2", ["tags.image2"]],
  ["imageTag", ["imageTag"]],
  ["*", ["*"]],
])("%s in ignoreChanges and replaceOnChanges means the properties that the image gives", (path, expected) => {
  for (const option of ["ignoreChanges", "replaceOnChanges"] as const)
    expect(resourceOptions("x", { [option]: ["status", path] }, ARTIFACT)?.[option]).toEqual([
      "status",
      ...expected,
    ]);
});

test.each(Object.entries(classes))("%s refuses replaceOnChanges, and says what to use", (name, Resource) => {
  for (const path of ["image", 'deployments["x"].image', "tags", "*"])
    expect(() => new (Resource as AnyResource)("web", {} as never, { replaceOnChanges: [path] })).toThrow(
      `${name} "web": the option replaceOnChanges has no effect on dynamic resources. Remove it, or use replacementTrigger`,
    );
  const none = { replaceOnChanges: [] };
  expect(resourceOptions("x", none, ARTIFACT)).toBe(none);
});

test("a tag that is called image is a tag", () => {
  const options = { ignoreChanges: ["tags.image", 'deployments["x"].tags["image"]'] };
  expect(resourceOptions("x", options, ARTIFACT)).toBe(options);
});

test("options without image stay the same object, and other options stay with it", () => {
  const plain = { protect: true, ignoreChanges: ["tags"] };
  expect(resourceOptions("x", plain, ARTIFACT)).toBe(plain);
  expect(resourceOptions("x", undefined, ARTIFACT)).toBeUndefined();
  expect(resourceOptions("x", { protect: true, ignoreChanges: ["image"] }, ARTIFACT)).toMatchObject({
    protect: true,
  });
});

test.each(Object.entries(classes))("%s says its type, and knows its own resources", (name, Resource) => {
  const type = `pulumi-nodejs:dynamic/artifact-metadata:${name}`;
  expect(Resource.__pulumiType).toBe(type);
  const args = { org: "acme", environmentName: "p", deploymentName: "w", digest: DIGEST, deployments: {} };
  const own = new (Resource as AnyResource)("web", args as never);
  expect(Resource.isInstance(own)).toBe(true);
  // Another copy of the package has classes of its own.
  expect(Resource.isInstance({ __pulumiType: type })).toBe(true);
  const others = Object.values(classes).filter((one) => (one as unknown) !== Resource);
  expect(others.map((other) => other.isInstance(own))).toEqual([false, false, false]);
  for (const value of [undefined, null, "text", {}]) expect(Resource.isInstance(value)).toBe(false);
});
