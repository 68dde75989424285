import type * as pulumi from "@pulumi/pulumi";
import type { WorkloadContainer } from "../../provider/workloads/types";
import type { ClusterDeployment } from "../cluster-deployment-set";
import type { KubernetesOptions } from "../kubernetes/types";
import type { DeploymentOptions } from "../workloads/entries";

/** A container of a workload that the program declares. */
export interface CollectedContainer extends WorkloadContainer {
  /** The workload's resource; undefined for an object of a list that is no resource itself. */
  resource?: pulumi.Resource;
}

/** Which workloads are collected. */
export interface CollectOptions {
  /**
   * Only what is declared under this resource, at any depth. A component that records its own workloads gives itself.
   * @default the whole program
   */
  parent?: pulumi.Resource;
}

/** Which of the collected workloads become deployments, and how. */
export interface CollectedOptions
  extends DeploymentOptions<CollectedContainer>, Pick<KubernetesOptions, "namespace" | "sidecars" | "kinds"> {
  /**
   * Outputs to wait for, because workloads are made in their `apply`. In a preview that does not know them, the
   * deployments are not known either.
   * @example vpc.id.apply((id) => new aws.ecs.TaskDefinition("web", argsFor(id)))
   */
  after?: pulumi.Input<unknown>;
  /**
   * Only workloads that are declared with this provider, themselves or through their parents: those of one cluster.
   * @default all
   */
  provider?: pulumi.ProviderResource;
}

/** The workloads that a program declares. */
export interface WorkloadCollection {
  /**
   * The deployments of a set: one for each container of each workload that was declared so far. Call it after the
   * workloads; the set is then written after them. A workload that is declared later is an error, unless the options leave
   * it out.
   */
  deployments: (options?: CollectedOptions) => pulumi.Input<Record<string, ClusterDeployment>>;
}
