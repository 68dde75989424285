/** Every Kubernetes object in what is given: in lists, collections and texts. */
import { ProviderError } from "../../runtime/errors";
import { quoted } from "../quote";
import { OBJECT } from "./context";
import type { Context } from "./context";
import { documentsOf } from "./documents";

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

interface Place {
  where: string;
  depth: number;
  isText?: boolean;
  problem?: string;
  /** Of a list that says the kind of its items: they say none themselves. */
  itemKind?: string;
  itemVersion?: unknown;
}

const MAX_DEPTH = 100;

export function visit(given: unknown, context: Context, found: (entry: Entry) => void): void {
  visitValue(given, { where: "", depth: 0 });

  function visitValue(maybe: unknown, place: Place): void {
    context.count(OBJECT);
    const value = context.known(maybe);
    if (place.depth > MAX_DEPTH)
      throw new ProviderError(`lists stand in lists, more than ${MAX_DEPTH} deep.`);
    if (typeof value === "string" && !place.isText) return visitText(value, place);
    if (typeof value !== "object" || value === null)
      throw new ProviderError(`${quoted(value)} is not a Kubernetes object${inBrackets(place.where)}.`);
    const origin = context.values.originOf(value);
    if (context.seen.has(origin)) return;
    context.seen.add(origin);
    if (Array.isArray(value)) visitAll(value, place);
    else visitObject(value, place);
  }

  function visitAll(values: readonly unknown[], place: Place): void {
    for (const [index, value] of values.entries()) {
      const where = join(place.where, `item ${index + 1}`);
      visitValue(value, { ...place, where, depth: place.depth + 1 });
    }
  }

  function visitText(text: string, place: Place): void {
    for (const [index, { value, problem }] of documentsOf(text).entries()) {
      const where = join(place.where, `document ${index + 1}`);
      visitValue(value, { where, problem, depth: place.depth + 1, isText: true });
    }
  }

  function visitObject(object: object, place: Place): void {
    const kind = context.known(object, "kind") ?? place.itemKind;
    const apiVersion = context.known(object, "apiVersion") ?? place.itemVersion;
    const resources = context.known(object, "resources");
    // What a program gives; in a text it is a kustomization, whose resources are names of files.
    if (kind === undefined && typeof resources === "object" && resources !== null && !place.isText)
      return visitCollection(resources, place);
    const items = context.known(object, "items");
    if (typeof kind !== "string" || !kind.endsWith("List") || items === undefined)
      return found({ object, kind, apiVersion, where: place.where, problem: place.problem });
    if (items === null) return;
    if (!Array.isArray(items))
      throw new ProviderError(`the items of a ${quoted(kind)} must be a list${inBrackets(place.where)}.`);
    const itemKind = kind === "List" ? undefined : kind.slice(0, -"List".length);
    const itemVersion = itemKind === undefined ? undefined : apiVersion;
    visitAll(items, { ...place, itemKind, itemVersion });
  }

  /** By name, or as a list. What is no object there is a file's name. */
  function visitCollection(resources: object, place: Place): void {
    const objects = Object.values(resources).filter((one) => typeof one === "object" && one !== null);
    visitAll(objects, { where: place.where, depth: place.depth });
  }
}

const join = (where: string, more: string): string => (where === "" ? more : `${where}, ${more}`);

const inBrackets = (where: string): string => (where === "" ? "" : ` (${where})`);
