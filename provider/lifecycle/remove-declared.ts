/** What the removals of single records have in common; `removal.ts` decides them. */
import { unlessNothingLeft } from "../http/recheck";
import type { Recheck } from "../http/recheck";
import { ProviderError } from "../runtime/errors";
import type { Removal, Verdict } from "./removal";
import type { RunContext } from "./run-context";
import { failedDeletion, mayBeWritten } from "./unknown-outcome";

/**
 * Removes a record, and once more where another resource declares it and has not written it yet: its write can still be on
 * its way. `pass` says whether that is so.
 *
 * @throws ProviderError where it is so at the end of the run too
 */
export async function removeInTwoPasses(
  { declarations }: RunContext,
  { key, what }: Pick<Removal, "key" | "what">,
  pass: (isSecondPass: boolean) => Promise<boolean>,
): Promise<void> {
  const sent = (isSecondPass: boolean) =>
    pass(isSecondPass).catch((error: unknown) => {
      throw mayBeWritten(error) ? failedDeletion(error.message) : error;
    });
  if (!(await sent(false))) return;
  await declarations.settled([key]);
  if (await sent(true)) throw stillOpen(what);
}

/** A deletion whose record another resource declares and has not written. */
export const stillOpen = (what: string, isOne = true) =>
  new ProviderError(
    `Another resource of this program declares the ${what} and has not written ${isOne ? "it" : "them"}: ` +
      `this resource stays in the state until that one has. Fix the error of that resource, and run the same command again. If it has no error, it waits ` +
      `for this one: run once without \`--parallel 1\` and \`--replace\`, or without a dependency between the two.`,
  );

export interface DecidedWrite<T> {
  key: string;
  /** The request that removes the record. */
  removed: T;
  /** The request that writes what another resource declares. */
  restored: (content: object) => T;
  decide: () => Promise<Verdict>;
  /** Sends `first`, or what a recheck puts in its place. */
  send: (first: T, options: { recheck: Recheck<T>; isUndecided: boolean }) => Promise<unknown>;
}

/** Sends the decided write for a removed record, and decides again after each wait. Returns the last verdict. */
export async function sendDecided<T>(
  { declarations }: RunContext,
  { key, removed, restored, decide, send }: DecidedWrite<T>,
): Promise<Verdict["kind"]> {
  let verdict: Verdict = { kind: "remove" };
  const recheck = async () => {
    verdict = await decide();
    if (verdict.kind === "failed") throw verdict.error;
    if (verdict.kind === "restore") return restored(verdict.content);
    return verdict.kind === "remove" ? removed : undefined;
  };
  // A list is read when its turn to write has come; what the run knows needs none.
  const isUndecided = declarations.of(key) === undefined;
  const first = isUndecided ? removed : await recheck();
  if (first !== undefined) await unlessNothingLeft(send(first, { recheck, isUndecided }));
  return verdict.kind;
}
