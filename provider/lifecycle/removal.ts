/**
 * What a removal may touch: decided in the lane of its writes, just before the request is sent. Read
 * docs/decisions/0002-ownership.md, "What the run knows", first.
 */
import { MissingArtifactError, NotFoundError } from "../github/errors";
import { ForbiddenError } from "../http/errors";
import { CONCURRENT_READS, mapBounded } from "../runtime/map-bounded";
import { listAtMost } from "../runtime/list-at-most";
import type { RunContext } from "./run-context";
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
   * The state has it as removed, or does not know whether it was ever written. There is something to do, or to report, only
   * where GitHub shows a later write: of a run that was cut off, or of an answer that was lost.
   */
  already?: boolean;
  /** The state has it as removed: that a list leaves it out does not show another writer. */
  isRemoved?: boolean;
  /** Second pass, after waiting for other resources' writes: what is still open is decided by what is listed. */
  isSecondPass: boolean;
  /** Whether a resource of another provider instance has had a whole run to write what it declares. */
  ownerHadRun: boolean;
  /** It was kept in an earlier run, because another resource declared it and had not written it: that one can have since. */
  isUnfinished?: boolean;
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

/** What to do about a record that a resource gives up. */
export type Verdict =
  /** Nobody declares it, and it is this resource's own. */
  | { kind: "remove" }
  /** It is declared and written, or another writer's: there is nothing to do. */
  | { kind: "leave" }
  /** Another resource declares it and had nothing to write: what it declares is written, for this one wrote something else. */
  | { kind: "restore"; content: object }
  /** Another resource declares it, and has not written it. */
  | { kind: "open" }
  /** Not known: the list failed. */
  | { kind: "failed"; error: unknown };

export interface RemovalQuestion<R extends Removal, L extends { updated_at?: string }> {
  org: string;
  removals: R[];
  /** Each digest is listed once, and again where another one's list had to wait after it. */
  list: (digest: string) => Promise<L[]>;
  /** How many lists have had to wait so far. */
  readWaits: () => number;
  find: (removal: R, live: L[]) => L | undefined;
  /** Whether another resource's declaration is what this one has written last. */
  isSame: (removal: R, content: object) => boolean;
}

/** Decided in the lane of the writes, just before the request is sent. */
export async function decideRemovals<R extends Removal, L extends { updated_at?: string }>(
  context: RunContext,
  question: RemovalQuestion<R, L>,
): Promise<Map<R, Verdict>> {
  const { removals } = question;
  const verdicts = new Map<R, Verdict>();
  const decide = (removal: R) => {
    const verdict = byDeclaration(context, removal, question);
    const isDeclared = verdict !== undefined;
    if (isDeclared && verdict.kind !== "look" && !(verdict.kind === "open" && removal.isSecondPass))
      return verdicts.set(removal, verdict);
    // In doubt a declared record is looked at, whatever the settings say of records that nobody declares.
    if (!isDeclared && !context.settings().verifyOwnership) return verdicts.set(removal, { kind: "remove" });
    return undefined;
  };
  const unclear = removals.filter((removal) => decide(removal) === undefined);
  const lists = await listEach(context, question, unclear);
  const left: Left[] = [];
  for (const removal of unclear) {
    // It can have been declared or written while the lists were read.
    if (decide(removal) !== undefined) continue;
    verdicts.set(removal, byList(context, question, removal, lists.get(removal.digest), left));
  }
  if (left.length > 0) context.warn(leftAlone(context, left));
  for (const [{ key }, { kind }] of verdicts) if (kind === "remove") context.declarations.markLost(key);
  return verdicts;
}

/** Undefined where nobody declares it: then what is live decides, as it does where it is to be looked at. */
function byDeclaration<R extends Removal, L extends { updated_at?: string }>(
  context: RunContext,
  removal: R,
  { isSame }: RemovalQuestion<R, L>,
): Verdict | { kind: "look" } | undefined {
  const declared = context.declarations.of(removal.key);
  switch (declared?.kind) {
    case "written":
    case "removed":
      return { kind: "leave" };
    case "unchanged":
      if (removal.isUnfinished && !declared.isOvertaken) return { kind: "look" };
      if (isSame(removal, declared.content) && !declared.isOvertaken) return { kind: "leave" };
      return { kind: "restore", content: declared.content };
    case "open":
      return { kind: "open" };
    default:
      return undefined;
  }
}

