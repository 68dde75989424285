/** The containers of resources of all kinds. */
import * as pulumi from "@pulumi/pulumi";
import { readContainers } from "../../provider/workloads/containers/read";
import { readKubernetes } from "../../provider/workloads/kubernetes/read";
import { MAX_REASONS, nothingFound, NothingFound } from "../../provider/workloads/problems";
import type { FoundContainer, KubernetesReadOptions } from "../../provider/workloads/types";
import { containerReduction } from "../containers/reduction";
import { programError } from "../errors";
import { reductionFor } from "../kubernetes/reduction";
import { isUnknown } from "../workloads/pending";
import { settle } from "../workloads/settle";
import type { Reduction, Settled } from "../workloads/settle";
import type { Registry } from "./registry";
import { CALLER, isKubernetes, runsContainers, typeOf } from "./resources";

type Read = () => FoundContainer[];

/** Waits for the resources. */
export function readResources(
  resources: readonly pulumi.Resource[],
  options: KubernetesReadOptions,
  { argsOf }: Pick<Registry, "argsOf">,
): pulumi.Output<Read> {
  const ofType = (is: (type: string) => boolean) => resources.filter((resource) => is(typeOf(resource)));
  const kubernetes = ofType(isKubernetes);
  const others = ofType(runsContainers);
  if (kubernetes.length + others.length === 0)
    throw programError(`${CALLER}: ${nothingDeclared(new Set()).message}`);
  return pulumi
    .all([
      settle(kubernetes, withArgs(reductionFor(options.kinds ?? []), argsOf)),
      settle(others, withArgs(containerReduction, argsOf)),
    ])
    .apply(([objects, workloads]) => () => {
      const reasons = new Set<string>();
      const told: KubernetesReadOptions = {
        ...options,
        onSkip(object, reason) {
          if (reasons.size < MAX_REASONS) reasons.add(reason);
          options.onSkip?.(object, reason);
        },
      };
      const found = [
        kubernetes.length === 0 ? undefined : orNothing(() => readKubernetes(...given(objects(), told))),
        others.length === 0 ? undefined : orNothing(() => readContainers(...given(workloads(), told))),
      ].filter((containers) => containers !== undefined);
      if (found.length === 0) throw nothingDeclared(reasons);
      return found.flat();
    });
}

const nothingDeclared = (reasons: ReadonlySet<string>): NothingFound =>
  nothingFound(
    reasons,
    "Call deployments() after the workloads. The option kinds names other kinds of Kubernetes that are workloads. ",
    "no workload was declared",
  );

const given = ({ value, originOf }: Settled, options: KubernetesReadOptions) =>
  [value, options, { isUnknown, originOf }] as const;

function orNothing(read: Read): FoundContainer[] | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof NothingFound) return undefined;
    throw error;
  }
}

/** A component has its arguments where it has no properties. With its URN, what is read of it waits for it. */
function withArgs(reduction: Reduction, argsOf: Registry["argsOf"]): Reduction {
  const { keys, ofResource } = reduction;
  return {
    ...reduction,
    keys: new Set([...keys, "urn"]),
    ofResource(resource) {
      const properties = ofResource(resource);
      if (!pulumi.ComponentResource.isInstance(resource)) return properties;
      return { ...argsOf(resource), ...(properties ?? resource) };
    },
  };
}
