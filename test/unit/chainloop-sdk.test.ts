/** What is registered of a ChainloopDeployment, and what the SDK refuses while it can still be seen. */
import * as pulumi from "@pulumi/pulumi";
import { ChainloopDeployment } from "../../sdk";
import type { ChainloopDeploymentArgs } from "../../sdk";
import { DIGEST } from "../support/provider";

const registered: pulumi.runtime.MockResourceArgs[] = [];
beforeAll(() =>
  pulumi.runtime.setMocks({
    newResource(args) {
      registered.push(args);
      return { id: args.id || "id", state: { ...(args.inputs as object), recordId: "1", lastSeenAt: "now" } };
    },
    call: () => ({}),
  }),
);
beforeEach(() => void (registered.length = 0));

const valueOf = <T>(output: pulumi.Output<T>) => new Promise<T>((resolve) => output.apply(resolve));
const where = { environmentName: "production", deploymentName: "shop-web-web" };
const artifact = { artifactName: "ghcr.io/acme/web", artifactVersion: "1.4.2", artifactDigest: DIGEST };
const image = `ghcr.io/acme/web:1.4.2@${DIGEST}`;

async function registeredOf(deployment: ChainloopDeployment) {
  await valueOf(deployment.urn);
  const { __provider, __declared, ...inputs } = (registered[0]?.inputs ?? {}) as Record<string, unknown>;
  expect(__declared).toMatch(/^([\w-]{8})\|\1$/);
  return { __provider, inputs, type: registered[0]?.type };
}

test("it is registered with what was declared, and one line of code", async () => {
  const { __provider, inputs, type } = await registeredOf(
    new ChainloopDeployment("web", { ...where, ...artifact, kind: "HELM_CHART" }),
  );
  expect(type).toBe("pulumi-nodejs:dynamic/artifact-metadata:ChainloopDeployment");
  expect(inputs).toEqual({ ...where, ...artifact, kind: "HELM_CHART" });
  expect(__provider).toBe(
    "exports.handler = () => require('pulumi-artifact-metadata/provider').chainloopDeployment",
  );
});

test.each<[string, () => pulumi.Input<string>]>([
  ["a string", () => image],
  ["a promise", () => Promise.resolve(image)],
  ["an output", () => pulumi.output(image)],
])("an image that is %s is registered as the artifact's name, version and digest", async (_, given) => {
  const { inputs } = await registeredOf(new ChainloopDeployment("web", { ...where, image: given() }));
  expect(inputs).toEqual({ ...where, ...artifact });
});

test("an image is given alone, and with its digest", () => {
  const both = { ...where, ...artifact, image } as unknown as ChainloopDeploymentArgs;
  expect(() => new ChainloopDeployment("web", both)).toThrow(
    'ChainloopDeployment "web": image already contains the name, version and digest. ' +
      "Remove image or artifactName, artifactVersion, artifactDigest.",
  );
  expect(() => new ChainloopDeployment("web", { ...where, image: "ghcr.io/acme/web:1.4.2" })).toThrow(
    /^ChainloopDeployment "web": image "ghcr\.io\/acme\/web:1\.4\.2" /,
  );
});

test("each input and what Chainloop says is an output", async () => {
  const deployment = new ChainloopDeployment("web", { ...where, ...artifact });
  expect(await valueOf(deployment.artifactDigest)).toBe(DIGEST);
  expect(await valueOf(deployment.recordId)).toBe("1");
  expect(await valueOf(deployment.lastSeenAt)).toBe("now");
  for (const output of [deployment.artifactId, deployment.environmentId, deployment.createdAt])
    expect(await valueOf(output)).toBeUndefined();
});

test("what is managed elsewhere is read by its ID", async () => {
  const id = "production/shop-web-web/CONTAINER_IMAGE";
  const deployment = ChainloopDeployment.get("web", id);
  expect(await valueOf(deployment.id)).toBe(id);
  expect(registered[0]?.id).toBe(id);
});
