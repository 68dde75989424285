import * as pulumi from "@pulumi/pulumi";
import { NotKnown } from "../../provider/workloads/kubernetes/context";
import { identityOf, readKubernetes } from "../../provider/workloads/kubernetes/read";
import type { FoundContainer, KubernetesContainer } from "../../provider/workloads/kubernetes/types";
import { describeContainer } from "../../provider/workloads/kubernetes/workload";
import { nameDeployments } from "../../provider/workloads/name-deployments";
import { naming } from "../../provider/workloads/names";
import type { ClusterDeployment } from "../cluster-deployment-set";
import { asProgramError } from "../errors";
import { entriesOf } from "../workloads/entries";
import type { Source } from "../workloads/entries";
import { isUnknown } from "../workloads/pending";
import { createProgramProblems } from "../workloads/problems";
import { settle } from "../workloads/settle";
import type { Settled } from "../workloads/settle";
import { annotated } from "./annotated";
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
  const nameOf = asProgramError(() => naming(options.name ?? DEFAULT_NAME, PLACEHOLDERS), FUNCTION);
  const settled = settle(
    workloads,
    asProgramError(() => reductionFor(options.kinds ?? []), FUNCTION),
  );
  if (!pulumi.Output.isInstance(settled)) return deploymentsOf(settled(), nameOf, options);
  return settled.apply((known) => deploymentsOf(known(), nameOf, options)) as pulumi.Output<
    Record<string, ClusterDeployment>
  >;
}

const FUNCTION = "deploymentsFromKubernetes";
const DEFAULT_NAME = "{namespace}-{workload}-{container}";
const PLACEHOLDERS = ["namespace", "workload", "container", "kind"] as const;

function deploymentsOf(
  { value, originOf }: Settled,
  nameOf: (container: KubernetesContainer) => string,
  options: KubernetesOptions,
): pulumi.Input<Record<string, ClusterDeployment>> {
  try {
    const problems = createProgramProblems(FUNCTION);
    const containers = asProgramError(
      () => readKubernetes(value, options, { isUnknown, originOf }),
      FUNCTION,
    );
    const naming = {
      nameOf,
      describe: describeContainer,
      example: "{namespace}/{kind}/{workload}/{container}",
    };
    const named = nameDeployments(containers, naming, problems);
    problems.throwIfAny();
    return entriesOf(mapValues(named, sourceOf), options, problems);
  } catch (error) {
    // What decides the names of the deployments is not known, so nothing of them is.
    if (error instanceof NotKnown) return error.unknown as Record<string, ClusterDeployment>;
    throw error;
  }
}

const sourceOf = (container: FoundContainer): Source<KubernetesContainer> => ({
  container: identityOf(container),
  what: describeContainer(container),
  image: container.image,
  details: annotated(container.annotations),
});

const mapValues = <T, U>(map: ReadonlyMap<string, T>, then: (value: T) => U): Map<string, U> =>
  new Map([...map].map(([key, value]) => [key, then(value)]));
