/** What `diff` does for every resource of one record. */
import type { z } from "zod";
import { diffInputs } from "./diff";
import type { Identity } from "./identity";
import type { RunContext } from "./run-context";
import { isNotRecorded } from "./write-declared";
import { writable } from "./writable";

export interface Versions {
  id: string;
  /** The outputs in the state. */
  olds: { status?: string };
  /** The inputs that are declared now. */
  news: object;
}

export interface Diffed<K extends object> {
  identity: Identity<K>;
  /** The inputs, with their schemas. */
  fields: Record<string, z.ZodType>;
}

/**
 * What changed between the record as it was last written or read, and as it is declared now. The run notes the outcome:
 * a record without changes is nobody else's to remove, and one that this run has removed before is written again.
 */
export function diffResource<K extends object>(
  { declarations }: RunContext,
  { identity, fields }: Diffed<K>,
  { id, olds, news }: Versions,
) {
  const before = identity.parse(id);
  const compare = (written?: object) =>
    diffInputs(Object.keys(fields), identity.fields, { ...olds, ...before }, news, written);
  const first = compare();
  const result = first.changes ? compare(writable(fields, identity.fields, news)) : first;
  const key = identity.key(news as K);
  // Also where `ignoreChanges` keeps the status that a refresh found: a write that has not been done is no drift.
  const changes = result.changes || isNotRecorded(olds) || declarations.isLost(key);
  const isKnown = identity.isKnown(news);
  if (changes) declarations.changing(identity.key(before), isKnown ? key : undefined);
  else if (isKnown) declarations.unchanged(key, writable(fields, identity.fields, news));
  return { ...result, changes };
}
