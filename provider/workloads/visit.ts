/** Every object in what is given: in lists, in lists of lists, and in texts. */
import { ProviderError } from "../runtime/errors";
import { OBJECT } from "./context";
import type { Context } from "./context";
import { documentsOf } from "./documents";
import { quoted } from "./quote";

export interface Place {
  /** For errors: `item 3, document 2`. */
  where: string;
  depth: number;
  isText?: boolean;
  /** What is wrong with its document, where it is a workload. */
  problem?: string;
  /** Of a list that says the kind of its items: they say none themselves. */
  itemKind?: string;
  itemVersion?: unknown;
}

export interface Visitor {
  /** What is expected, for errors: `a Kubernetes object`. */
  expected: string;
  /** @param visitValue Visits what the object holds. */
  found: (object: object, place: Place, visitValue: (value: unknown, place: Place) => void) => void;
}

const MAX_DEPTH = 100;

export function visit(given: unknown, context: Context, { expected, found }: Visitor): void {
  visitValue(given, { where: "", depth: 0 });

  function visitValue(maybe: unknown, place: Place): void {
    context.count(OBJECT);
    const value = context.known(maybe);
    if (place.depth > MAX_DEPTH)
      throw new ProviderError(`lists stand in lists, more than ${MAX_DEPTH} deep.`);
    if (typeof value === "string" && !place.isText) return visitText(value, place);
    if (typeof value !== "object" || value === null)
      throw new ProviderError(`${quoted(value)} is not ${expected}${inBrackets(place.where)}.`);
    const origin = context.values.originOf(value);
    if (context.seen.has(origin)) return;
    context.seen.add(origin);
    if (!Array.isArray(value)) return found(value, place, visitValue);
    for (const [index, element] of value.entries()) {
      const where = join(place.where, `item ${index + 1}`);
      visitValue(element, { ...place, where, depth: place.depth + 1 });
    }
  }

  function visitText(text: string, place: Place): void {
    for (const [index, { value, problem }] of documentsOf(text).entries()) {
      const where = join(place.where, `document ${index + 1}`);
      visitValue(value, { where, problem, depth: place.depth + 1, isText: true });
    }
  }
}

const join = (where: string, more: string): string => (where === "" ? more : `${where}, ${more}`);

export const inBrackets = (where: string): string => (where === "" ? "" : ` (${where})`);
