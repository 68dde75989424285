/** The resources that a program declares, as far as they may have workloads. */
import type * as pulumi from "@pulumi/pulumi";
import { getStackResource } from "@pulumi/pulumi/runtime";
import { ancestorsOf, isCollection, isKubernetes, runsContainers, typeOf, under } from "./resources";

export interface Registry {
  /** @returns whether it may be a workload */
  add: (args: pulumi.ResourceTransformationArgs) => boolean;
  /** All that was declared so far. */
  resources: () => pulumi.Resource[];
  /** The arguments of a component. Its properties are those that its class gives it, which may be none. */
  argsOf: (resource: pulumi.Resource) => pulumi.Inputs;
}

/** @param scope Only what is under this resource is of interest. */
export function createRegistry(scope: pulumi.Resource): Registry {
  const declared = new Map<pulumi.Resource, pulumi.Inputs>();
  const foreign = new WeakSet<pulumi.Resource>();
  return {
    add({ resource, type, props, opts }) {
      // Read, not declared: another program records it.
      const isForeign = (opts as pulumi.CustomResourceOptions).id !== undefined || opts.urn !== undefined;
      if (isForeign) foreign.add(resource);
      if (isForeign || !(isKubernetes(type) || runsContainers(type))) return false;
      const ancestors = [...ancestorsOf(opts.parent ?? getStackResource())];
      if (!ancestors.includes(scope) || ancestors.some((one) => isCollection(typeOf(one)))) return false;
      declared.set(resource, props);
      return true;
    },
    resources: () =>
      // The program may have declared some before, in what it imports.
      [...new Set([...under(scope), ...declared.keys()])].filter((resource) => !foreign.has(resource)),
    argsOf: (resource) => declared.get(resource) ?? {},
  };
}
