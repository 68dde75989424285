/** Compares the entries of one kind with lists: each list is asked for once. */
import { MissingArtifactError } from "../../provider/github/errors";
import { ProviderError } from "../../provider/runtime/errors";
import { CONCURRENT_READS, mapBounded } from "../../provider/runtime/map-bounded";
import type { Difference, Entry } from "./types";

export interface Comparison<I extends object, L> {
  fields: readonly string[];
  /** Whose records a list shows: where one is refused, the others of the same are not asked for. */
  whoseOf: (identity: I) => string;
  /** Of an organisation's records, the digest by which GitHub lists them. */
  digestOf?: (entry: Entry) => string | undefined;
  list: (identity: I, digest: string) => Promise<L[]>;
  differencesOf: (entry: Entry, identity: I, listed: L[]) => Difference[];
}

/** What could not be compared, though it should have been. */
export interface Failures {
  /** The reasons, in one sentence or two each. */
  problems: string[];
  /** Organisations, in lower case, and Chainloop's environments: no more is asked of them. */
  refused: Set<string>;
}

/** What could be compared; the rest is added to `failures`. */
export async function compare<I extends object, L>(
  entries: Entry[],
  comparison: Comparison<I, L>,
  { problems, refused }: Failures,
): Promise<Map<Entry, Difference[]>> {
  const groups = groupsOf(entries, comparison);
  const lists = await mapBounded(groups, CONCURRENT_READS, async ({ whose, first, digest }) => {
    if (refused.has(whose)) return undefined;
    try {
      return await comparison.list(first, digest);
    } catch (error) {
      if (error instanceof MissingArtifactError) return [];
      if (!(error instanceof ProviderError)) throw error;
      if (!refused.has(whose)) problems.push(`The records of ${whose} were not compared. ${error.message}`);
      refused.add(whose);
      return undefined;
    }
  });
  return new Map(
    groups.flatMap(({ members }, index) => {
      const listed = lists[index];
      if (listed === undefined) return [];
      return members.map(({ entry, identity }): [Entry, Difference[]] => [
        entry,
        comparison.differencesOf(entry, identity, listed),
      ]);
    }),
  );
}

interface Group<I> {
  whose: string;
  first: I;
  digest: string;
  members: { entry: Entry; identity: I }[];
}

function groupsOf<I extends object, L>(
  entries: Entry[],
  { fields, whoseOf, digestOf = () => "" }: Comparison<I, L>,
): Group<I>[] {
  const groups = new Map<string, Group<I>>();
  for (const entry of entries) {
    const identity = identityOf<I>(entry, fields);
    const digest = digestOf(entry);
    if (identity === undefined || digest === undefined) continue;
    const whose = whoseOf(identity);
    const key = JSON.stringify([whose, digest]);
    const group = groups.get(key) ?? { whose, first: identity, digest, members: [] };
    group.members.push({ entry, identity });
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** The record that an entry is about; undefined where a part of it is encrypted. */
export function identityOf<I extends object>({ compared }: Entry, fields: readonly string[]): I | undefined {
  const values = compared();
  const parts = fields.map((field): [string, unknown] => [field, values[field] || undefined]);
  const isKnown = parts.every(([, part]) => part === undefined || typeof part === "string");
  return isKnown ? (Object.fromEntries(parts) as I) : undefined;
}
