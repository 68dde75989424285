import { isDeepStrictEqual } from "node:util";
import { withoutSlash } from "../runtime/values";

/** How a field is compared where plain equality says too much. */
const normal: Record<string, (value: unknown) => unknown> = {
  // An organisation's name is not case sensitive, so a change of case is no change.
  org: (value) => (typeof value === "string" ? value.toLowerCase() : value),
  // `https://ghcr.io` and `https://ghcr.io/` are one address.
  registryUrl: (value) => (typeof value === "string" ? withoutSlash(value) : value),
  // A set: GitHub keeps no order.
  runtimeRisks: (value) => (Array.isArray(value) ? [...(value as string[])].sort() : value),
};

/** The value of a field in the one form that all of its spellings have. */
export const comparable = (field: string, value: unknown): unknown =>
  normal[field]?.(value ?? undefined) ?? value ?? undefined;

export const sameField = (field: string, a: unknown, b: unknown): boolean =>
  isDeepStrictEqual(comparable(field, a), comparable(field, b));

/**
 * What changed between the record as it was last written or read, and as it is declared now. `written`: what a write of
 * it would send (see `writable`); it is no change either.
 */
export function diffInputs(
  fields: readonly string[],
  identity: readonly string[],
  olds: object,
  news: object,
  written: object = news,
) {
  const of = (values: object, field: string) => (values as Record<string, unknown>)[field];
  const isSame = (field: string, values: object) => sameField(field, of(olds, field), of(values, field));
  const changed = fields.filter(
    (field) => !isSame(field, news) && (written === news || !isSame(field, written)),
  );
  const replaces = changed.filter((field) => identity.includes(field));
  return { changes: changed.length > 0, replaces, deleteBeforeReplace: false };
}
