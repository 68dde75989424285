/**
 * What a run has looked at, and when: the API has no compare-and-set, so a write between a list and the removal that it
 * allowed cannot be seen. One between two tries of a removal can, for after each wait the run has to look again.
 */
import type { Written } from "./ledger";

let ticks = 0;
/** Orders what happens. */
export const nextTick = (): number => ticks++;

export interface Watch {
  sends(body: string): void;
  /** What is there of the artifact of this path. */
  lists(path: string): void;
  /**
   * Whether the run had the chance to see this write before it sent its last try of this body. `known`: the digests that
   * its state has of the record, whose lists it looks at.
   */
  canKnow(written: Written, body: string, known: string[]): boolean;
}

export function createWatch(): Watch {
  const tries = new Map<string, number[]>();
  const lists = new Map<string, number>();
  const begun = nextTick();
  return {
    sends: (body) => void tries.set(body, [...(tries.get(body) ?? []), nextTick()]),
    lists(path) {
      const decoded = decodeURIComponent(path);
      // A later one can be another resource's.
      if (!lists.has(decoded)) lists.set(decoded, nextTick());
    },
    canKnow({ tick, row }, body, known) {
      const digests = known.length > 0 ? known : [row.digest];
      const seen = [...lists].filter(([path]) => digests.some((digest) => path.includes(digest)));
      const listed = seen.length > 0 ? Math.min(...seen.map(([, at]) => at)) : begun;
      if (tick === undefined || tick < listed) return true;
      const before = tries.get(body)?.at(-2) ?? -1;
      return before > listed && before < tick;
    },
  };
}
