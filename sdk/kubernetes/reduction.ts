import type * as pulumi from "@pulumi/pulumi";
import { parseKinds, podPaths } from "../../provider/workloads/kubernetes/kinds";
import type { Reduction } from "../workloads/settle";

/** The properties that are read of Kubernetes objects. */
const KEYS = new Set([
  ...["apiVersion", "kind", "metadata", "spec", "items", "resources"],
  ...["name", "generateName", "namespace", "ownerReferences", "controller", "annotations"],
  ...["template", "jobTemplate", "workloadRef", "containers", "initContainers", "image", "restartPolicy"],
]);
const MAPS = new Set(["resources"]);
const OPEN = new Set(["image", "annotations"]);

export function reductionFor(kinds: readonly string[]): Reduction {
  const custom = parseKinds(kinds);
  return {
    keys: KEYS,
    maps: MAPS,
    open: OPEN,
    ofResource(resource) {
      const { kind, apiVersion } = kindOf(resource) ?? {};
      if (kind === undefined || "resources" in resource) return undefined;
      const isLookedInto = kind.endsWith("List") || podPaths(kind, apiVersion, custom) !== undefined;
      return isLookedInto ? { ...resource, kind, apiVersion } : { kind, apiVersion };
    },
  };
}

/** What the type token says: `kubernetes:apps/v1:Deployment`. Of no other resource is anything awaited. */
export function kindOf(resource: pulumi.Resource): { kind: string; apiVersion: string } | undefined {
  const token = (resource as { __pulumiType?: unknown }).__pulumiType;
  const [, version, kind] =
    typeof token === "string" ? (/^kubernetes:([^:]+):([^:]+)$/.exec(token) ?? []) : [];
  if (version === undefined || kind === undefined) return undefined;
  return {
    kind,
    apiVersion: version.startsWith("core/") ? version.slice("core/".length) : version,
  };
}
