/**
 * The classes of the packages that people declare workloads with, under mocks: their type tokens and properties are what
 * this package recognises, and their types are accepted. All are installed once, without their plugins.
 */
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import ts from "typescript";
import { compile } from "./compile";
import { addPackages, installedPackage } from "./installed";
import type { Project } from "./installed";

jest.setTimeout(600_000);

const PACKAGES = [
  "@pulumi/kubernetes@4.34.2",
  "@pulumi/aws@7.48.0",
  "@pulumi/gcp@9.37.0",
  "@pulumi/azure-native@3.28.0",
];
const image = `ghcr.io/acme/web:1.4.2@sha256:${"1b".repeat(32)}`;

let project: Project;
beforeAll(async () => {
  project = await installedPackage();
  await addPackages(project, PACKAGES);
});
afterAll(() => project?.remove());

/** Runs a program in a stack with mocks, and prints what its sets are sent. */
const RUNNER = `
const pulumi = require("@pulumi/pulumi");
const sent = {};
pulumi.runtime.setMocks({
  newResource({ name, type, inputs }) {
    if (type.endsWith(":ClusterDeploymentSet")) sent[name] = inputs.deployments;
    return { id: name + "-id", state: inputs };
  },
  // What the provider of Kubernetes answers for a ConfigGroup's text.
  call: ({ token, inputs }) => (token === "kubernetes:yaml:decode" ? { result: [JSON.parse(inputs.text)] } : {}),
}, "shop", "dev", process.argv[3] === "preview");
pulumi.runtime.runInPulumiStack(async () => {
  require(process.argv[2]);
  for (let turn = 0; turn < 200; turn++) await new Promise(setImmediate);
}).then(() => console.log(JSON.stringify(sent)));
`;

async function run(program: string, source: string, mode: string): Promise<Record<string, object>> {
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: {
      module: ts.ModuleKind.CommonJS,
      target: ts.ScriptTarget.ES2022,
      esModuleInterop: true,
    },
  });
  project.write("run.js", RUNNER);
  project.write(`${program}.js`, outputText);
  project.write("org.js", `process.env.GITHUB_OWNER = "acme"; require("./run.js");`);
  const { stdout } = await project.node("org.js", `./${program}.js`, mode);
  return JSON.parse(stdout.slice(stdout.indexOf("{"))) as Record<string, object>;
}

const modes = ["preview", "up"];

test.each(modes)("the example collect-workloads records what it declares, in a %s", async (mode) => {
  const source = readFileSync(resolve(__dirname, "../../examples/collect-workloads/index.ts"), "utf8");
  const { "prod-eu": deployments } = await run("example", source, mode);
  expect(deployments).toMatchObject({
    "shop-web-app": { name: "ghcr.io/acme/web", version: "1.4.2", runtimeRisks: ["internet-exposed"] },
    "shop-reports-app": { name: "ghcr.io/acme/reports", version: "0.9.1" },
  });
  expect(Object.keys(deployments ?? {})).toHaveLength(2);
});

