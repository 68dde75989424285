/** A create that finds its record there already takes it over, which the user is told once. */
import { listAtMost } from "../runtime/list-at-most";
import { untrustedText } from "../runtime/untrusted-text";
import type { RunContext } from "./run-context";

/** What the API says of a record that was just written. */
export interface Times {
  createdAt?: string;
  updatedAt?: string;
}

/** Times are in whole seconds: a record that is created now can seem to be up to one older. */
const WHOLE_SECONDS = 1_000;

/**
 * Whether the record was there before the write began. Only the server's times are compared, and how long the write took.
 *
 * @param milliseconds Since the write began.
 */
export const isAdopted = ({ createdAt, updatedAt }: Times, milliseconds: number): boolean =>
  Date.parse(createdAt ?? "") < Date.parse(updatedAt ?? "") - milliseconds - WHOLE_SECONDS;

interface Create<O> {
  key: string;
  /** The record in a user's words. */
  what: string;
  write: () => Promise<O>;
}

/** Runs the create of one record. What this run itself has given up or removed before is not taken over. */
export async function reportingAdoption<O extends Times | undefined>(
  { info, now, declarations }: Pick<RunContext, "info" | "now" | "declarations">,
  { key, what, write }: Create<O>,
): Promise<O> {
  const [begun, isOwn] = [now(), declarations.isLost(key)];
  const outs = await write();
  if (outs !== undefined && !isOwn && isAdopted(outs, now() - begun))
    info(
      `The ${what} already existed, created at ${untrustedText(outs.createdAt ?? "", 40)}: this resource has taken it over.`,
    );
  return outs;
}

/** Of entries of a set: one message for all that one write has taken over. */
export function reportAdoptions(
  { info }: Pick<RunContext, "info">,
  cluster: string,
  adopted: { name: string; createdAt: string }[],
): void {
  if (adopted.length === 0) return;
  const named = adopted.map(
    ({ name, createdAt }) => `"${untrustedText(name)}" (${untrustedText(createdAt, 40)})`,
  );
  const [count, them] = adopted.length === 1 ? ["1 record", "it"] : [`${adopted.length} records`, "them"];
  info(
    `Cluster ${cluster}: ${count} already existed, and this set has taken ${them} over. Created: ` +
      `${listAtMost(named, ", ", " and")}.`,
  );
}
