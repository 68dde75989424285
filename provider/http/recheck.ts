/** Decides again what a request is to do, where it had to wait after that was decided. */

/** After a wait there was nothing left to do: no request was sent. */
export class NothingLeftError extends Error {}

/** What is to be sent now, in the place of what was decided before a wait; undefined: nothing. */
export type Recheck<T> = (before: T) => Promise<T | undefined>;

/**
 * The parts of an operation that send `first`, or what a recheck puts in its place. `isUndecided`: it is asked before the
 * first try too, so that no wait lies between what it finds and the request.
 */
export function rechecked<T>(first: T, recheck: Recheck<T> | undefined, isUndecided = false) {
  const now = { value: first };
  const beforeSend = async (waited: boolean) => {
    if (!(waited || isUndecided) || recheck === undefined) return;
    const next = await recheck(now.value);
    if (next === undefined) throw new NothingLeftError("nothing is left to be sent");
    now.value = next;
  };
  return { now, beforeSend: recheck && beforeSend };
}

/** What the request gives; undefined where nothing was left to be sent. */
export async function unlessNothingLeft<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof NothingLeftError) return undefined;
    throw error;
  }
}
