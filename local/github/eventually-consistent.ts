import type { Rules } from "./options";

/** A record, and what lists still show of it before they have caught up with the last write. */
export interface EventuallyConsistent<T> {
  current: T;
  /** What lists show until then. */
  listed: T | undefined;
  /** Lists that were answered without the write. */
  reads: number;
  /** As it was when the record was written. */
  replicationLag: Rules["listLag"];
}

/** What lists have shown stays visible where a test lengthens the lag: a longer one is for later writes. */
export function listedValue<T>(record: EventuallyConsistent<T>, lag: Rules["listLag"]): T | undefined {
  const awaited = Math.min(record.replicationLag.reads ?? 0, lag.reads ?? 0);
  return record.reads >= awaited ? record.current : record.listed;
}

export function write<T>(
  before: EventuallyConsistent<T> | undefined,
  current: T,
  lag: Rules["listLag"],
): EventuallyConsistent<T> {
  const listed = before && listedValue(before, lag);
  return { current, listed, reads: 0, replicationLag: { ...lag } };
}
