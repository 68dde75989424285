import * as pulumi from "@pulumi/pulumi";
import { readContainers } from "../../provider/workloads/containers/read";
import { identityOf } from "../../provider/workloads/workload";
import type { ClusterDeployment } from "../cluster-deployment-set";
import { conversion, deploymentsOf, readOptionsOf } from "../workloads/deployments";
import { isUnknown } from "../workloads/pending";
import { settle } from "../workloads/settle";
import type { Settled } from "../workloads/settle";
import { containerReduction } from "./reduction";
import type { ContainerOptions, ContainerWorkloads } from "./types";

/**
 * The deployments of a {@link ClusterDeploymentSet}, from what runs containers beside Kubernetes: ECS task definitions,
 * Lambda functions with an image, services, jobs and worker pools of Cloud Run, Container Apps and their jobs, container
 * groups of Azure, and containers that are written out as `{ name, image }`. A deployment is named after the workload
 * and, where it has a name, the container.
 *
 * A Lambda function from an archive and resources of other types are skipped; `onSkip` is told. Risks and tags come from
 * tags (AWS), Docker labels (ECS) and annotations (Cloud Run) with the keys `metadata.github.com/runtime-risks` and
 * `metadata.github.com/<key>`.
 *
 * Errors, each of which names the workload and the container: an image without a digest, no image, two containers of the
 * same deployment name; something given that is not a workload.
 *
 * @param workloads Resources of `@pulumi/aws`, `@pulumi/aws-native`, `@pulumi/awsx`, `@pulumi/gcp`, `@pulumi/azure` and
 * `@pulumi/azure-native`, their arguments, `{ name, image }`, JSON text of these, lists of these.
 *
 * @example
 * ```ts
 * new ClusterDeploymentSet("shop", {
 *   cluster: "ecs-shop",
 *   logicalEnvironment: "production",
 *   deployments: deploymentsFromContainers([taskDefinition, lambda, { name: "cron", image: "ghcr.io/acme/cron@sha256:…" }]),
 * });
 * ```
 */
export function deploymentsFromContainers(
  workloads: ContainerWorkloads,
  options: ContainerOptions = {},
): pulumi.Input<Record<string, ClusterDeployment>> {
  const into = conversion("deploymentsFromContainers", options, identityOf);
  const readOptions = readOptionsOf(options, identityOf);
  const deployments = ({ value, originOf }: Settled) =>
    deploymentsOf(() => readContainers(value, readOptions, { isUnknown, originOf }), into);
  const settled = settle(workloads, containerReduction);
  if (!pulumi.Output.isInstance(settled)) return deployments(settled());
  return settled.apply((known) => deployments(known())) as pulumi.Output<Record<string, ClusterDeployment>>;
}