const PROGRAM = `
import * as apps from "@pulumi/kubernetes/apps/v1";
import { ConfigGroup } from "@pulumi/kubernetes/yaml";
import * as ecs from "@pulumi/aws/ecs";
import * as lambda from "@pulumi/aws/lambda";
import * as cloudrun from "@pulumi/gcp/cloudrunv2";
import * as app from "@pulumi/azure-native/app";
import {
  ClusterDeploymentSet,
  collectWorkloads,
  deploymentsFromContainers,
  deploymentsFromKubernetes,
} from "pulumi-artifact-metadata";

const workloads = collectWorkloads();
const image = "${image}";
const containers = [{ name: "app", image }];
const metadata = { name: "web", namespace: "shop" };
const template = { spec: { containers } };
const web = new apps.Deployment("web", { metadata, spec: { selector: {}, template } });
const group = new ConfigGroup("group", {
  yaml: JSON.stringify({ apiVersion: "apps/v1", kind: "DaemonSet", metadata, spec: { template } }),
});
const others = [
  new ecs.TaskDefinition("task", { family: "task", containerDefinitions: JSON.stringify(containers) }),
  new lambda.Function("image", { name: "image", role: "r", packageType: "Image", imageUri: image }),
  new lambda.Function("zip", { name: "zip", role: "r", packageType: "Zip", s3Bucket: "b", s3Key: "k" }),
  new cloudrun.Service("service", { name: "service", location: "eu", template: { containers: [{ image }] } }),
  new cloudrun.Job("job", { name: "job", location: "eu", template: { template: { containers } } }),
  new app.ContainerApp("app", {
    containerAppName: "container-app",
    resourceGroupName: "g",
    template: { containers },
  }),
  new app.Job("app-job", {
    jobName: "app-job",
    resourceGroupName: "g",
    environmentId: "e",
    configuration: { triggerType: "Manual", replicaTimeout: 60 },
    template: { containers },
  }),
];
const set = (cluster: string, deployments: ReturnType<typeof deploymentsFromContainers>) =>
  new ClusterDeploymentSet(cluster, { cluster, logicalEnvironment: "production", deployments });
const name = "{kind}/{workload}/{container}";
set("kubernetes", deploymentsFromKubernetes([web, group], { name }));
set("containers", deploymentsFromContainers(others, { name }));
set("all", workloads.deployments({ name }));
`;

const kubernetes = ["Deployment/web/app", "DaemonSet/web/app"];
const containers = [
  ...["TaskDefinition/task/app", "Function/image", "Service/service", "Job/job/app"],
  ...["ContainerApp/container-app/app", "Job/app-job/app"],
];

test.each(modes)("workloads of real classes are read from each, and collected, in a %s", async (mode) => {
  const sets = await run("program", PROGRAM, mode);
  const names = Object.fromEntries(Object.entries(sets).map(([set, all]) => [set, Object.keys(all).sort()]));
  expect(names).toEqual({
    kubernetes: kubernetes.toSorted(),
    containers: containers.toSorted(),
    all: [...kubernetes, ...containers].toSorted(),
  });
});

test("their types are accepted", () => {
  project.write("program.ts", PROGRAM);
  const options = { module: ts.ModuleKind.Node16, skipLibCheck: true };
  const { errors } = compile(join(project.dir, "program.ts"), project.packageDir, {
    ...options,
    moduleResolution: ts.ModuleResolutionKind.Node16,
  });
  expect(errors).toEqual([]);
});

const COSTS = `
const pulumi = require("@pulumi/pulumi");
const { Deployment } = require("@pulumi/kubernetes/apps/v1");
const { deploymentsFromKubernetes } = require("pulumi-artifact-metadata");
pulumi.runtime.setMocks({ newResource: ({ name, inputs }) => ({ id: name, state: inputs }), call: () => ({}) });
const seconds = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};
const valueOf = (output) => new Promise((resolve) => output.apply(resolve));
const template = { spec: { containers: [{ name: "app", image: "${image}" }] } };
async function ratio(count, prefix) {
  const start = seconds();
  const workloads = Array.from({ length: count }, (_, index) => {
    const metadata = { name: prefix + index, namespace: "shop" };
    return new Deployment(prefix + index, { metadata, spec: { selector: {}, template } });
  });
  await Promise.all(workloads.map(({ spec }) => valueOf(spec)));
  const declared = seconds();
  const deployments = await valueOf(deploymentsFromKubernetes(workloads));
  const read = seconds();
  if (Object.keys(deployments).length !== count) throw new Error("some are missing");
  return (read - declared) / (declared - start);
}
(async () => {
  await ratio(200, "warm");
  const ratios = [await ratio(1000, "a"), await ratio(1000, "b")];
  console.log(JSON.stringify(ratios));
})();
`;

test("to read 1,000 Deployments costs at most a fifth of what it costs to declare them", async () => {
  project.write("costs.js", COSTS);
  const { stdout } = await project.node("costs.js");
  // Of two rounds the better one: the collection of garbage may fall into either.
  expect(Math.min(...(JSON.parse(stdout) as number[]))).toBeLessThanOrEqual(0.2);
});
