/** So many at once, then so many a second: a token bucket, kept as the time at which it is full. */
export interface Bucket {
  /** When the nth one from now may go. */
  next(nth: number): number;
  take(): void;
  /** From that time on at the steady rate, without a burst. */
  restart(time: number): void;
}

/** Sums of thirds of a second are not exact. */
const NEGLIGIBLE = 1e-3;

export function createBucket(perSecond: number, burst: number, time: () => number): Bucket {
  const interval = 1000 / perSecond;
  let full = time();
  return {
    next: (nth) => Math.max(time(), Math.ceil(full + (nth - burst) * interval - NEGLIGIBLE)),
    take() {
      full = Math.max(full, time()) + interval;
    },
    restart(from) {
      full = Math.max(full, from + (burst - 1) * interval);
    },
  };
}
