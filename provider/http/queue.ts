/** Requests that wait for their turn, first come, first served; so many at once. */
import type { Deadline } from "./deadline";
import { noTimeLeft } from "./errors";

export interface Waiting {
  /** `POST /orgs/acme/…`, for messages. */
  requestLine: string;
  deadline: Deadline;
  /** It had its turn before: the next one comes before those that had none. */
  again: boolean;
  /** It was sent then. */
  sent?: boolean;
}

export interface Queue {
  readonly length: number;
  /** Resolves when the request may be sent, with what is to be called when it has ended. */
  enter(waiting: Waiting): Promise<() => void>;
  /** Ends the waits for which there is an error. */
  refuse(reason: (waiting: Waiting) => Error | undefined): void;
}

export interface Pace {
  time(): number;
  /** When the first in the queue may be sent, were no others on their way. */
  next(): number;
  taken(): void;
  sleepUntil(time: number, signal: AbortSignal): Promise<void>;
}

interface Waiter {
  waiting: Waiting;
  start(): void;
  fail(error: Error): void;
}

export function createQueue(atOnce: number, pace: Pace): Queue {
  const waiters: Waiter[] = [];
  let running = 0;
  let sleep: AbortController | undefined;

  async function pump(): Promise<void> {
    if (sleep) return;
    while (waiters.length > 0 && running < atOnce) {
      const at = pace.next();
      if (at > pace.time()) {
        sleep = new AbortController();
        await pace.sleepUntil(at, sleep.signal).catch(() => undefined);
        sleep = undefined;
        continue;
      }
      pace.taken();
      running += 1;
      waiters.shift()?.start();
    }
  }

  const ended = () => {
    running -= 1;
    void pump();
  };

  function leave(waiter: Waiter): void {
    waiters.splice(waiters.indexOf(waiter), 1);
    // A timer that nobody waits for would keep the process alive.
    if (waiters.length === 0) sleep?.abort();
  }

  return {
    get length() {
      return waiters.length;
    },
    enter: (waiting) =>
      new Promise((resolve, reject) => {
        const { signal } = waiting.deadline;
        const passed = () => waiter.fail(noTimeLeft(waiting, waiting.deadline));
        const waiter: Waiter = {
          waiting,
          start() {
            signal.removeEventListener("abort", passed);
            resolve(ended);
          },
          fail(error) {
            signal.removeEventListener("abort", passed);
            leave(waiter);
            reject(error);
          },
        };
        if (waiting.again) waiters.unshift(waiter);
        else waiters.push(waiter);
        signal.addEventListener("abort", passed, { once: true });
        if (signal.aborted) passed();
        else void pump();
      }),
    refuse(reason) {
      for (const waiter of [...waiters]) {
        const error = reason(waiter.waiting);
        if (error) waiter.fail(error);
      }
    },
  };
}
