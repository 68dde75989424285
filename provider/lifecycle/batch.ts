import type { Lanes } from "./ownership";

/** What became of each item, by its key. An item that is missing here failed with its batch. */
export type Settled<R> = Map<string, { value: R } | { error: unknown }>;

interface Batch<I, R> {
  items: Map<string, I>;
  results: Promise<Settled<R>>;
}

export interface BatchOptions<I, R> {
  lanes: Lanes;
  /** Most items of one batch. */
  max: number;
  /** Resolves when a batch with this item could be sent at once: until then others may join it. */
  ready: (first: I) => Promise<void>;
  send: (items: Map<string, I>) => Promise<Settled<R>>;
}

/**
 * Items that arrive while their lane is busy travel together, as soon as it is free. Nothing waits for company: a
 * lane that is free takes the first item at once. Of one key, a batch has one item; the next one goes after it.
 */
export function createBatches<I, R>({ lanes, max, ready, send }: BatchOptions<I, R>) {
  const open = new Map<string, Batch<I, R>>();

  function start(lane: string, together: string, first: I): Batch<I, R> {
    const items = new Map<string, I>();
    const results = lanes(lane, async () => {
      await ready(first);
      if (open.get(together) === batch) open.delete(together);
      return send(items);
    });
    const batch = { items, results };
    open.set(together, batch);
    return batch;
  }

  return async (lane: string, together: string, key: string, item: I): Promise<R> => {
    const waiting = open.get(together);
    const joins = waiting !== undefined && waiting.items.size < max && !waiting.items.has(key);
    const batch = joins ? waiting : start(lane, together, item);
    batch.items.set(key, item);
    const result = (await batch.results).get(key);
    if (result === undefined) throw new Error(`nothing is known of ${key}`);
    if ("error" in result) throw result.error;
    return result.value;
  };
}
