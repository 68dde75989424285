/** A token bucket: so many at once, then so many a second. */
export interface Bucket {
  /** When the nth one from now may go. */
  next(nth: number): number;
  take(): void;
  /** From that time on at the steady rate, without a burst. */
  restart(time: number): void;
}

export function createBucket(perSecond: number, burst: number, time: () => number): Bucket {
  let tokens = burst;
  let at = time();
  const refill = () => {
    const now = time();
    if (now <= at) return;
    tokens = Math.min(burst, tokens + ((now - at) * perSecond) / 1000);
    at = now;
  };
  return {
    next(nth) {
      refill();
      return tokens >= nth ? at : at + Math.ceil(((nth - tokens) * 1000) / perSecond);
    },
    take() {
      refill();
      tokens -= 1;
    },
    restart(time) {
      tokens = 1;
      at = Math.max(at, time);
    },
  };
}
