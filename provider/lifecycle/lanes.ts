/** Runs what is given for one key one after the other, in the order of its arrival. */
export interface Lanes {
  /** `beside`: whether it may run beside another one that has such a function too; asked when it is the next. */
  <T>(key: string, work: () => Promise<T>, beside?: () => boolean): Promise<T>;
  /** What `beside` says of the next one may have changed. */
  look(key: string): void;
}

interface Work {
  run: () => Promise<void>;
  beside?: () => boolean;
}

interface Lane {
  running: Set<Work>;
  waiting: Work[];
}

export function createLanes(): Lanes {
  const lanes = new Map<string, Lane>();

  function next(key: string): void {
    const lane = lanes.get(key);
    for (let first = lane?.waiting[0]; lane && first && mayStart(lane, first); first = lane.waiting[0]) {
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

  const enter = <T>(key: string, work: () => Promise<T>, beside?: () => boolean): Promise<T> =>
    new Promise((resolve, reject) => {
      const lane = lanes.get(key) ?? { running: new Set(), waiting: [] };
      lanes.set(key, lane);
      lane.waiting.push({ run: () => Promise.resolve().then(work).then(resolve, reject), beside });
      look(key);
    });
  // What arrives in the same moment is there before the first one begins.
  const look = (key: string) => queueMicrotask(() => next(key));
  return Object.assign(enter, { look });
}

const mayStart = ({ running }: Lane, { beside }: Work): boolean =>
  running.size === 0 || (beside !== undefined && [...running].every((one) => one.beside) && beside());
