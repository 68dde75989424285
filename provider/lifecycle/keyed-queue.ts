/** Runs the work for one key in the order of its arrival, one after the other. */
export interface KeyedQueue {
  /** `canOverlap`: whether it can run beside other work that has such a function too; asked when it is next. */
  <T>(key: string, work: () => Promise<T>, canOverlap?: () => boolean): Promise<T>;
  /** Asks the next one's `canOverlap` again, because its answer may have changed. */
  recheck(key: string): void;
  /** Other processes use the same lanes: what was listed before a turn began does not hold in it. */
  isShared?: boolean;
}

interface Work {
  run: () => Promise<void>;
  canOverlap?: () => boolean;
}

/** The work for one key. */
interface Lane {
  running: Set<Work>;
  waiting: Work[];
}

export function createKeyedQueue(): KeyedQueue {
  const lanes = new Map<string, Lane>();

  function next(key: string): void {
    const lane = lanes.get(key);
    for (let first = lane?.waiting[0]; lane && first && canStart(lane, first); first = lane.waiting[0]) {
      lane.waiting.shift();
      void start(key, lane, first);
    }
  }

  async function start(key: string, lane: Lane, work: Work): Promise<void> {
    lane.running.add(work);
    await work.run();
    lane.running.delete(work);
    if (lane.running.size + lane.waiting.length === 0) lanes.delete(key);
    else next(key);
  }

  const enqueue = <T>(key: string, work: () => Promise<T>, canOverlap?: () => boolean): Promise<T> =>
    new Promise((resolve, reject) => {
      const lane = lanes.get(key) ?? { running: new Set(), waiting: [] };
      lanes.set(key, lane);
      lane.waiting.push({ run: () => Promise.resolve().then(work).then(resolve, reject), canOverlap });
      recheck(key);
    });
  // Work that arrives in the same tick is queued before the first one starts.
  const recheck = (key: string) => queueMicrotask(() => next(key));
  return Object.assign(enqueue, { recheck });
}

const canStart = ({ running }: Lane, { canOverlap }: Work): boolean =>
  running.size === 0 ||
  (canOverlap !== undefined && [...running].every((one) => one.canOverlap) && canOverlap());
