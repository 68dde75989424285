/** The time that one operation may take, from its beginning: with all its requests, tries and waits. */
export interface Deadline {
  /** What `artifact-metadata:timeoutSeconds` says. */
  readonly seconds: number;
  /** Whole milliseconds, as timers take them; zero when it has passed. */
  left(): number;
}

export function startDeadline(seconds: number, now: () => number): Deadline {
  const end = now() + seconds * 1000;
  return { seconds, left: () => Math.max(Math.ceil(end - now()), 0) };
}
