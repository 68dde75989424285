/** What is registered of a resource that is given an image. */
import * as pulumi from "@pulumi/pulumi";
import { ClusterDeploymentSet, DeploymentRecord, StorageRecord } from "../../sdk";
import type { ClusterDeploymentSetArgs, DeploymentRecordArgs } from "../../sdk";
import { withImage } from "../../sdk/image-inputs";
import { withImages } from "../../sdk/set-images";
import { DIGEST, OTHER_DIGEST } from "../support/provider";
import { notingMocks } from "../support/pulumi-mocks";

const registered: pulumi.runtime.MockResourceArgs[] = [];

beforeAll(async () => {
  await pulumi.runtime.setMocks(notingMocks(registered));
});
beforeEach(() => {
  registered.length = 0;
  pulumi.runtime.setAllConfig({ "artifact-metadata:org": "acme" });
});

const reference = `ghcr.io/acme/web:1.4.2@${DIGEST}`;
const artifact = { name: "ghcr.io/acme/web", version: "1.4.2", digest: DIGEST };
const where = { logicalEnvironment: "production", deploymentName: "web" };

const valueOf = <T>(output: pulumi.Output<T>) => new Promise<T>((resolve) => output.apply(resolve));

async function inputsOf(resource: pulumi.CustomResource): Promise<Record<string, unknown>> {
  const urn = await valueOf(resource.urn);
  const found = registered.find(({ name }) => urn.endsWith(`::${name}`));
  const internal = ["__provider", "__declared", "__plain"];
  const inputs = Object.entries(found?.inputs as object).filter(([name]) => !internal.includes(name));
  return Object.fromEntries(inputs);
}

const forms: [string, () => pulumi.Input<string>][] = [
  ["a string", () => reference],
  ["a promise", () => Promise.resolve(reference)],
  ["an output", () => pulumi.output(reference)],
];

test.each(forms)("an image that is %s is registered as name, version and digest", async (_, image) => {
  const record = new DeploymentRecord("web", { ...where, image: image(), tags: { team: "shop" } });
  expect(await inputsOf(record)).toEqual({ ...where, ...artifact, org: "acme", tags: { team: "shop" } });
});

test.each(forms)("a storage record of an image that is %s is of the image's registry", async (_, image) => {
  const record = new StorageRecord("web", { image: image(), status: "eol" });
  const registryUrl = "https://ghcr.io";
  expect(await inputsOf(record)).toEqual({ ...artifact, org: "acme", registryUrl, status: "eol" });
});

test("a storage record's own registry goes before the image's", async () => {
  const registryUrl = "https://reg.example.com/artifactory/";
  const record = new StorageRecord("web", { image: reference, registryUrl });
  expect((await inputsOf(record)).registryUrl).toBe(registryUrl);
});

test("an image without a tag has no version", async () => {
  for (const image of [`nginx@${DIGEST}`, pulumi.output(`nginx@${DIGEST}`)]) {
    registered.length = 0;
    const inputs = await inputsOf(new DeploymentRecord("web", { ...where, image }));
    expect(inputs).toEqual({ ...where, org: "acme", name: "nginx", digest: DIGEST });
  }
});

test("no image is as good as none, as a JavaScript program may have it", async () => {
  const none = { image: null, version: undefined } as unknown as { image?: never };
  const record = new DeploymentRecord("web", { ...where, name: "web", digest: DIGEST, ...none });
  expect(await inputsOf(record)).toEqual({ ...where, org: "acme", name: "web", digest: DIGEST });
  const stored = { name: "web", digest: DIGEST, registryUrl: "https://reg.example.com" };
  expect(await inputsOf(new StorageRecord("stored", { ...stored, ...none }))).toEqual({
    ...stored,
    org: "acme",
  });
  const also = { image: reference, version: undefined };
  expect(await inputsOf(new DeploymentRecord("also", { ...where, ...also }))).toMatchObject(artifact);
});

