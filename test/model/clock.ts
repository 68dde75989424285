/** Time, and whatever waits: which request arrives next, which answer, whose pause ends. A seed decides. */
import { setImmediate as settled } from "node:timers/promises";
import { testClock } from "../../local/github";
import type { TestClock } from "../../local/github";

export const newClock = (): TestClock => testClock();

/** Numbers from 0 up to 1, the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export interface Schedule {
  /** Resolves when its turn comes: never, once the run was killed. */
  turn(): Promise<void>;
  /** A pause, on the clock of the model. */
  pause(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** Lets one thing happen after the other until the work is done; "killed" where it was not to be done. */
  drive<T>(work: Promise<T>): Promise<T | "killed">;
  /** Whether the run has ended, one way or the other. */
  dead(): boolean;
}

interface Pause {
  due: number;
  end: () => void;
}

/** Pauses on the clock of the model. */
function createPauses(clock: TestClock) {
  const pauses: Pause[] = [];
  return {
    add: (milliseconds: number, signal?: AbortSignal) =>
      new Promise<void>((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason as Error);
        const pause: Pause = {
          due: clock.now() + milliseconds,
          end() {
            signal?.removeEventListener("abort", abort);
            resolve();
          },
        };
        const abort = () => {
          pauses.splice(pauses.indexOf(pause), 1);
          reject(signal?.reason as Error);
        };
        signal?.addEventListener("abort", abort, { once: true });
        pauses.push(pause);
      }),
    isEmpty: () => pauses.length === 0,
    /** False where there is none. */
    endFirst(): boolean {
      const first = pauses.sort((a, b) => a.due - b.due).shift();
      if (!first) return false;
      clock.advance(Math.max(0, first.due - clock.now()));
      first.end();
      return true;
    },
  };
}

/** Work that is neither a request nor a pause ends in a few turns of the event loop. */
const MOST_IDLE = 1_000;

/** `killAt`: the step before which everything in memory is lost. `before` is called before each step. */
export function createSchedule(
  clock: TestClock,
  seed: number,
  killAt = Infinity,
  before: (step: number) => void = () => undefined,
): Schedule {
  const random = randomFrom(seed);
  const turns: (() => void)[] = [];
  const pauses = createPauses(clock);
  let steps = 0;
  let dead = false;

  const next = (): boolean => {
    if (turns.length === 0 || (!pauses.isEmpty() && random() < 0.2)) return pauses.endFirst();
    // Requests take time: some of them more than the second in which GitHub counts.
    clock.advance(Math.floor(random() * 700));
    turns.splice(Math.floor(random() * turns.length), 1)[0]?.();
    return true;
  };
  return {
    turn: () => new Promise((resolve) => turns.push(resolve)),
    pause: (milliseconds, signal) => pauses.add(milliseconds, signal),
    async drive(work) {
      let done = false;
      const mark = () => void (done = true);
      work.then(mark, mark);
      const isDone = () => done;
      for (let idle = 0; !isDone();) {
        await settled();
        if (isDone()) break;
        if (++steps > killAt) {
          dead = true;
          return "killed";
        }
        before(steps);
        if (next()) idle = 0;
        else if (++idle > MOST_IDLE) throw new Error("the run waits for something that never comes");
      }
      return work;
    },
    dead: () => dead,
  };
}
