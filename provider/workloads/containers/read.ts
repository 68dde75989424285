/** What runs containers beside Kubernetes, in any form, as its containers. */
import { createContext } from "../context";
import type { Context } from "../context";
import { nothingFound } from "../problems";
import { quoted, shown } from "../quote";
import type { FoundContainer, ReadOptions, Values } from "../types";
import { visit } from "../visit";
import type { Place } from "../visit";
import { includedOf, listKeys } from "../workload";
import { isTaskComponent, kindOfShape, kindOfType } from "./kinds";
import { readWorkload } from "./workload";

/**
 * Every container that is recorded. All that is wrong is one error.
 *
 * @param given Arguments of resources, `{ name, image }`, lists of these, JSON or YAML text of them. What stands for a
 * resource has its token as `__pulumiType`.
 * @param values What the caller knows of values that are not plain.
 */
export function readContainers(given: unknown, options: ReadOptions, values?: Values): FoundContainer[] {
  const context = createContext(options, values);
  const found: FoundContainer[] = [];
  let workloads = 0;
  visit(given, context, {
    expected: "a workload",
    found(object, place, visitValue) {
      const type = context.get(object, "__pulumiType");
      if (typeof type === "string" && isTaskComponent(type)) {
        const inner = context.known(object, "taskDefinition") ?? undefined;
        if (inner !== undefined) return visitValue(inner, place);
      }
      const kind = typeof type === "string" ? kindOfType(type) : kindOfShape(object, context);
      if (kind === undefined) return withoutKind(object, type, place, context);
      const read = readWorkload(object, kind, context);
      workloads += 1;
      if (typeof read === "string") return context.skip(object, read);
      const included = includedOf(object, read, context);
      if (included.length === 0) return;
      if (read.problem === undefined) found.push(...included);
      else context.problems.add(read.problem);
    },
  });
  context.problems.throwIfAny();
  if (workloads === 0 && !(Array.isArray(given) && given.length === 0)) throw nothingFound(context.skipped);
  return found;
}

/** Another resource is skipped. An object that was written out was meant to be a workload. */
function withoutKind(object: object, type: unknown, { where }: Place, context: Context): void {
  const isKubernetes =
    typeof type === "string"
      ? type.startsWith("kubernetes:")
      : context.get(object, "apiVersion") !== undefined && context.get(object, "kind") !== undefined;
  if (typeof type === "string" && !isKubernetes)
    return context.skip(object, `${shown(type)} is not a workload`);
  const name = context.known(object, "name") ?? context.known(object, "metadata", "name");
  const workload = { kind: "", namespace: "", workload: typeof name === "string" ? name : "" };
  if (includedOf(object, { workload, containers: [] }, context).length === 0) return;
  const named = typeof name === "string" ? ` named ${quoted(name)}` : "";
  const details = [
    ...(where === "" ? [] : [where]),
    ...(typeof type === "string" ? [shown(type)] : [listKeys(object, context)]),
  ];
  context.problems.add(
    isKubernetes
      ? `a Kubernetes object${named} was given (${details.join("; ")}). Give it to deploymentsFromKubernetes.`
      : `an object${named} is not a workload (${details.join("; ")}). Give resources that run containers, their ` +
          "arguments, or { name, image }.",
  );
}
