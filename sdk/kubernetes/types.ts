import type * as pulumi from "@pulumi/pulumi";
import type { KubernetesContainer } from "../../provider/workloads/kubernetes/types";
import type { DeploymentOptions } from "../workloads/entries";

export type { KubernetesContainer };

/** A Kubernetes object: a resource of `@pulumi/kubernetes`, or the object that a manifest holds. */
export interface KubernetesObject {
  apiVersion?: pulumi.Input<string | undefined>;
  kind?: pulumi.Input<string | undefined>;
  metadata?: pulumi.Input<object | undefined>;
  /** Of a workload. */
  spec?: pulumi.Input<object | undefined>;
  /** Of a list. */
  items?: pulumi.Input<readonly unknown[] | undefined>;
}

/** What brings Kubernetes objects: `ConfigFile`, `ConfigGroup`, `Directory`, `Chart` of `@pulumi/kubernetes`. */
export interface KubernetesCollection {
  resources: pulumi.Input<object>;
}

/** Kubernetes objects in any form: resources, plain objects, YAML text with any number of documents, lists of these. */
export type KubernetesWorkloads = pulumi.Input<
  string | KubernetesObject | KubernetesCollection | readonly KubernetesWorkloads[]
>;

/** How workloads become deployments. */
export interface KubernetesOptions extends DeploymentOptions<KubernetesContainer> {
  /**
   * How a deployment is named: `{namespace}`, `{workload}`, `{container}` and `{kind}` stand for what they say. The
   * default is what GitHub recommends; `{namespace}/{workload}/{container}` is how github/deployment-tracker names
   * them, so that both write the same record.
   * @default "{namespace}-{workload}-{container}"
   */
  name?: string;
  /** The namespace of workloads that name none. @default "default" */
  namespace?: string;
  /** Also init containers, which end before the others begin. @default false */
  initContainers?: boolean;
  /** Also sidecars: init containers whose `restartPolicy` is `Always`, which run beside the others. @default true */
  sidecars?: boolean;
  /**
   * Other kinds that have a pod template at `spec.template`, by kind or with their API group. A kind alone never stands
   * for one of Kubernetes' own groups.
   * @example ["argoproj.io/Rollout", "serving.knative.dev/Service"]
   */
  kinds?: readonly string[];
  /**
   * Which containers are recorded. It is asked before anything is refused, so that what is left out need not be right: a
   * workload without containers is asked for once, with an empty container name.
   * @default all
   * @example ({ container }) => container !== "istio-proxy"
   */
  include?: (container: KubernetesContainer) => boolean;
  /**
   * Is told each object that is skipped, as it was given, and why: other kinds, what a controller made from another
   * workload, what the options leave out.
   * @example (object, reason) => pulumi.log.debug(reason)
   */
  onSkip?: (object: unknown, reason: string) => void;
}
