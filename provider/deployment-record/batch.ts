import type { KeyedQueue } from "../lifecycle/keyed-queue";

/** What became of each item, by its key. An item that is missing here failed with its batch. */
export type Settled<R> = Map<string, { value: R } | { error: unknown }>;

interface Batch<I, R> {
  items: Map<string, I>;
  results: Promise<Settled<R>>;
}

export interface BatchOptions<I, R> {
  queue: KeyedQueue;
  /** Most items of one batch. */
  max: number;
  /** So many that wait are worth a second request beside one that has no more. */
  half: number;
  /** Resolves when a batch with this item could be sent at once: until then others may join it. */
  ready: (first: I) => Promise<void>;
  send: (items: Map<string, I>) => Promise<Settled<R>>;
}

/**
 * Items that arrive while their lane is busy travel together, as soon as it is free. Nothing waits for company: a
 * lane that is free takes the first item at once. Of one key, a batch has one item; the next one goes after it.
 *
 * Who is answered comes back with the next item. Were all of them in one request, those that came a moment too late
 * would wait for all of it: so two requests with a half of them each go by turns.
 */
export function createBatches<I, R>({ queue, max, half, ready, send }: BatchOptions<I, R>) {
  const open = new Map<string, Batch<I, R>>();
  const running = new Map<string, Set<Map<string, I>>>();

  /** Of one key, one after the other: a removal that is on its way would undo the write beside it. */
  function canOverlap(lane: string, items: Map<string, I>): boolean {
    const [other, ...more] = running.get(lane) ?? [];
    if (other === undefined || more.length > 0 || other.size > half || items.size < half) return false;
    return ![...items.keys()].some((key) => other.has(key));
  }

  async function run(lane: string, together: string, batch: Batch<I, R>, first: I): Promise<Settled<R>> {
    const { items } = batch;
    const inLane = running.get(lane) ?? new Set();
    running.set(lane, inLane.add(items));
    try {
      await ready(first);
      if (open.get(together) === batch) open.delete(together);
      return await send(items);
    } finally {
      inLane.delete(items);
      if (inLane.size === 0) running.delete(lane);
    }
  }

  function start(lane: string, together: string, first: I): Batch<I, R> {
    const items = new Map<string, I>();
    const results: Promise<Settled<R>> = queue(
      lane,
      () => run(lane, together, batch, first),
      () => canOverlap(lane, items),
    );
    const batch: Batch<I, R> = { items, results };
    open.set(together, batch);
    return batch;
  }

  return async (lane: string, together: string, key: string, item: I): Promise<R> => {
    const waiting = open.get(together);
    const joins = waiting !== undefined && waiting.items.size < max && !waiting.items.has(key);
    const batch = joins ? waiting : start(lane, together, item);
    batch.items.set(key, item);
    if (joins) queue.recheck(lane);
    const result = (await batch.results).get(key);
    if (result === undefined) throw new Error(`nothing is known of ${key}`);
    if ("error" in result) throw result.error;
    return result.value;
  };
}
