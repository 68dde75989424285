/** What all functions share that make deployments of workloads. */
import type * as pulumi from "@pulumi/pulumi";
import { NotKnown } from "../../provider/workloads/context";
import { nameDeployments } from "../../provider/workloads/name-deployments";
import { DEFAULT_NAME, naming } from "../../provider/workloads/names";
import type { FoundContainer, WorkloadContainer } from "../../provider/workloads/types";
import { describeContainer } from "../../provider/workloads/workload";
import type { ClusterDeployment } from "../cluster-deployment-set";
import { asProgramError } from "../errors";
import { annotated } from "./annotated";
import { entriesOf } from "./entries";
import type { DeploymentOptions, Source } from "./entries";
import { createProgramProblems } from "./problems";

export type Deployments = Record<string, ClusterDeployment>;

export interface Conversion<C> {
  /** The function that the user called, for errors. */
  caller: string;
  options: DeploymentOptions<C>;
  /** What the user's functions are told of a container. */
  toldOf: (container: FoundContainer) => C;
  nameOf: (container: WorkloadContainer) => string;
}

/** A wrong template is an error at once, whatever is not known yet. */
export function conversion<C>(
  caller: string,
  options: DeploymentOptions<C>,
  toldOf: (container: FoundContainer) => C,
): Conversion<C> {
  const nameOf = asProgramError(() => naming(options.name ?? DEFAULT_NAME), caller);
  return { caller, options, toldOf, nameOf };
}

/** The options with functions that are told what the user's are. */
export function readOptionsOf<C, O extends DeploymentOptions<C>>(
  options: O,
  toldOf: (container: FoundContainer) => C,
): Omit<O, "include"> & { include?: (container: FoundContainer) => boolean } {
  const { include } = options;
  return {
    ...options,
    include: include && ((container) => include(toldOf(container))),
  };
}

/** @param read Returns all containers, or throws {@link NotKnown}. */
export function deploymentsOf<C>(
  read: () => FoundContainer[],
  { caller, options, toldOf, nameOf }: Conversion<C>,
): pulumi.Input<Deployments> {
  try {
    const problems = createProgramProblems(caller);
    const containers = asProgramError(read, caller);
    const example = "{namespace}/{kind}/{workload}/{container}";
    const named = nameDeployments(containers, { nameOf, describe: describeContainer, example }, problems);
    problems.throwIfAny();
    const sources = new Map(
      [...named].map(([name, container]): [string, Source<C>] => [name, sourceOf(container, toldOf)]),
    );
    return entriesOf(sources, options, problems);
  } catch (error) {
    // What decides the names of the deployments is not known, so nothing of them is.
    if (error instanceof NotKnown) return error.unknown as Deployments;
    throw error;
  }
}

const sourceOf = <C>(container: FoundContainer, toldOf: (container: FoundContainer) => C): Source<C> => ({
  container: toldOf(container),
  what: describeContainer(container),
  image: container.image,
  details: annotated(container.annotations),
});
