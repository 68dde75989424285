/**
 * What runs containers beside Kubernetes, as resources: classes with the type tokens and properties of `@pulumi/aws` and
 * its like. In a preview, a property that a resource does not have is not known, and others may not be.
 */
import * as pulumi from "@pulumi/pulumi";
import { deploymentsFromContainers } from "../../sdk";
import type { ContainerOptions, ContainerWorkload, ContainerWorkloads } from "../../sdk";
import { digestOf } from "../acceptance/support/declarations";

const digest = digestOf("web");
const image = `ghcr.io/acme/web:1.4.2@${digest}`;
const artifact = { name: "ghcr.io/acme/web", version: "1.4.2", digest };

/** What a mock is given for what is not known. */
const UNKNOWN = { __pulumiUnknown: true };

type Properties = Record<string, unknown>;

class Workload extends pulumi.CustomResource implements ContainerWorkload {
  declare readonly name: pulumi.Output<string>;
  constructor(type: string, args: Properties, none: readonly string[] = []) {
    super(type, "resource", { ...Object.fromEntries(none.map((name) => [name, undefined])), ...args });
  }
}
class Built extends pulumi.CustomResource {
  declare readonly ref: pulumi.Output<string>;
  constructor() {
    super("docker-build:index:Image", "web", { ref: undefined });
  }
}
/** As those of awsx, whose task definition is another resource. */
class FargateService extends pulumi.ComponentResource {
  constructor(readonly taskDefinition: pulumi.Output<Workload | undefined>) {
    super("awsx:ecs:FargateService", "service");
  }
}

class Holder extends pulumi.CustomResource {
  constructor(held: unknown) {
    super("test:index:Holder", "holder", { held });
  }
}

let held: unknown;

/** A preview knows of a resource what it is given, and nothing of what is built. */
const start = (preview: boolean) =>
  pulumi.runtime.setMocks(
    {
      newResource({ name, type, inputs }) {
        const properties = inputs as Properties;
        if (type === "test:index:Holder") held = properties.held;
        const built = type.startsWith("docker-build") && !preview ? { ref: image } : {};
        return { id: preview ? undefined : name, state: { ...properties, ...built } };
      },
      call: () => ({}),
    },
    "shop",
    "dev",
    preview,
  );

/** The deployments as they are sent to the engine. */
async function sent(workloads: ContainerWorkloads, options?: ContainerOptions): Promise<unknown> {
  const holder = new Holder(deploymentsFromContainers(workloads, options));
  await new Promise((resolve) => holder.urn.apply(resolve));
  return held;
}

const containers = [{ name: "app", image }];
const kinds: [type: string, args: Properties, name: string][] = [
  [
    "aws:ecs/taskDefinition:TaskDefinition",
    { family: "web", containerDefinitions: JSON.stringify(containers) },
    "web-app",
  ],
  ["aws-native:ecs:TaskDefinition", { family: "web", containerDefinitions: containers }, "web-app"],
  ["aws:lambda/function:Function", { name: "web", packageType: "Image", imageUri: image }, "web"],
  ["aws-native:lambda:Function", { functionName: "web", code: { imageUri: image } }, "web"],
  ["gcp:cloudrunv2/service:Service", { name: "web", template: { containers: [{ image }] } }, "web"],
  ["gcp:cloudrunv2/workerPool:WorkerPool", { name: "web", template: { containers } }, "web-app"],
  ["gcp:cloudrunv2/job:Job", { name: "web", template: { template: { containers } } }, "web-app"],
  ["gcp:cloudrun/service:Service", { name: "web", template: { spec: { containers } } }, "web-app"],
  ["azure-native:app:ContainerApp", { containerAppName: "web", template: { containers } }, "web-app"],
  ["azure-native:app/v20240301:ContainerApp", { name: "web", template: { containers } }, "web-app"],
  ["azure-native_app_v20240301:app:ContainerApp", { name: "web", template: { containers } }, "web-app"],
  ["azure-native:app:Job", { jobName: "web", template: { containers } }, "web-app"],
  ["azure:containerapp/app:App", { name: "web", template: { containers } }, "web-app"],
  ["azure:containerapp/job:Job", { name: "web", template: { containers } }, "web-app"],
  ["azure-native:containerinstance:ContainerGroup", { containerGroupName: "web", containers }, "web-app"],
];
/** What a class has beside its arguments. */
const none = ["tags", "name", "imageUri", "packageType", "annotations", "type", "taskDefinition"];
const resource = (type: string, args: Properties) => new Workload(type, args, none);
const bucket = () => resource("aws:s3/bucket:Bucket", { name: "web", template: { containers } });
const zip = () => resource("aws:lambda/function:Function", { name: "zip", packageType: "Zip", code: {} });

