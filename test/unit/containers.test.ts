/** What runs containers beside Kubernetes, written out, as the deployments of a set. */
import * as pulumi from "@pulumi/pulumi";
import { deploymentsFromContainers } from "../../sdk";
import type { ContainerOptions, ContainerWorkloads, RuntimeRisk } from "../../sdk";
import { digestOf } from "../acceptance/support/declarations";

const digest = digestOf("web");
const image = `ghcr.io/acme/web:1.4.2@${digest}`;
const artifact = { name: "ghcr.io/acme/web", version: "1.4.2", digest };
const app = { name: "app", image };

const from = (workloads: ContainerWorkloads, options?: ContainerOptions) =>
  deploymentsFromContainers(workloads, options) as Record<string, object>;
const failure = (workloads: unknown, options?: ContainerOptions) => () => from(workloads as string, options);
const valueOf = <T>(output: unknown) =>
  new Promise<T>((resolve) => (pulumi.output(output) as pulumi.Output<T>).apply(resolve));

describe("the arguments of", () => {
  const definitions = [app, { name: "log", image }];
  test.each<[string, object, string[]]>([
    [
      "a task definition",
      { family: "web", containerDefinitions: JSON.stringify(definitions) },
      ["web-app", "web-log"],
    ],
    [
      "a task definition with a list",
      { family: "web", containerDefinitions: definitions },
      ["web-app", "web-log"],
    ],
    ["a function", { name: "resize", packageType: "Image", imageUri: image, role: "r" }, ["resize"]],
    ["a function of aws-native", { functionName: "resize", code: { imageUri: image } }, ["resize"]],
    ["a service", { name: "web", location: "eu", template: { containers: [{ image }] } }, ["web"]],
    [
      "a service with sidecars",
      { name: "web", template: { containers: definitions } },
      ["web-app", "web-log"],
    ],
    ["a job", { name: "nightly", template: { template: { containers: [{ image }] } } }, ["nightly"]],
    ["a service of the first API", { name: "web", template: { spec: { containers: [app] } } }, ["web-app"]],
    ["a Container App", { containerAppName: "web", template: { containers: [app] } }, ["web-app"]],
    ["a Container Apps job", { jobName: "nightly", template: { containers: [app] } }, ["nightly-app"]],
    ["a container group", { containerGroupName: "web", containers: [app] }, ["web-app"]],
    ["a container", { name: "web", image }, ["web"]],
  ])("%s", async (_, args, names) => {
    const expected = Object.fromEntries(names.map((name) => [name, artifact]));
    expect(from(args as ContainerWorkloads)).toEqual(expected);
    expect(from(JSON.stringify([args]))).toEqual(expected);
    expect(await valueOf(from(pulumi.output(args)))).toEqual(expected);
  });
});

test("a container is told with its kind, its workload and, outside Kubernetes, no namespace", () => {
  const include = jest.fn(() => true);
  from(
    [
      { family: "web", containerDefinitions: [app] },
      { name: "cron", image },
    ],
    { include },
  );
  expect(include.mock.calls).toEqual([
    [{ kind: "TaskDefinition", namespace: "", workload: "web", container: "app" }],
    [{ kind: "Container", namespace: "", workload: "cron", container: "" }],
  ]);
});

test("a placeholder without a value goes with the separator beside it", () => {
  const given = [
    { name: "cron", image },
    { family: "web", containerDefinitions: [app] },
  ];
  const names = (name?: string) => Object.keys(from(given, { name }));
  expect(names()).toEqual(["cron", "web-app"]);
  expect(names("{namespace}/{workload}/{container}")).toEqual(["cron", "web/app"]);
  expect(names("eu-{namespace}-{workload}.{container}")).toEqual(["eu-cron", "eu-web.app"]);
  expect(names("{kind}:{container}:{workload}")).toEqual(["Container:cron", "TaskDefinition:app:web"]);
  expect(failure(given, { name: "{cluster}" })).toThrow("deploymentsFromContainers: the name");
});

test("a function from an archive is skipped, with a reason", () => {
  const onSkip = jest.fn();
  const zips = [
    { name: "zip", packageType: "Zip", s3Bucket: "code" },
    { functionName: "zip", runtime: "nodejs22.x", handler: "index.handler", code: { s3Bucket: "code" } },
  ];
  expect(from([...zips, { name: "cron", image }], { onSkip })).toEqual({ cron: artifact });
  const reason = "Function zip runs an archive, not an image";
  expect(onSkip.mock.calls).toEqual(zips.map((zip) => [zip, reason]));
  expect(from(zips)).toEqual({});
});

test("init containers of Azure are recorded where the option says so", () => {
  const given = {
    containerAppName: "web",
    template: { containers: [app], initContainers: [{ name: "init", image }] },
  };
  const onSkip = jest.fn();
  expect(Object.keys(from(given, { onSkip }))).toEqual(["web-app"]);
  expect(onSkip.mock.calls).toEqual([[given, 'init container "init": the option initContainers is false']]);
  expect(Object.keys(from(given, { initContainers: true }))).toEqual(["web-app", "web-init"]);
});

