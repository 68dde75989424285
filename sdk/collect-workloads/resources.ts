/** What a resource is to a collection of workloads, by its type token. */
import type * as pulumi from "@pulumi/pulumi";
import { FUNCTION, isTaskComponent, kindOfType } from "../../provider/workloads/containers/kinds";

/** For errors and messages. */
export const CALLER = "collectWorkloads";

/** What brings Kubernetes objects, as components in the program or as remote ones: it has them as `resources`. */
const COLLECTION =
  /^kubernetes:(?:yaml|yaml\/v2|helm\.sh\/v\d|kustomize|kustomize\/v2):(?:ConfigFile|ConfigGroup|Chart|Directory)$/;

const RELEASE = /^kubernetes:helm\.sh\/v\d:Release$/;

export const isCollection = (type: string): boolean => COLLECTION.test(type);

export const isRelease = (type: string): boolean => RELEASE.test(type);

/** Also what is no workload: which of Kubernetes' kinds are, is said with the options. */
export const isKubernetes = (type: string): boolean => type.startsWith("kubernetes:") && !isRelease(type);

export const runsContainers = (type: string): boolean =>
  kindOfType(type) !== undefined || isTaskComponent(type);

/** Whether only its properties say whether it has a container. */
export const mayHaveNone = (type: string): boolean => kindOfType(type) === FUNCTION || isTaskComponent(type);

/** Fields of Pulumi's resources that it has no functions for. */
interface Internals {
  __pulumiType?: string;
  __name?: string;
  __parentResource?: pulumi.Resource;
  __childResources?: ReadonlySet<pulumi.Resource>;
  __remote?: boolean;
}

const internals = (resource: pulumi.Resource): Internals => resource as unknown as Internals;

export const typeOf = (resource: pulumi.Resource): string => internals(resource).__pulumiType ?? "";

export const nameOf = (resource: pulumi.Resource): string => internals(resource).__name ?? "";

/** Its children are made in the process of its provider. */
export const isRemote = (resource: pulumi.Resource): boolean => internals(resource).__remote === true;

/** Its ancestors, the nearest one first. */
export function* ancestorsOf(parent: pulumi.Resource | undefined): Generator<pulumi.Resource> {
  for (let one = parent; one !== undefined; one = internals(one).__parentResource) yield one;
}

/** Only those of one provider, which is one cluster. */
export const isOf = (resource: pulumi.Resource, provider: pulumi.ProviderResource | undefined): boolean =>
  provider === undefined || resource.getProvider(typeOf(resource)) === provider;

/** Everything under a resource that was made in this process. A collection stands for what is under it. */
export function* under(resource: pulumi.Resource): Generator<pulumi.Resource> {
  for (const child of internals(resource).__childResources ?? []) {
    yield child;
    if (!isCollection(typeOf(child))) yield* under(child);
  }
}
