import * as pulumi from "@pulumi/pulumi";
import { getStackResource } from "@pulumi/pulumi/runtime";
import { programError } from "../errors";
import { createCalls } from "./calls";
import { createRegistry } from "./registry";
import type { CollectOptions, WorkloadCollection } from "./types";

/**
 * Collects every workload that the program declares, inside components too: Kubernetes workloads, and what
 * {@link deploymentsFromContainers} reads. Call it before the resources, and `deployments()` after them.
 *
 * Workloads that are declared in an `apply` come later: `deployments({ after })` waits for them. What a
 * ConfigFile, ConfigGroup, Chart or Directory of `@pulumi/kubernetes` brings is waited for without that. Resources inside
 * other remote components and inside a Helm `Release` cannot be seen: each that the program declares is named in a
 * message, or told to `onSkip`.
 *
 * Errors: those of {@link deploymentsFromKubernetes} and {@link deploymentsFromContainers}; a workload that is declared
 * after `deployments()` was called; no workload at all.
 *
 * @example
 * ```ts
 * const workloads = collectWorkloads();
 * // … the program …
 * new ClusterDeploymentSet("prod-eu", {
 *   cluster: "prod-eu",
 *   logicalEnvironment: "production",
 *   deployments: workloads.deployments(),
 * });
 * ```
 */
export function collectWorkloads(options: CollectOptions = {}): WorkloadCollection {
  const stack = getStackResource();
  if (stack === undefined)
    throw programError(
      "collectWorkloads: there is no stack to watch. In a unit test with mocks, run the program in " +
        "pulumi.runtime.runInPulumiStack(async () => …).",
    );
  const registry = createRegistry(options.parent ?? stack);
  const calls = createCalls(registry);
  pulumi.runtime.registerStackTransformation((args) => {
    if (registry.add(args)) calls.rejectIfLate(args);
    return undefined;
  });
  return { deployments: calls.deployments };
}