test("what an image says is secret where the image is", async () => {
  const secret = withImage("record", "image", { image: pulumi.secret(reference) });
  const open = withImage("record", "image", { image: pulumi.output(reference) });
  for (const field of ["name", "version", "digest"] as const) {
    expect(await pulumi.isSecret(pulumi.output(secret[field]))).toBe(true);
    expect(await pulumi.isSecret(pulumi.output(open[field]))).toBe(false);
    expect(await valueOf(pulumi.output(secret[field]))).toBe(artifact[field]);
  }
});

const NO_DIGEST = /^DeploymentRecord "web": image "nginx:1.27" has no digest\. /;

test("an image without a digest is an error at once, without a stack, that names the resource", () => {
  const declare = () => new DeploymentRecord("web", { ...where, image: "nginx:1.27" });
  expect(declare).toThrow(pulumi.RunError);
  expect(declare).toThrow(NO_DIGEST);
  expect(() => new StorageRecord("web", { image: "nginx:1.27" })).toThrow(
    /^StorageRecord "web": image "nginx/,
  );
  expect(registered).toEqual([]);
});

test("an image and what it says, both given, are an error: which of them is to hold?", () => {
  const both = (more: object) => ({ ...where, image: reference, ...more }) as unknown as DeploymentRecordArgs;
  expect(() => new DeploymentRecord("web", both({ name: "web", digest: DIGEST }))).toThrow(
    'DeploymentRecord "web": image already contains the name, version and digest. ' +
      "Remove image or name, digest.",
  );
  expect(() => new DeploymentRecord("web", both({ version: pulumi.output("1") }))).toThrow(
    "Remove image or version.",
  );
});

test("an image that is no string is an error, as a JavaScript program may have it", () => {
  for (const image of [1, {}]) {
    const args = { ...where, image } as unknown as DeploymentRecordArgs;
    expect(() => new DeploymentRecord("web", args)).toThrow(/image .* must be a string\.$/);
  }
});

describe("a set", () => {
  const RESOURCE = 'ClusterDeploymentSet "fleet"';
  const set = { cluster: "prod-eu", logicalEnvironment: "production" };
  const deploymentsOf = async (deployments: ClusterDeploymentSetArgs["deployments"]) =>
    (await inputsOf(new ClusterDeploymentSet("fleet", { ...set, deployments }))).deployments;
  const other = { name: "api", digest: OTHER_DIGEST };

  test("takes images in its entries, wherever an output stands", async () => {
    const web = { image: reference, tags: { team: "shop" } };
    const expected = { web: { ...artifact, tags: { team: "shop" } }, api: other };
    const given: ClusterDeploymentSetArgs["deployments"][] = [
      { web, api: other },
      { web: { ...web, image: pulumi.output(reference) }, api: pulumi.output(other) },
      { web: Promise.resolve(web), api: other },
      { web: pulumi.output(web), api: other },
      pulumi.output({ web, api: other }),
      Promise.resolve({ web, api: other }),
    ];
    for (const deployments of given) {
      registered.length = 0;
      expect(await deploymentsOf(deployments)).toEqual(expected);
    }
  });

  test("names the entry whose image is wrong", () => {
    const deployments = { web: { image: reference }, "shop-web": { image: "nginx" } };
    const error = `${RESOURCE}: deployments["shop-web"].image "nginx" has no digest.`;
    expect(() => new ClusterDeploymentSet("fleet", { ...set, deployments })).toThrow(error);
    const both = {
      web: { image: reference, name: "web" },
    } as unknown as ClusterDeploymentSetArgs["deployments"];
    expect(() => withImages(RESOURCE, both)).toThrow(
      `${RESOURCE}: deployments["web"].image already contains the name, version and digest`,
    );
  });

  test("keeps what holds no image as it is, and makes no output of it", () => {
    const plain = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`web-${index}`, other]));
    expect(withImages(RESOURCE, plain)).toBe(plain);
    const mixed = withImages(RESOURCE, { ...plain, last: { image: reference } });
    expect(mixed).toEqual({ ...plain, last: artifact });
    expect((mixed as Record<string, unknown>)["web-0"]).toBe(other);
    for (const odd of [undefined, null, "text", [], { web: null }, { web: "text" }, { web: ["text"] }])
      expect(withImages<unknown>(RESOURCE, odd)).toBe(odd);
  });
});
