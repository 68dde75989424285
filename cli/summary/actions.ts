/** What a write comes to, in one word. */
import type { Recorded } from "./records";
import type { Action } from "./types";

const FINAL = new Map<unknown, Action>([
  ["decommissioned", "decommissioned"],
  ["eol", "end of life"],
  ["deleted", "deleted"],
]);

/** Nothing was written of it, or nothing is left to write. */
export function staysAsItIs({ side: { status }, fields }: Recorded): boolean {
  return (
    ["decommissioned", "superseded", "deleted", "not recorded"].some((final) => final === status) ||
    status === fields.onDelete
  );
}

/** At least one of the two is there. */
export function actionOf(before: Recorded | undefined, after: Recorded | undefined): Action {
  if (after === undefined) return removal(before);
  const final = FINAL.get(after.side.status);
  const old = before?.side.status;
  if (final !== undefined && old !== after.side.status) return final;
  if (before === undefined || old === "not recorded" || (FINAL.has(old) && final === undefined))
    return after.kind === "storage" ? "stored" : "deployed";
  return before?.urn === after.urn ? "updated" : "moved";
}

function removal(record: Recorded | undefined): Action {
  if (record?.kind !== "storage") return "decommissioned";
  return FINAL.get(record.fields.onDelete) ?? "deleted";
}
