/** Workloads that are declared after the deployments were taken: their records would be missing. */
import type * as pulumi from "@pulumi/pulumi";
import { NotKnown } from "../../provider/workloads/context";
import { parseKinds, podPaths } from "../../provider/workloads/kubernetes/kinds";
import { NothingFound } from "../../provider/workloads/problems";
import { quoted, shown } from "../../provider/workloads/quote";
import type { KubernetesReadOptions } from "../../provider/workloads/types";
import { programError } from "../errors";
import { kindOf } from "../kubernetes/reduction";
import { readResources } from "./read";
import type { Registry } from "./registry";
import { CALLER, isCollection, isKubernetes, isOf, mayHaveNone } from "./resources";
import type { CollectedOptions } from "./types";

interface Closed {
  options: CollectedOptions;
  readOptions: KubernetesReadOptions;
  isWorkload: (args: pulumi.ResourceTransformationArgs) => boolean;
}

export interface Lateness {
  /** From now on, what these options include is late. */
  close: (options: CollectedOptions, readOptions: KubernetesReadOptions) => void;
  rejectIfLate: (args: pulumi.ResourceTransformationArgs) => void;
}

export function createLateness(registry: Registry): Lateness {
  const closed: Closed[] = [];
  return {
    close(options, readOptions) {
      const kinds = parseKinds(options.kinds ?? []);
      closed.push({
        options,
        readOptions: { ...readOptions, onSkip: undefined },
        isWorkload({ type, resource }) {
          if (!isKubernetes(type) || isCollection(type)) return true;
          const { kind = "", apiVersion } = kindOf(resource) ?? {};
          return kind.endsWith("List") || podPaths(kind, apiVersion, kinds) !== undefined;
        },
      });
    },
    rejectIfLate(args) {
      for (const call of closed.filter(({ isWorkload }) => isWorkload(args))) {
        const { include, provider } = call.options;
        // Then it is not declared at all.
        if (include === undefined && provider === undefined && !mayHaveNone(args.type)) throw late(args);
        void rejectIfIncluded(args, call);
      }
    },
  };

  async function rejectIfIncluded(args: pulumi.ResourceTransformationArgs, call: Closed): Promise<void> {
    // The resource has its provider and its properties when its constructor has ended.
    await Promise.resolve();
    if (!isOf(args.resource, call.options.provider)) return;
    readResources([args.resource], call.readOptions, registry).apply((read) => {
      if (hasContainers(read)) throw late(args);
    });
  }
}

function hasContainers(read: () => unknown[]): boolean {
  try {
    return read().length > 0;
  } catch (error) {
    // In a preview, it may be one that the options leave out.
    if (error instanceof NotKnown || error instanceof NothingFound) return false;
    // It is included, and not right.
    return true;
  }
}

const late = ({ type, name }: pulumi.ResourceTransformationArgs): Error =>
  programError(
    `${CALLER}: ${quoted(name)} (${shown(type)}) was declared after deployments() was called, so its records would be ` +
      "missing. Call deployments() after it. If it is made in an apply, give that apply's result: " +
      "deployments({ after: result }).",
  );
