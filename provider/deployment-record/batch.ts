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
  /** While a batch of at most this many is on its way, another of at least this many may be sent beside it. */
  overlapSize: number;
  /** Resolves when a batch with this item could be sent at once: until then others may join it. */
  ready: (first: I) => Promise<void>;
  send: (items: Map<string, I>) => Promise<Settled<R>>;
}

/**
 * Items that arrive while their lane is busy are sent together, as soon as it is free. Nothing is delayed to fill a
 * batch: a lane that is free takes the first item at once. A batch has one item for each key; the next one goes after it.
 *
 * A resource that is answered comes back with its next item. Were all of them in one request, those that came a moment
 * too late would wait for all of it: so two requests with half of them each go by turns.
 */
export function createBatches<I, R>({ queue, max, overlapSize, ready, send }: BatchOptions<I, R>) {
  /** The batch of each batch key that others may still join. */
  const open = new Map<string, Batch<I, R>>();
  /** The batches of each lane that are on their way. */
  const running = new Map<string, Set<Map<string, I>>>();

  /** `lane` orders requests; items with the same `batchKey` may share one. */
  async function join(lane: string, batchKey: string, key: string, item: I): Promise<R> {
    const waiting = open.get(batchKey);
    const hasRoom = waiting !== undefined && waiting.items.size < max && !waiting.items.has(key);
    const joins = hasRoom && !isBeside(lane, waiting.items, key);
    const batch = joins ? waiting : start(lane, batchKey, item);
    batch.items.set(key, item);
    if (joins) queue.recheck(lane);
    const result = (await batch.results).get(key);
    if (result === undefined) throw new Error(`nothing is known of ${key}`);
    if ("error" in result) throw result.error;
    return result.value;
  }

  function start(lane: string, batchKey: string, first: I): Batch<I, R> {
    const items = new Map<string, I>();
    const results: Promise<Settled<R>> = queue(
      lane,
      () => run(lane, batchKey, batch, first),
      () => canOverlap(lane, items),
    );
    const batch: Batch<I, R> = { items, results };
    open.set(batchKey, batch);
    return batch;
  }

  async function run(lane: string, batchKey: string, batch: Batch<I, R>, first: I): Promise<Settled<R>> {
    const { items } = batch;
    const inLane = running.get(lane) ?? new Set();
    running.set(lane, inLane.add(items));
    try {
      await ready(first);
      if (open.get(batchKey) === batch) open.delete(batchKey);
      return await send(items);
    } finally {
      inLane.delete(items);
      if (inLane.size === 0) running.delete(lane);
    }
  }

  /** Whether this batch is already on its way beside another one with the same key. */
  function isBeside(lane: string, items: Map<string, I>, key: string): boolean {
    const inLane = [...(running.get(lane) ?? [])];
    return inLane.includes(items) && inLane.some((other) => other.has(key));
  }

  /** Two batches with the same key never overlap: a removal that is on its way would undo the write beside it. */
  function canOverlap(lane: string, items: Map<string, I>): boolean {
    const [other, ...more] = running.get(lane) ?? [];
    if (other === undefined || more.length > 0) return false;
    if (other.size > overlapSize || items.size < overlapSize) return false;
    return ![...items.keys()].some((key) => other.has(key));
  }

  return join;
}
