/** A record, and what lists still show of it while they lag behind. */
export interface Kept<T> {
  current: T;
  shown: T | undefined;
  writtenAt: number;
  /** Lists that were answered without the write. */
  reads: number;
  /** The lag when it was written. */
  lag: Lag;
}

export interface Lag {
  reads?: number;
  milliseconds?: number;
}

function passed<T>(kept: Kept<T>, lag: Lag, now: number): boolean {
  return kept.reads >= (lag.reads ?? 0) && now - kept.writtenAt >= (lag.milliseconds ?? 0);
}

/** A rule that a test changes must not hide again what lists have shown: a longer lag is for later writes. */
function caughtUp<T>(kept: Kept<T>, lag: Lag, now: number): boolean {
  return passed(kept, kept.lag, now) || passed(kept, lag, now);
}

export function shownInLists<T>(kept: Kept<T>, lag: Lag, now: number): T | undefined {
  return caughtUp(kept, lag, now) ? kept.current : kept.shown;
}

export function written<T>(before: Kept<T> | undefined, current: T, lag: Lag, now: number): Kept<T> {
  return {
    current,
    shown: before && shownInLists(before, lag, now),
    writtenAt: now,
    reads: 0,
    lag: { ...lag },
  };
}
