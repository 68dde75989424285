/** The calls of `deployments()`, and what is declared too late for them. */
import * as pulumi from "@pulumi/pulumi";
import { parseKinds } from "../../provider/workloads/kubernetes/kinds";
import { quoted } from "../../provider/workloads/quote";
import type { FoundContainer, KubernetesReadOptions } from "../../provider/workloads/types";
import { identityOf } from "../../provider/workloads/workload";
import type { ClusterDeployment } from "../cluster-deployment-set";
import { asProgramError } from "../errors";
import { conversion, deploymentsOf, readOptionsOf } from "../workloads/deployments";
import { applyTo } from "../workloads/pending";
import { info, warn } from "../log";
import { createLateness } from "./late";
import { readResources } from "./read";
import type { Registry } from "./registry";
import { CALLER, isCollection, isOf, isRelease, isRemote, nameOf, runsContainers, typeOf } from "./resources";
import type { CollectedContainer, CollectedOptions, WorkloadCollection } from "./types";

type Deployments = Record<string, ClusterDeployment>;

export interface Calls extends WorkloadCollection {
  /** Ends the program where a resource would have been in the deployments of a call before. */
  rejectIfLate: (args: pulumi.ResourceTransformationArgs) => void;
}

export function createCalls(registry: Registry): Calls {
  const lateness = createLateness(registry);
  const messages = new Set<string>();
  return {
    rejectIfLate: lateness.rejectIfLate,
    deployments(options = {}) {
      // What is wrong with the options is an error at once.
      const into = conversion(CALLER, options, toldOf);
      asProgramError(() => parseKinds(options.kinds ?? []), CALLER);
      const readOptions: KubernetesReadOptions = readOptionsOf(options, toldOf);
      const take = (): pulumi.Output<Deployments> => {
        const resources = registry.resources().filter((resource) => isOf(resource, options.provider));
        for (const resource of resources) sayUnseen(resource, options);
        const read = readResources(resources, readOptions, registry);
        lateness.close(options, readOptions);
        return read.apply((containers) => deploymentsOf(containers, into)) as pulumi.Output<Deployments>;
      };
      if (options.after === undefined) return take();
      return applyTo(awaitable(options.after), take);
    },
  };

  function sayUnseen(resource: pulumi.Resource, { onSkip }: CollectedOptions): void {
    const message = unseen(resource);
    if (message === undefined) return;
    if (onSkip !== undefined) return onSkip(resource, message);
    if (messages.has(message)) return;
    messages.add(message);
    const text = `${CALLER}: ${message}`;
    // A release has workloads; most remote components have none.
    (isRelease(typeOf(resource)) ? warn : info)(text);
  }
}

const toldOf = (container: FoundContainer): CollectedContainer => ({
  ...identityOf(container),
  ...(pulumi.Resource.isInstance(container.origin) && {
    resource: container.origin,
  }),
});

/** A resource is waited for by its URN: of itself, Pulumi waits for nothing. */
const awaitable = (after: pulumi.Input<unknown>): unknown =>
  [after].flat().map((one) => (pulumi.Resource.isInstance(one) ? one.urn : one));

/** What may have workloads that cannot be seen from here. */
function unseen(resource: pulumi.Resource): string | undefined {
  const type = typeOf(resource);
  const name = quoted(nameOf(resource));
  if (isRelease(type))
    return (
      `the workloads of the Helm release ${name} cannot be seen. Declare it as a Chart, or add what \`helm template\` ` +
      "prints with deploymentsFromKubernetes."
    );
  if (!isRemote(resource) || isCollection(type) || runsContainers(type)) return undefined;
  return (
    `what the remote component ${name} (${type}) declares cannot be seen. If it has workloads, add them with ` +
    "deploymentsFromKubernetes or deploymentsFromContainers."
  );
}
