/** Every Kubernetes object in what is given: also the items of its lists, and what a collection brings. */
import { ProviderError } from "../../runtime/errors";
import { quoted, shown } from "../quote";
import { inBrackets, visit } from "../visit";
import type { Place } from "../visit";
import type { KubernetesContext } from "./context";
import { podPaths } from "./kinds";

/** An object that was found. */
export interface Entry {
  object: object;
  kind: unknown;
  apiVersion: unknown;
  /** For errors: `item 3, document 2`. */
  where: string;
  /** What is wrong with its document, where it is a workload. */
  problem?: string;
}

export function visitObjects(
  given: unknown,
  context: KubernetesContext,
  found: (entry: Entry) => void,
): void {
  visit(given, context, {
    expected: "a Kubernetes object",
    found(object, place, visitValue) {
      const kind = context.known(object, "kind") ?? place.itemKind;
      const apiVersion = context.known(object, "apiVersion") ?? place.itemVersion;
      const resources = context.known(object, "resources");
      // What a program gives; in a text it is a kustomization, whose resources are names of files.
      if (kind === undefined && typeof resources === "object" && resources !== null && !place.isText)
        return visitCollection(resources, place, visitValue);
      const items = context.known(object, "items");
      if (typeof kind !== "string" || !kind.endsWith("List") || items === undefined)
        return found({ object, kind, apiVersion, where: place.where, problem: place.problem });
      if (items === null) return;
      if (!Array.isArray(items))
        throw new ProviderError(`the items of a ${quoted(kind)} must be a list${inBrackets(place.where)}.`);
      const itemKind = kind === "List" ? undefined : kind.slice(0, -"List".length);
      visitValue(items, { ...place, itemKind, itemVersion: itemKind === undefined ? undefined : apiVersion });
    },
  });

  /** By name, or as a list. */
  function visitCollection(
    resources: object,
    { where, depth }: Place,
    visitValue: (value: unknown, place: Place) => void,
  ): void {
    const all: unknown[] = Object.values(resources);
    // What else is no object there is a file's name.
    for (const one of all) if (typeof one === "string") refuseUrn(one, context);
    visitValue(
      all.filter((one) => typeof one === "object" && one !== null),
      { where, depth },
    );
  }
}

/** Pulumi gives a remote component's resource as its URN where the package that has its class was not imported. */
function refuseUrn(text: string, context: KubernetesContext): void {
  // urn:pulumi:STACK::PROJECT::PARENT$TYPE::NAME
  const [start = "", , types = "", ...name] = text.split("::");
  const [provider, version = "", kind = ""] = types.split("$").at(-1)?.split(":") ?? [];
  if (!start.startsWith("urn:pulumi:") || provider !== "kubernetes") return;
  if (podPaths(kind, version.replace(/^core\//, ""), context.kinds) === undefined) return;
  context.problems.add(
    `${shown(kind)} ${quoted(name.join("::"))} cannot be read: its class was not imported. Import all of @pulumi/kubernetes ` +
      '(import * as k8s from "@pulumi/kubernetes").',
  );
}
