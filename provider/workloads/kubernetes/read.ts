/** Kubernetes objects in any form, as the containers of the workloads among them. */
import { nothingFound } from "../problems";
import { quoted, shown } from "../quote";
import type { FoundContainer, KubernetesReadOptions, Values } from "../types";
import { describe, includedOf, listKeys } from "../workload";
import type { Workload, WorkloadRead } from "../workload";
import { createKubernetesContext } from "./context";
import type { KubernetesContext } from "./context";
import { isMadeBy, podPaths } from "./kinds";
import { visitObjects } from "./visit";
import type { Entry } from "./visit";
import { readWorkload } from "./workload";

/**
 * Every container that is recorded. All that is wrong is one error.
 *
 * @param given Objects as manifests have them, lists and collections of these, YAML or JSON text.
 * @param values What the caller knows of values that are not plain.
 */
export function readKubernetes(
  given: unknown,
  options: KubernetesReadOptions,
  values?: Values,
): FoundContainer[] {
  const context = createKubernetesContext(options, values);
  const found: FoundContainer[] = [];
  const workloads = new Set<string>();
  const referring: Referring[] = [];
  visitObjects(given, context, (entry) => {
    const read = readEntry(entry, context);
    if (read === undefined) return;
    workloads.add(describe(read.workload));
    const included = includedOf(entry.object, read, context);
    const reference = read.containers.length === 0 ? referenceOf(entry, read.workload, context) : undefined;
    if (included.length === 0) return;
    if (reference !== undefined) referring.push(reference);
    else if (read.problem !== undefined) context.problems.add(read.problem);
    else found.push(...read.containers.filter((container) => included.includes(container)));
  });
  for (const one of referring) checkReference(one, workloads, context);
  context.problems.throwIfAny();
  if (workloads.size === 0 && !isEmptyList(given)) throw nothingFound(context.skipped, ADVICE);
  return found;
}

/** What is given as an empty list is meant to be nothing. */
const isEmptyList = (given: unknown): boolean => Array.isArray(given) && given.length === 0;

/** A workload; undefined for what is skipped. */
function readEntry(entry: Entry, context: KubernetesContext): WorkloadRead | undefined {
  const { object, kind, apiVersion } = entry;
  if (typeof kind !== "string" || kind === "") return withoutKind(entry, context);
  const paths = podPaths(kind, apiVersion, context.kinds);
  if (paths === undefined) {
    context.skip(object, `${shown(kind)} is not a workload`);
    return undefined;
  }
  const owner = ownerOf(object, { kind, apiVersion }, context);
  if (owner === undefined) return readWorkload({ ...entry, kind }, paths, context);
  context.skip(object, `${owner} made it and stands for it`);
  return undefined;
}

/**
 * The workload from whose template a controller made the object. Other owners only say what is deleted with it
 * (https://kubernetes.io/docs/concepts/overview/working-with-objects/owners-dependents/).
 */
function ownerOf(
  object: object,
  kind: { kind: string; apiVersion: unknown },
  context: KubernetesContext,
): string | undefined {
  const owners = context.known(object, "metadata", "ownerReferences");
  if (!Array.isArray(owners)) return undefined;
  context.count(owners.length);
  for (const owner of owners as unknown[]) {
    const ownerKind = context.known(owner, "kind");
    if (typeof ownerKind !== "string" || context.known(owner, "controller") === false) continue;
    const apiVersion = context.known(owner, "apiVersion");
    if (!isMadeBy(kind, { kind: ownerKind, apiVersion }, context.kinds)) continue;
    return shown(`${ownerKind} ${textOf(context.known(owner, "name"))}`.trimEnd());
  }
  return undefined;
}

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

/** A workload whose pods another one describes, such as a Rollout of Argo with `workloadRef`. */
interface Referring {
  object: object;
  workload: Workload;
  target: Workload;
}

function referenceOf(
  { object }: Entry,
  workload: Workload,
  context: KubernetesContext,
): Referring | undefined {
  const reference = context.known(object, "spec", "workloadRef");
  const [kind, name] = ["kind", "name"].map((key) => context.known(reference, key));
  if (typeof kind !== "string" || typeof name !== "string") return undefined;
  return { object, workload, target: { kind, namespace: workload.namespace, workload: name } };
}

function checkReference(
  { object, workload, target }: Referring,
  given: Set<string>,
  context: KubernetesContext,
): void {
  if (given.has(describe(target))) context.skip(object, `${describe(target)} describes its pods`);
  else
    context.problems.add(
      `${describe(workload)} has the pods of ${describe(target)}, which is not given. Give it too, or leave ` +
        `${shown(workload.kind)} out with the option include.`,
    );
}

/** What looks like a Kubernetes object must say what it is; a kustomization or Helm's values are none. */
function withoutKind({ object, where }: Entry, context: KubernetesContext): undefined {
  const keys = Object.keys(object);
  if (!keys.some((key) => key === "spec" || key === "metadata")) {
    context.skip(object, "it has no kind");
    return undefined;
  }
  const name = context.known(object, "metadata", "name");
  const namespace = textOf(context.known(object, "metadata", "namespace")) || "default";
  const workload = { kind: "", namespace, workload: textOf(name) };
  if (includedOf(object, { workload, containers: [] }, context).length === 0) return undefined;
  const named = typeof name === "string" ? ` named ${quoted(name)}` : "";
  const details = [...(where === "" ? [] : [where]), listKeys(object, context)];
  context.problems.add(
    `an object${named} has no kind (${details.join("; ")}). Give resources of @pulumi/kubernetes, or objects as ` +
      "manifests have them.",
  );
  return undefined;
}

const ADVICE =
  "What a controller made from another workload is skipped: give its owner. The option kinds names other kinds that are " +
  "workloads. ";
