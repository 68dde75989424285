/** What users change in their programs. */
import { RECORDS } from "./layout";
import type { Layout, Placed } from "./layout";
import type { Edit } from "./scenario";

export function edit({ records, sets, storage, chainloop }: Layout, change: Edit): void {
  if ("chainloop" in change) chainloop[change.chainloop] = change.as;
  else if ("storage" in change) storage[change.storage] = change.as;
  else if ("set" in change) sets[change.set] = change.place;
  else if ("as" in change) records[change.record] = change.as;
  else if ("moves" in change) put(records, change.record, change.moves);
  else for (const index of RECORDS.keys()) put(records, index, { artifact: change.release });
}

function put(records: Layout["records"], index: number, more: Partial<Placed>): void {
  const before = records[index];
  if (before) records[index] = { ...before, ...more };
}
