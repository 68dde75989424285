/** A record, and what lists still show of it before they have caught up with the last write. */
export interface EventuallyConsistent<T> {
  current: T;
  /** What lists show until then. */
  listed: T | undefined;
  writtenAt: number;
  /** Lists that were answered without the write. */
  reads: number;
  /** As it was when the record was written. */
  replicationLag: ReplicationLag;
}

export interface ReplicationLag {
  reads?: number;
  milliseconds?: number;
}

function hasPassed<T>(record: EventuallyConsistent<T>, lag: ReplicationLag, now: number): boolean {
  return record.reads >= (lag.reads ?? 0) && now - record.writtenAt >= (lag.milliseconds ?? 0);
}

/** What lists have shown stays visible where a test lengthens the lag: a longer one is for later writes. */
export function listedValue<T>(
  record: EventuallyConsistent<T>,
  lag: ReplicationLag,
  now: number,
): T | undefined {
  const caughtUp = hasPassed(record, record.replicationLag, now) || hasPassed(record, lag, now);
  return caughtUp ? record.current : record.listed;
}

export function write<T>(
  before: EventuallyConsistent<T> | undefined,
  current: T,
  lag: ReplicationLag,
  now: number,
): EventuallyConsistent<T> {
  const listed = before && listedValue(before, lag, now);
  return { current, listed, writtenAt: now, reads: 0, replicationLag: { ...lag } };
}
