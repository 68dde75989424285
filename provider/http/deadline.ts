import type { Interruption } from "../runtime/interruption";
import { noTimeLeft } from "./errors";

/** The time that one operation may take, from its beginning: with all its requests, tries and waits. */
export interface Deadline {
  /** What `artifact-metadata:timeoutSeconds` says. */
  readonly seconds: number;
  /** Pulumi was interrupted: nothing more is sent. */
  readonly interrupted: boolean;
  /** Milliseconds; zero when it has passed. */
  left(): number;
  /** Ends whatever waits. */
  readonly signal: AbortSignal;
  /** Ends a request that is on its way. */
  readonly inFlight: AbortSignal;
}

/** By the host's clock; what hangs is ended by a timer of its own, because nothing moves there. */
export function startDeadline(seconds: number, now: () => number, interruption?: Interruption): Deadline {
  const end = now() + seconds * 1000;
  const left = () => Math.max(end - now(), 0);
  let timer: AbortSignal | undefined;
  const or = (other: AbortSignal | undefined) => {
    timer ??= AbortSignal.timeout(Math.ceil(left()));
    return other ? AbortSignal.any([timer, other]) : timer;
  };
  let signal: AbortSignal | undefined;
  let inFlight: AbortSignal | undefined;
  return {
    seconds,
    get interrupted() {
      return interruption?.begun.aborted ?? false;
    },
    left,
    get signal() {
      return (signal ??= or(interruption?.begun));
    },
    get inFlight() {
      return (inFlight ??= or(interruption?.patience));
    },
  };
}

/** What the work gives, if it gives it before the deadline. */
export function inTime<T>(work: Promise<T>, deadline: Deadline, requestLine: string): Promise<T> {
  const { signal } = deadline;
  return new Promise((resolve, reject) => {
    const passed = () => reject(noTimeLeft({ requestLine }, deadline));
    if (signal.aborted) passed();
    else signal.addEventListener("abort", passed, { once: true });
    void work.then(resolve, reject).finally(() => signal.removeEventListener("abort", passed));
  });
}
