/** Milliseconds since 1970. */
export type Clock = () => number;

export function clockFrom(now: () => number | Date = Date.now): Clock {
  return () => Number(now());
}

/** GitHub's timestamps have whole seconds. */
export function timestamp(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d{3}Z$/, "Z");
}

export interface TestClock {
  now: () => number;
  advance(milliseconds: number): void;
}

/** A clock that stands still until a test moves it. */
export function testClock(start: Date | number | string = "2026-01-01T00:00:00Z"): TestClock {
  let time = new Date(start).getTime();
  return {
    now: () => time,
    advance: (milliseconds) => {
      time += milliseconds;
    },
  };
}
