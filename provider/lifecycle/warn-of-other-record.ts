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
      ? "contains no record: its id and timestamps are unknown until the next refresh"
      : `names ${untrustedText(named)}; its id and timestamps are ignored`;
  context.warn(`${api} accepted ${accepted}, but its answer ${what}.`);
}
