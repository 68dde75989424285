import type * as pulumi from "@pulumi/pulumi";
import { isDeepStrictEqual } from "node:util";

type Values = Record<string, unknown>;

/** How a field is compared where plain equality says too much. */
const normal: Record<string, (value: unknown) => unknown> = {
  // An organisation's name is not case sensitive, so a change of case is no change.
  org: (value) => (typeof value === "string" ? value.toLowerCase() : value),
  // A set: GitHub keeps no order.
  runtimeRisks: (value) => (Array.isArray(value) ? [...(value as string[])].sort() : value),
};

export function sameField(field: string, a: unknown, b: unknown): boolean {
  const normalise = normal[field] ?? ((value: unknown) => value);
  return isDeepStrictEqual(normalise(a ?? undefined), normalise(b ?? undefined));
}

/** What changed between the record as it was last written or read, and as it is declared now. */
export function diffInputs(
  fields: readonly string[],
  identity: readonly string[],
  olds: Values,
  news: Values,
): pulumi.dynamic.DiffResult {
  const changed = fields.filter((field) => !sameField(field, olds[field], news[field]));
  const replaces = changed.filter((field) => identity.includes(field));
  return { changes: changed.length > 0, replaces, deleteBeforeReplace: false };
}

/**
 * What to keep in the state of a field that was observed: the value in the state where it means the same (a set's
 * order, empty for absent), so that it shows no drift where there is none.
 */
export function observedAs<T extends object>(field: string, stated: T | undefined, live: object | undefined) {
  const isEmpty = (value: object | undefined) => value === undefined || Object.keys(value).length === 0;
  if ((isEmpty(live) && isEmpty(stated)) || sameField(field, stated, live)) return stated;
  return isEmpty(live) ? undefined : (live as T);
}