describe.each([
  ["in a preview", true],
  ["in an update", false],
])("%s", (_, preview) => {
  beforeAll(() => start(preview));

  test.each(kinds)("%s is read, beside what is no workload", async (type, args, name) => {
    const onSkip = jest.fn<void, [unknown, string]>();
    const given = [bucket(), resource(type, args), zip()];
    expect(await sent(given, { onSkip })).toEqual({ [name]: artifact });
    expect(onSkip.mock.calls).toEqual([
      [given[0], "aws:s3/bucket:Bucket is not a workload"],
      [given[2], "Function zip runs an archive, not an image"],
    ]);
  });

  test("the task definition of a component of awsx is read once, and one without is skipped", async () => {
    const task = resource(...(kinds[0]?.slice(0, 2) as [string, Properties]));
    const given = [
      new FargateService(pulumi.output(task)),
      task,
      new FargateService(pulumi.output(undefined)),
    ];
    expect(await sent(given)).toEqual({ "web-app": artifact });
  });

  test("what is secret stays secret, and a resource of Kubernetes is refused", async () => {
    const secret = resource("gcp:cloudrunv2/service:Service", {
      name: "web",
      template: pulumi.secret({ containers }),
    });
    const deployments = deploymentsFromContainers(secret) as pulumi.Output<unknown>;
    expect(await pulumi.isSecret(deployments)).toBe(true);
    const pod = resource("kubernetes:core/v1:Pod", {});
    expect(() => deploymentsFromContainers([pod])).toThrow("Give it to deploymentsFromKubernetes.");
  });
});

describe("in a preview, an image that is not known", () => {
  beforeAll(() => start(true));
  const unknown = { name: UNKNOWN, version: UNKNOWN, digest: UNKNOWN };

  test.each<[string, (ref: pulumi.Output<string>) => ContainerWorkloads]>([
    [
      "a service",
      (ref) =>
        resource("gcp:cloudrunv2/service:Service", {
          name: "web",
          template: { containers: [{ image: ref }] },
        }),
    ],
    [
      "a function",
      (ref) => resource("aws:lambda/function:Function", { name: "web", packageType: "Image", imageUri: ref }),
    ],
    ["arguments", (ref) => ({ name: "web", packageType: "Image", imageUri: ref })],
    ["a container", (ref) => ({ name: "web", image: ref })],
  ])("leaves the name of %s known", async (__, given) => {
    expect(await sent(given(new Built().ref))).toEqual({ web: unknown });
  });

  test("leaves all to be known where it stands in a text, or may be no image", async () => {
    const { ref } = new Built();
    const text = pulumi.jsonStringify([{ name: "app", image: ref }]);
    expect(await sent({ family: "web", containerDefinitions: text })).toEqual(UNKNOWN);
    expect(await sent({ name: "web", packageType: new Built().ref, imageUri: ref })).toEqual(UNKNOWN);
    expect(await sent({ name: ref, image })).toEqual(UNKNOWN);
  });

  test("a tag that is not known leaves risks and tags to be known", async () => {
    const tags = { "metadata.github.com/team": new Built().ref };
    expect(await sent({ name: "web", image, tags })).toEqual({
      web: { ...artifact, tags: UNKNOWN, runtimeRisks: UNKNOWN },
    });
  });
});
