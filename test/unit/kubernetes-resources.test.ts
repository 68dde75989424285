/**
 * Workloads that are resources, as `@pulumi/kubernetes` has them: classes with the outputs apiVersion, kind, metadata
 * and spec. In a preview, a part of those may be unknown.
 */
import * as pulumi from "@pulumi/pulumi";
import { ClusterDeploymentSet, deploymentsFromKubernetes } from "../../sdk";
import type { ClusterDeployment, KubernetesWorkloads } from "../../sdk";
import { digestOf } from "../acceptance/support/declarations";

const digest = digestOf("web");
const image = `ghcr.io/acme/web:1.4.2@${digest}`;
const artifact = { name: "ghcr.io/acme/web", version: "1.4.2", digest };

/** What a mock is given for what is not known. */
const UNKNOWN = { __pulumiUnknown: true };

class Deployment extends pulumi.CustomResource {
  declare readonly apiVersion: pulumi.Output<"apps/v1">;
  declare readonly kind: pulumi.Output<"Deployment">;
  declare readonly metadata: pulumi.Output<object>;
  constructor(name: string, args: { metadata: pulumi.Input<object>; spec: pulumi.Input<object> }) {
    super("kubernetes:apps/v1:Deployment", name, {
      apiVersion: "apps/v1",
      kind: "Deployment",
      status: undefined,
      ...args,
    });
  }
}
class Service extends pulumi.CustomResource {
  declare readonly kind: pulumi.Output<"Service">;
  declare readonly metadata: pulumi.Output<object>;
  constructor(name: string) {
    super("kubernetes:core/v1:Service", name, { apiVersion: "v1", kind: "Service", metadata: { name } });
  }
}
class Built extends pulumi.CustomResource {
  declare readonly ref: pulumi.Output<string>;
  constructor() {
    super("docker-build:index:Image", "web", { ref: undefined });
  }
}

const registered = new Map<string, Record<string, unknown>>();

/** A preview knows of a resource what it is given, and nothing of what is built. */
const start = (preview: boolean) =>
  pulumi.runtime.setMocks(
    {
      newResource({ name, type, inputs }) {
        registered.set(`${type} ${name}`, inputs as Record<string, unknown>);
        const built = type.startsWith("docker-build") && !preview ? { ref: image } : {};
        return { id: preview ? undefined : name, state: { ...(inputs as object), ...built } };
      },
      call: () => ({}),
    },
    "shop",
    "dev",
    preview,
  );

const web = (name: string, reference: pulumi.Input<string>, more: object = {}) =>
  new Deployment(name, {
    metadata: { name, namespace: "shop", annotations: { "metadata.github.com/team": "shop" } },
    spec: { template: { spec: { containers: [{ name: "app", image: reference }], ...more } } },
  });

/** What is registered of a set of these workloads. */
async function recorded(workloads: KubernetesWorkloads): Promise<unknown> {
  registered.clear();
  const place = { org: "acme", cluster: "prod-eu", logicalEnvironment: "production" };
  const set = new ClusterDeploymentSet("fleet", {
    ...place,
    deployments: deploymentsFromKubernetes(workloads),
  });
  await new Promise((resolve) => set.urn.apply(resolve));
  return registered.get("pulumi-nodejs:dynamic/artifact-metadata:ClusterDeploymentSet fleet")?.deployments;
}

const entry = { ...artifact, tags: { team: "shop" } };

describe("in an update", () => {
  beforeAll(() => start(false));

  test("resources are read once they are there; what is no workload is passed over", async () => {
    const built = new Built();
    const workloads = [web("web", built.ref), new Service("web"), web("api", image)];
    expect(await recorded(workloads)).toEqual({ "shop-web-app": entry, "shop-api-app": entry });
    expect(await recorded(pulumi.output(workloads))).toEqual({
      "shop-web-app": entry,
      "shop-api-app": entry,
    });
  });

  test("so is what a ConfigFile, a ConfigGroup or a Chart has", async () => {
    const byName = {
      resources: pulumi.output({
        "v1/Service:web": new Service("web"),
        "apps/v1/Deployment:web": web("web", image),
      }),
    };
    const listed = { resources: pulumi.output([web("api", image)]) };
    expect(await recorded(byName)).toEqual({ "shop-web-app": entry });
    expect(await recorded([byName, listed])).toEqual({ "shop-web-app": entry, "shop-api-app": entry });
  });

  test("an image that is secret stays secret", async () => {
    const spec = { template: { spec: { containers: [{ name: "app", image: pulumi.secret(image) }] } } };
    const workload = { kind: "Deployment", metadata: { name: "web" }, spec };
    const deployments = deploymentsFromKubernetes(workload) as Record<string, ClusterDeployment>;
    const said = deployments["default-web-app"]?.digest as pulumi.Output<string>;
    expect(await pulumi.isSecret(said)).toBe(true);
  });
});

describe("in a preview", () => {
  beforeAll(() => start(true));

  test("an image that is not known leaves the names of all deployments known", async () => {
    const unknown = { name: UNKNOWN, version: UNKNOWN, digest: UNKNOWN, tags: { team: "shop" } };
    const built = new Built();
    expect(await recorded([web("web", built.ref), web("api", image)])).toEqual({
      "shop-web-app": unknown,
      "shop-api-app": entry,
    });
    expect(await recorded({ resources: pulumi.output([web("web", built.ref)]) })).toEqual({
      "shop-web-app": unknown,
    });
  });

  test("what is not known beside the image changes nothing", async () => {
    const nodeName = new Built().ref;
    expect(await recorded(web("web", image, { nodeName }))).toEqual({ "shop-web-app": entry });
  });

  test("annotations of which one is not known leave risks and tags to be known", async () => {
    const annotations = { "metadata.github.com/team": new Built().ref };
    const workload = new Deployment("web", {
      metadata: { name: "web", namespace: "shop", annotations },
      spec: { template: { spec: { containers: [{ name: "app", image }] } } },
    });
    expect(await recorded(workload)).toEqual({
      "shop-web-app": { ...artifact, tags: UNKNOWN, runtimeRisks: UNKNOWN },
    });
  });

  test("a name that is not known leaves all to be known", async () => {
    const workload = new Deployment("web", {
      metadata: { name: new Built().ref, namespace: "shop" },
      spec: { template: { spec: { containers: [{ name: "app", image }] } } },
    });
    expect(await recorded(workload)).toEqual(UNKNOWN);
  });
});
