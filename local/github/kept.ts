/** A record, and what lists still show of it while they lag behind. */
export interface Kept<T> {
  current: T;
  shown: T | undefined;
  writtenAt: number;
  /** Lists that were answered without the write. */
  reads: number;
}

export interface Lag {
  reads?: number;
  milliseconds?: number;
}

function caughtUp<T>(kept: Kept<T>, lag: Lag, now: number): boolean {
  return kept.reads >= (lag.reads ?? 0) && now - kept.writtenAt >= (lag.milliseconds ?? 0);
}

export function shownInLists<T>(kept: Kept<T>, lag: Lag, now: number): T | undefined {
  return caughtUp(kept, lag, now) ? kept.current : kept.shown;
}

export function written<T>(before: Kept<T> | undefined, current: T, lag: Lag, now: number): Kept<T> {
  return { current, shown: before && shownInLists(before, lag, now), writtenAt: now, reads: 0 };
}