test("risks and tags come from tags, labels and annotations, and from the function details", async () => {
  const risks = { "metadata.github.com/runtime-risks": "internet-exposed sensitive-data" };
  const tags = { "metadata.github.com/team": "shop", Name: "web" };
  const runtimeRisks: RuntimeRisk[] = ["internet-exposed", "sensitive-data"];
  const expected = { ...artifact, runtimeRisks, tags: { team: "shop" } };
  const of = (given: object, options?: ContainerOptions) =>
    valueOf(from(given as ContainerWorkloads, options));
  expect(await of({ family: "web", tags, containerDefinitions: [{ ...app, dockerLabels: risks }] })).toEqual({
    "web-app": expected,
  });
  const pairs = Object.entries({ ...tags, ...risks }).map(([key, value]) => ({
    key,
    value: pulumi.output(value),
  }));
  expect(await of({ functionName: "web", code: { imageUri: image }, tags: pairs })).toEqual({
    web: expected,
  });
  const template = { annotations: risks, containers: [{ image }] };
  expect(await of({ name: "web", annotations: tags, template })).toEqual({ web: expected });
  expect(
    await of({ name: "web", image }, { details: () => ({ runtimeRisks, tags: { team: "shop" } }) }),
  ).toEqual({
    web: expected,
  });
});

test("digests are resolved and one digest under two tags has the image that the option says", async () => {
  const resolveDigest = jest.fn(() => Promise.resolve(digest));
  const given = [
    { name: "web", image: "ghcr.io/acme/web:1.4.2" },
    {
      family: "api",
      containerDefinitions: JSON.stringify([{ name: "app", image: "ghcr.io/acme/web:latest" }]),
    },
  ];
  const deployments = await valueOf(from(given, { resolveDigest, sameDigest: "first" }));
  expect(deployments).toEqual({ web: artifact, "api-app": artifact });
  expect(resolveDigest.mock.calls).toEqual([
    ["ghcr.io/acme/web:1.4.2", { kind: "Container", namespace: "", workload: "web", container: "" }],
    ["ghcr.io/acme/web:latest", { kind: "TaskDefinition", namespace: "", workload: "api", container: "app" }],
  ]);
});

test.each<[string, unknown, string]>([
  ["no digest", { name: "web", image: "nginx:1" }, 'Container web: image "nginx:1" has no digest.'],
  [
    "no image",
    { family: "web", containerDefinitions: [{ name: "app" }] },
    'TaskDefinition web, container "app" has no image.',
  ],
  ["an image function without an image", { name: "f", packageType: "Image" }, "Function f has no image."],
  [
    "text that is no JSON",
    { family: "web", containerDefinitions: "s3cret" },
    "TaskDefinition web: containerDefinitions must be a list, or JSON text of one.",
  ],
  ["JSON of no list", { family: "web", containerDefinitions: "{}" }, "containerDefinitions must be a list"],
  ["no containers", { name: "web", template: { scaling: {} } }, "Service web has no containers."],
  [
    "a container that is none",
    { name: "web", template: { containers: ["nginx"] } },
    'template.containers has "nginx", which is not a container.',
  ],
  ["no family", { containerDefinitions: [app] }, "a TaskDefinition has no family."],
  ["no name", [{ image }], "a Container has no name."],
  ["a number for a name", [{ name: 7, image }], "a Container has the name 7, which is not a string."],
  [
    "several containers, one without a name",
    { name: "web", template: { containers: [app, { image }] } },
    "Service web has several containers, and one of them without a name.",
  ],
  [
    "two of a name",
    [
      { name: "web", image },
      { name: "web", image: "x" },
    ],
    "Container web is given twice.",
  ],
  [
    "names that meet",
    [
      { name: "web-app", image },
      { family: "web", containerDefinitions: [app] },
    ],
    'have the same deployment name "web-app"',
  ],
  [
    "an unknown object",
    [{ name: "queue", fifo: true }],
    'an object named "queue" is not a workload (item 1; keys name, fifo).',
  ],
  [
    "a Kubernetes object",
    { apiVersion: "v1", kind: "Pod", metadata: { name: "web" } },
    'a Kubernetes object named "web" was given (keys apiVersion, kind, metadata). Give it to deploymentsFromKubernetes.',
  ],
  ["nothing", [[]], "nothing that was given is a workload"],
])("%s is an error", (_, given, message) => {
  expect(failure(given)).toThrow(message);
});

test("what include leaves out need not be right, and an empty list is no deployments", () => {
  const odd = [
    { fifo: true },
    { name: "web", image: "nginx" },
    { containerDefinitions: "s3cret", family: "f" },
  ];
  expect(from([...odd, { name: "cron", image }], { include: ({ workload }) => workload === "cron" })).toEqual(
    {
      cron: artifact,
    },
  );
  expect(from([])).toEqual({});
});
