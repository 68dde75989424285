/** What a removal may touch: decided in the lane of its writes, just before the request is sent. */
import { MissingArtifactError, NotFoundError } from "../github/errors";
import { ForbiddenError } from "../http/errors";
import { CONCURRENT_READS, mapBounded } from "../runtime/map-bounded";
import type { RunContext } from "./run-context";
import { listAtMost } from "../runtime/list-at-most";
import { takenOver } from "./ownership";

export interface Removal {
  /** The record in a user's words. */
  what: string;
  /** Its identity, as it is claimed. */
  key: string;
  digest: string;
  /** When this resource last wrote it, by the server's clock. */
  ownWrite: string | undefined;
  /**
   * The state has it as removed. A run that was cut off may have written it since: there is something to do, or to report,
   * only where GitHub shows a later write.
   */
  already?: boolean;
}

/**
 * What is listed; undefined where the token may not see it: then nothing is concluded from its absence, and the user
 * is told the consequence. Where there is none to tell, it is an error.
 */
export async function listIfAllowed<T>(
  context: RunContext,
  whose: string,
  consequence: string | undefined,
  list: () => Promise<T[]>,
): Promise<T[] | undefined> {
  try {
    return await list();
  } catch (error) {
    if (error instanceof MissingArtifactError) return [];
    const hidden = error instanceof ForbiddenError || error instanceof NotFoundError;
    if (!hidden || consequence === undefined) throw error;
    // The messages differ in the request's id alone.
    const what = `The records of ${whose} cannot be read, so ${consequence}`;
    context.warn(`${what}. ${error.message}`, what);
    return undefined;
  }
}

/**
 * Those records that are this resource's to remove: no other resource of this run declares them, and no other
 * writer has written them since. Each digest is asked for once.
 */
export async function removable<R extends Removal, L extends { updated_at?: string }>(
  context: RunContext,
  org: string,
  removals: R[],
  list: (digest: string) => Promise<L[]>,
  find: (removal: R, live: L[]) => L | undefined,
): Promise<R[]> {
  const free = removals.filter((removal) => !context.claims.claimed(removal.key));
  if (!context.settings().verifyOwnership) return free;
  const digests = [...new Set(free.map((removal) => removal.digest))];
  const lists = await mapBounded(digests, CONCURRENT_READS, (digest) =>
    listIfAllowed(context, org, "it is not known whether another writer took over what is removed now", () =>
      list(digest),
    ),
  );
  const byDigest = new Map(digests.map((digest, index) => [digest, lists[index]]));
  const left: { what: string; reason: string }[] = [];
  const ours = free.filter((removal) => {
    const listed = byDigest.get(removal.digest);
    if (listed === undefined) return true;
    const live = find(removal, listed);
    const reason = takenOver(live, removal.ownWrite);
    const done = removal.already && (live === undefined || reason === undefined);
    if (reason !== undefined && !done) left.push({ what: removal.what, reason });
    return reason === undefined && !done;
  });
  if (left.length > 0) context.warn(leftAlone(context, left));
  return ours;
}

/** What the user is told of records that are not removed; the first time, what to do too. */
export function leftAlone(context: RunContext, left: { what: string; reason: string }[]): string {
  const [first] = left;
  const reasons = left.map(({ what, reason }) => `${what}: ${reason}`);
  const what =
    left.length === 1 && first
      ? `The ${first.what} was left as it is: ${first.reason}.`
      : `${left.length} records were left as they are: ${listAtMost(reasons, "; ")}.`;
  return what + context.once(WHAT_TO_DO);
}

const WHAT_TO_DO =
  " Whoever writes it now has to decommission it, unless a removal that failed before this one has done so; if nobody " +
  "does, declare it once more and remove it. (artifact-metadata:verifyOwnership=false removes without looking.)";
