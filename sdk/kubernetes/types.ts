import type * as pulumi from "@pulumi/pulumi";
import type { WorkloadContainer } from "../../provider/workloads/types";
import type { DeploymentOptions } from "../workloads/entries";

/** A container of a Kubernetes workload: another name of {@link WorkloadContainer}. */
export type KubernetesContainer = WorkloadContainer;

/** A Kubernetes object: a resource of `@pulumi/kubernetes`, or the object that a manifest holds. */
export interface KubernetesObject {
  /** Such as `apps/v1`. */
  apiVersion?: pulumi.Input<string | undefined>;
  /** Such as `Deployment`. */
  kind?: pulumi.Input<string | undefined>;
  /** Its name, namespace, labels and annotations. */
  metadata?: pulumi.Input<object | undefined>;
  /** Of a workload. */
  spec?: pulumi.Input<object | undefined>;
  /** Of a list. */
  items?: pulumi.Input<readonly unknown[] | undefined>;
}

/** What brings Kubernetes objects: `ConfigFile`, `ConfigGroup`, `Directory`, `Chart` of `@pulumi/kubernetes`. */
export interface KubernetesCollection {
  /** The objects, or what contains them. */
  resources: pulumi.Input<object>;
}

/** Kubernetes objects in any form: resources, plain objects, YAML text with any number of documents, lists of these. */
export type KubernetesWorkloads = pulumi.Input<
  string | KubernetesObject | KubernetesCollection | readonly KubernetesWorkloads[]
>;

/** How Kubernetes workloads become deployments. */
export interface KubernetesOptions extends DeploymentOptions<WorkloadContainer> {
  /** The namespace of workloads that name none. @default "default" */
  namespace?: string;
  /** Also sidecars: init containers whose `restartPolicy` is `Always`, which run beside the others. @default true */
  sidecars?: boolean;
  /**
   * Other kinds that have a pod template at `spec.template`, by kind or with their API group. A kind alone never stands
   * for one of Kubernetes' own groups.
   * @example ["argoproj.io/Rollout", "serving.knative.dev/Service"]
   */
  kinds?: readonly string[];
}
