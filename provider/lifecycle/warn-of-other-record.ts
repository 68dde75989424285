import { untrustedText } from "../runtime/untrusted-text";
import type { RunContext } from "./run-context";

/** An answer that says that a write succeeded, and shows another record than the one that was written. */
export interface OtherRecord {
  api: "GitHub" | "Chainloop";
  /** What was written, in a user's words. */
  accepted: string;
  /** What the answer names in its place; undefined where it holds no record. */
  named: string | undefined;
}

export function warnOfOtherRecord(context: RunContext, { api, accepted, named }: OtherRecord): void {
  const what =
    named === undefined
      ? "holds no record: the ID and the times are not known until the next refresh"
      : `names ${untrustedText(named)}; that record's id and times are not taken for ours`;
  context.warn(`${api} accepted ${accepted}, but its answer ${what}.`);
}
