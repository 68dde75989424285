import * as pulumi from "@pulumi/pulumi";
import { readKubernetes } from "../../provider/workloads/kubernetes/read";
import { identityOf } from "../../provider/workloads/workload";
import type { ClusterDeployment } from "../cluster-deployment-set";
import { asProgramError } from "../errors";
import { conversion, deploymentsOf, readOptionsOf } from "../workloads/deployments";
import { isUnknown } from "../workloads/pending";
import { settle } from "../workloads/settle";
import type { Settled } from "../workloads/settle";
import { reductionFor } from "./reduction";
import type { KubernetesOptions, KubernetesWorkloads } from "./types";

/**
 * The deployments of a {@link ClusterDeploymentSet}, from the workloads that run in the cluster: one for each
 * container of each Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, CronJob, Job and Pod.
 * Objects of other kinds are passed over, and so is what another workload made (`ownerReferences`).
 *
 * Risks and tags come from annotations, of the pod and of what owns it: `metadata.github.com/runtime-risks` (with
 * commas between them) and `metadata.github.com/<key>`.
 *
 * The names of the deployments are known in a preview where those of the workloads and containers are, whatever is
 * unknown of their images. Where everything is plain, so is the result.
 *
 * Errors, each of which names workload and container: an image without a digest, no image, two containers of the same
 * deployment name; and text that is no YAML, or nothing given that is a workload.
 *
 * @param workloads Resources of `@pulumi/kubernetes` (also a ConfigFile, ConfigGroup or Chart), plain objects, YAML
 * text with any number of documents, lists of these.
 *
 * @example
 * ```ts
 * new ClusterDeploymentSet("prod-eu", {
 *   cluster: "prod-eu",
 *   logicalEnvironment: "production",
 *   deployments: deploymentsFromKubernetes(readFileSync("shop.yaml", "utf8")),
 * });
 * ```
 */
export function deploymentsFromKubernetes(
  workloads: string,
  options?: KubernetesOptions,
): Record<string, ClusterDeployment>;
export function deploymentsFromKubernetes(
  workloads: KubernetesWorkloads,
  options?: KubernetesOptions,
): pulumi.Input<Record<string, ClusterDeployment>>;
export function deploymentsFromKubernetes(
  workloads: KubernetesWorkloads,
  options: KubernetesOptions = {},
): pulumi.Input<Record<string, ClusterDeployment>> {
  const into = conversion(FUNCTION, options, identityOf);
  const readOptions = readOptionsOf(options, identityOf);
  const reduction = asProgramError(() => reductionFor(options.kinds ?? []), FUNCTION);
  const deployments = ({ value, originOf }: Settled) =>
    deploymentsOf(() => readKubernetes(value, readOptions, { isUnknown, originOf }), into);
  const settled = settle(workloads, reduction);
  if (!pulumi.Output.isInstance(settled)) return deployments(settled());
  return settled.apply((known) => deployments(known())) as pulumi.Output<Record<string, ClusterDeployment>>;
}

const FUNCTION = "deploymentsFromKubernetes";
