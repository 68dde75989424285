/** Time that stands still until a test moves it; whoever sleeps wakes in order. */
import { setImmediate as settled } from "node:timers/promises";

export interface VirtualTime {
  now: () => number;
  sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
  /** Moves on, waking those whose time comes on the way. */
  advance: (milliseconds: number) => Promise<void>;
  /** How many sleep. */
  readonly sleeping: number;
}

interface Sleeper {
  due: number;
  wake: () => void;
}

export function virtualTime(start = Date.parse("2026-01-01T00:00:00Z")): VirtualTime {
  let now = start;
  let sleepers: Sleeper[] = [];
  const take = (sleeper: Sleeper) => (sleepers = sleepers.filter((other) => other !== sleeper));
  return {
    now: () => now,
    sleep: (milliseconds, signal) =>
      new Promise((wake, reject) => {
        const sleeper = { due: now + milliseconds, wake };
        sleepers.push(sleeper);
        signal?.addEventListener("abort", () => {
          take(sleeper);
          reject(new Error("aborted"));
        });
      }),
    async advance(milliseconds) {
      const end = now + milliseconds;
      await settled();
      for (;;) {
        const [next] = sleepers.filter(({ due }) => due <= end).sort((a, b) => a.due - b.due);
        if (!next) break;
        take(next);
        now = Math.max(now, next.due);
        next.wake();
        await settled();
      }
      now = end;
    },
    get sleeping() {
      return sleepers.length;
    },
  };
}
