import { noTimeLeft } from "./errors";

/** The time that one operation may take, from its beginning: with all its requests, tries and waits. */
export interface Deadline {
  /** What `artifact-metadata:timeoutSeconds` says. */
  readonly seconds: number;
  /** Milliseconds; zero when it has passed. */
  left(): number;
  /** Ends a request that is on its way, and whatever waits. */
  readonly signal: AbortSignal;
}

/** By the host's clock; what hangs is ended by a timer of its own, because nothing moves there. */
export function startDeadline(seconds: number, now: () => number): Deadline {
  const end = now() + seconds * 1000;
  const left = () => Math.max(end - now(), 0);
  let signal: AbortSignal | undefined;
  return {
    seconds,
    left,
    get signal() {
      return (signal ??= AbortSignal.timeout(left()));
    },
  };
}

/** What the work gives, if it gives it before the deadline. */
export function inTime<T>(work: Promise<T>, deadline: Deadline, request: string): Promise<T> {
  const { signal, seconds } = deadline;
  return new Promise((resolve, reject) => {
    const passed = () => reject(noTimeLeft({ request, again: false }, seconds));
    if (signal.aborted) passed();
    else signal.addEventListener("abort", passed, { once: true });
    void work.then(resolve, reject).finally(() => signal.removeEventListener("abort", passed));
  });
}
