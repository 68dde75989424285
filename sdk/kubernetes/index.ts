import type * as pulumi from "@pulumi/pulumi";
import type { ClusterDeployment } from "../cluster-deployment-set";
import { programError } from "../errors";
import { containersOf, identityOf } from "./containers";
import type { Container } from "./containers";
import { entryOf, whereOf } from "./entries";
import { naming } from "./names";
import { visitObjects } from "./objects";
import type { KubernetesContainer, KubernetesOptions, KubernetesWorkloads } from "./types";
import { whenKnown } from "./values";

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
  const nameOf = naming(options.name);
  const found = visitObjects(workloads, (object) => containersOf(object, options));
  return whenKnown([found], ([known]) => {
    const containers = known as Container[];
    if (containers.length === 0 && !isEmptyList(workloads)) throw nothingFound();
    const { include = () => true } = options;
    const included = containers.filter((container) => include(identityOf(container)));
    return recordOf(included, nameOf, options);
  });
}

/** Said of a whole list, and nothing else: whoever gives no workloads means none. */
const isEmptyList = (given: unknown): boolean => Array.isArray(given) && given.length === 0;

function recordOf(
  containers: Container[],
  nameOf: (container: KubernetesContainer) => string,
  { resolveDigest }: KubernetesOptions,
): Record<string, ClusterDeployment> {
  const named = new Map<string, Container>();
  for (const container of containers) {
    const name = nameOf(container);
    const other = named.get(name);
    if (other !== undefined) throw sameName(name, other, container);
    named.set(name, container);
  }
  return Object.fromEntries([...named].map(([name, container]) => [name, entryOf(container, resolveDigest)]));
}

function sameName(name: string, one: Container, other: Container): Error {
  if (whereOf(one) === whereOf(other))
    return programError(
      `deploymentsFromKubernetes: ${whereOf(one)} is given twice. Give each workload once.`,
    );
  return programError(
    `deploymentsFromKubernetes: ${whereOf(one)} and ${whereOf(other)} come to the same deployment name ` +
      `${JSON.stringify(name)}. Give the option name, with placeholders that tell them apart, such as ` +
      '"{namespace}/{kind}/{workload}/{container}".',
  );
}

const nothingFound = (): Error =>
  programError(
    "deploymentsFromKubernetes: nothing that was given is a workload. What another workload made (ownerReferences) is " +
      "passed over: give its owner. Another kind is a workload where the option kinds names it. A set without " +
      "deployments decommissions all of its records; where that is meant, give deployments: {}.",
  );
