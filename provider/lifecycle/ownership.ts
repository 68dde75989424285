/**
 * Nobody's record is undone. Pulumi renames, moves and replaces by "create the new, then delete the old", and
 * on an API that upserts, the delete would undo the create. So a removal touches only what its resource was the
 * last to write (docs/decisions/0002-ownership.md).
 */

import { untrustedText } from "../runtime/untrusted-text";

/** The record that was written last, should there be several of one identity. */
export const latest = <T extends { updated_at?: string }>(records: T[]): T | undefined =>
  records.reduce<T | undefined>(
    (found, record) => (found && !(timeOf(record) > timeOf(found)) ? found : record),
    undefined,
  );

/** A record without a time comes last: NaN would leave the order to chance. */
const timeOf = (record: { updated_at?: string }): number => Date.parse(record.updated_at ?? "") || 0;

/**
 * Why the live record is not ours to remove; undefined where it is. Only the server's times are compared:
 * `ownWrite` is what it said when this resource last wrote. In doubt the record is left: that is seen.
 */
export function takenOver(
  live: { updated_at?: string } | undefined,
  ownWrite: string | undefined,
  api = "GitHub",
) {
  if (live === undefined)
    return `${api} does not list it for the digest that was recorded, so another writer may have moved it to another digest`;
  // NaN, where either has no time, is not at most anything: then it is left.
  if (Date.parse(live.updated_at ?? "") <= Date.parse(ownWrite ?? "")) return undefined;
  const theirs = live.updated_at
    ? `it was written at ${untrustedText(live.updated_at, 40)}`
    : `${api} does not say when it was written`;
  return `${theirs}, and this resource wrote it last ${ownWrite ? `at ${ownWrite}` : "at an unknown time"}`;
}
