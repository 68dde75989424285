/** If the record exists already, creating takes it over, and a message says so once. */
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

/** Of one record. */
export const reportAdoption = ({ info }: Pick<RunContext, "info">, what: string, createdAt = ""): void =>
  info(
    `The ${what} already existed, created at ${untrustedText(createdAt, 40)}: this resource has taken it over.`,
  );

/** Of entries of a set: one message for all that a write has adopted. */
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