type Listed<L> = { live: L[] | undefined } | { error: unknown };
type Left = { what: string; reason: string };

/** Where reads wait all the time, the lists are never all fresh. */
const MOST_ROUNDS = 3;

async function listEach<R extends Removal, L extends { updated_at?: string }>(
  context: RunContext,
  { org, list, readWaits }: RemovalQuestion<R, L>,
  removals: R[],
): Promise<Map<string, Listed<L>>> {
  const consequence = "records are removed without a check whether another writer has taken them over";
  const lists = new Map<string, Listed<L>>();
  const waitsBefore = new Map<string, number>();
  let unread = [...new Set(removals.map(({ digest }) => digest))];
  for (let round = 0; round < MOST_ROUNDS && unread.length > 0; round++) {
    await mapBounded(unread, CONCURRENT_READS, async (digest) => {
      const listed = await listIfAllowed(context, org, consequence, () => list(digest)).then(
        (live): Listed<L> => ({ live }),
        (error: unknown): Listed<L> => ({ error }),
      );
      lists.set(digest, listed);
      waitsBefore.set(digest, readWaits());
    });
    unread = [...lists].flatMap(([digest, listed]) =>
      "live" in listed && waitsBefore.get(digest) !== readWaits() ? [digest] : [],
    );
  }
  return lists;
}

function byList<R extends Removal, L extends { updated_at?: string }>(
  context: RunContext,
  { find }: RemovalQuestion<R, L>,
  removal: R,
  listed: Listed<L> | undefined,
  left: Left[],
): Verdict {
  if (listed && "error" in listed) return { kind: "failed", error: listed.error };
  const declared = context.declarations.of(removal.key);
  const isOpen = declared?.kind === "open";
  const live = listed?.live && find(removal, listed.live);
  // Once: the owner of what was kept in an earlier run has had a run to write it.
  const isOwn = live === undefined && removal.isRemoved === true && !(isOpen && removal.isUnfinished);
  const reason = isOwn ? undefined : takenOver(live, removal.ownWrite);
  if (declared?.kind === "unchanged") {
    // Otherwise this resource's own write is there, of which the state may not have all.
    const isWrittenSince = listed?.live !== undefined && reason !== undefined;
    return isWrittenSince ? { kind: "leave" } : { kind: "restore", content: declared.content };
  }
  if (listed?.live === undefined) {
    if (!isOpen) return { kind: "remove" };
    left.push({ what: removal.what, reason: DECLARED });
    return { kind: "leave" };
  }
  if (isOpen) {
    // Otherwise whoever declares it has written it since, where this process does not see it.
    if (reason === undefined && !(declared.isElsewhere && removal.ownerHadRun)) return { kind: "open" };
    if (reason === undefined) left.push({ what: removal.what, reason: OF_ANOTHER_PROVIDER });
    // No list shows whether it has: it is written once more.
    if (live === undefined) context.declarations.markLost(removal.key);
    return { kind: "leave" };
  }
  const done = removal.already && (live === undefined || reason === undefined);
  if (reason !== undefined && !done) left.push({ what: removal.what, reason });
  return { kind: reason === undefined && !done ? "remove" : "leave" };
}

const DECLARED = "another resource of this program declares it";

/** Whether that one has written it is not known here. If it has nothing to write, the content is this resource's. */
export const OF_ANOTHER_PROVIDER =
  "a resource of this program with another provider declares it, and this resource wrote it last; if that resource " +
  "declares other content, run pulumi up --replace with its URN";

/** The warning about records that were left. The first one says what to do, unless other resources declare all of them. */
export function leftAlone(context: RunContext, left: Left[]): string {
  const [first] = left;
  const reasons = left.map(({ what, reason }) => `${what}: ${reason}`);
  const what =
    left.length === 1 && first
      ? `The ${first.what} was left as it is: ${first.reason}.`
      : `${left.length} records were left as they are: ${listAtMost(reasons, "; ")}.`;
  const isDeclared = left.every(({ reason }) => reason === DECLARED || reason === OF_ANOTHER_PROVIDER);
  return isDeclared ? what : what + context.once(WHAT_TO_DO);
}

const WHAT_TO_DO =
  " Its current owner must decommission it. If it has none, because another resource of this program wrote it and no longer " +
  "declares it, or because an earlier removal failed, declare it again and remove it. " +
  "(artifact-metadata:verifyOwnership=false removes records without this check.)";
