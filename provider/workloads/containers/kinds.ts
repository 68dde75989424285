/** What runs containers beside Kubernetes, by the type token of its resource or by the shape of its arguments. */
import type { Context } from "../context";

export interface ContainerKind {
  kind: string;
  /** The tokens of its resources. */
  type: RegExp;
  /** The properties that may have the workload's name: what the user gives first, then what the provider returns. */
  names: readonly string[];
  /** Where its containers are; undefined where it is one itself. */
  containers?: readonly string[];
  initContainers?: readonly string[];
  /** Where its risks and tags may be, what is nearest to the containers first. */
  annotations: readonly (readonly string[])[];
}

const CLOUD_RUN = [["template", "annotations"], ["annotations"]];
const AZURE_TEMPLATE = {
  containers: ["template", "containers"],
  initContainers: ["template", "initContainers"],
  annotations: [["tags"]],
};

export const TASK_DEFINITION: ContainerKind = {
  kind: "TaskDefinition",
  type: /^(?:aws:ecs\/taskDefinition|aws-native:ecs):TaskDefinition$/,
  names: ["family"],
  containers: ["containerDefinitions"],
  annotations: [["tags"]],
};
export const FUNCTION: ContainerKind = {
  kind: "Function",
  type: /^(?:aws:lambda\/function|aws-native:lambda):Function$/,
  names: ["functionName", "name"],
  annotations: [["tags"]],
};
const SERVICE: ContainerKind = {
  kind: "Service",
  type: /^gcp:cloudrunv2\/service:Service$/,
  names: ["name"],
  containers: ["template", "containers"],
  annotations: CLOUD_RUN,
};
const WORKER_POOL: ContainerKind = {
  ...SERVICE,
  kind: "WorkerPool",
  type: /^gcp:cloudrunv2\/workerPool:WorkerPool$/,
};
const JOB: ContainerKind = {
  ...SERVICE,
  kind: "Job",
  type: /^gcp:cloudrunv2\/job:Job$/,
  containers: ["template", "template", "containers"],
};
/** The first version of Cloud Run's API. */
const KNATIVE_SERVICE: ContainerKind = {
  ...SERVICE,
  type: /^gcp:cloudrun\/service:Service$/,
  containers: ["template", "spec", "containers"],
  annotations: [
    ["template", "metadata", "annotations"],
    ["metadata", "annotations"],
  ],
};
const CONTAINER_APP: ContainerKind = {
  ...AZURE_TEMPLATE,
  kind: "ContainerApp",
  // Also `azure-native:app/v20240301:ContainerApp`, and the packages that are generated for a single version.
  type: /^(?:azure-native(?:_\w+)?:app(?:\/\w+)?:ContainerApp|azure:containerapp\/app:App)$/,
  names: ["containerAppName", "name"],
};
const AZURE_JOB: ContainerKind = {
  ...AZURE_TEMPLATE,
  kind: "Job",
  type: /^(?:azure-native(?:_\w+)?:app(?:\/\w+)?|azure:containerapp\/job):Job$/,
  names: ["jobName", "name"],
};
const CONTAINER_GROUP: ContainerKind = {
  kind: "ContainerGroup",
  type: /^azure-native(?:_\w+)?:containerinstance(?:\/\w+)?:ContainerGroup$/,
  names: ["containerGroupName", "name"],
  containers: ["containers"],
  initContainers: ["initContainers"],
  annotations: [["tags"]],
};
/** What is written as `{ name, image }`. */
const CONTAINER: ContainerKind = {
  kind: "Container",
  type: /^$/,
  names: ["name"],
  annotations: [["annotations"], ["tags"]],
};

const KINDS = [
  ...[TASK_DEFINITION, FUNCTION, SERVICE, WORKER_POOL, JOB, KNATIVE_SERVICE],
  ...[CONTAINER_APP, AZURE_JOB, CONTAINER_GROUP],
];

export const kindOfType = (type: string): ContainerKind | undefined =>
  KINDS.find((kind) => kind.type.test(type));

/** A component of awsx, which has its task definition as an output. */
export const isTaskComponent = (type: string): boolean =>
  /^awsx:(?:x:)?ecs:(?:Fargate|EC2)(?:Service|TaskDefinition)$/.test(type);

/** The kind of an object that no resource stands for: the arguments of one, or `{ name, image }`. */
export function kindOfShape(object: object, context: Context): ContainerKind | undefined {
  const has = (...path: string[]) => (context.get(object, ...path) ?? undefined) !== undefined;
  if (has("containerDefinitions")) return TASK_DEFINITION;
  const isFunction = ["imageUri", "packageType"].some((key) => has(key)) || has("code", "imageUri");
  if (isFunction || (has("handler") && has("runtime"))) return FUNCTION;
  if (has("template", "template")) return JOB;
  if (has("template", "spec")) return KNATIVE_SERVICE;
  if (has("template")) return has("containerAppName") ? CONTAINER_APP : has("jobName") ? AZURE_JOB : SERVICE;
  if (has("containers")) return CONTAINER_GROUP;
  return has("image") ? CONTAINER : undefined;
}
