/** The containers of a Kubernetes workload. */
import { OBJECT } from "../context";
import { quoted, shown } from "../quote";
import type { FoundContainer } from "../types";
import { asText, describe, keysIn, notText } from "../workload";
import type { Workload, WorkloadRead } from "../workload";
import type { KubernetesContext } from "./context";
import { defaultContainerName } from "./kinds";
import type { Entry } from "./visit";

/** @param paths Where it has its pod, and then what owns that. */
export function readWorkload(
  entry: Entry & { kind: string },
  paths: string[][],
  context: KubernetesContext,
): WorkloadRead {
  const { object } = entry;
  const metadata = context.known(object, "metadata");
  const [name, generateName] = ["name", "generateName"].map((key) => context.known(metadata, key));
  const namespace = context.known(metadata, "namespace");
  const workload = {
    kind: entry.kind,
    namespace: asText(namespace) ?? context.options.namespace ?? "default",
    workload: asText(name) ?? asText(generateName) ?? "",
  };
  const [podPath = []] = paths;
  const spec = context.known(object, ...podPath, "spec");
  const { elements, problem } = elementsOf(object, spec, context);
  const origin = context.values.originOf(object);
  const annotations = paths.map((path) => context.get(object, ...path, "metadata", "annotations"));
  const containers = elements.map((element, index): FoundContainer => {
    const container =
      asText(context.known(element, "name")) ??
      defaultContainerName(entry.apiVersion, index, elements.length) ??
      "";
    return { ...workload, container, image: context.get(element, "image"), annotations, origin };
  });
  context.count(containers.length * keysIn(annotations));
  const wrong =
    entry.problem ??
    notText(namespace, `a ${shown(entry.kind)} has the metadata.namespace`) ??
    notText(name, `a ${shown(entry.kind)} has the metadata.name`) ??
    (asText(name) === undefined ? withoutName(workload) : undefined) ??
    (problem === undefined ? undefined : `${describe(workload)}${problem}`) ??
    wrongContainerName(elements, containers, context);
  return { workload, containers, ...(wrong !== undefined && { problem: wrong }) };
}

/** The containers that count, by the options. */
function elementsOf(
  object: object,
  spec: unknown,
  context: KubernetesContext,
): { elements: unknown[]; problem?: string } {
  const { sidecars = true, initContainers = false } = context.options;
  const [containers, inits] = ["containers", "initContainers"].map((key) => context.known(spec, key) ?? []);
  if (!Array.isArray(containers)) return { elements: [], problem: ": its containers must be a list." };
  if (!Array.isArray(inits)) return { elements: [], problem: ": its initContainers must be a list." };
  context.count((containers.length + inits.length) * OBJECT);
  if (containers.length === 0)
    return { elements: [], problem: " has no containers. Is it a patch? Give the whole object." };
  const chosen = inits.filter((element: unknown) => {
    const isSidecar = context.known(element, "restartPolicy") === "Always";
    if (isSidecar ? sidecars : initContainers) return true;
    const option = isSidecar ? "sidecars" : "initContainers";
    context.skip(
      object,
      `init container ${quoted(context.known(element, "name"))}: the option ${option} is false`,
    );
    return false;
  });
  return { elements: [...(containers as unknown[]), ...(chosen as unknown[])] };
}

const withoutName = ({ kind, namespace }: Workload): string =>
  `a ${shown(kind)} in namespace ${shown(namespace)} has no metadata.name. Its records need a name that stays: ` +
  "give it one, or pass the resource, which has the name that Pulumi gave it.";

function wrongContainerName(
  elements: readonly unknown[],
  containers: readonly FoundContainer[],
  context: KubernetesContext,
): string | undefined {
  for (const [index, container] of containers.entries()) {
    if (container.container === "") return `${describe(container)} has a container without a name.`;
    const name = context.known(elements[index], "name");
    const problem = notText(name, `${describe(container)} has the container name`);
    if (problem !== undefined) return problem;
  }
  return undefined;
}
