/** What users change in their programs. */
import { RECORDS } from "./layout";
import type { Layout, Options, Placed } from "./layout";
import type { Edit } from "./scenario";

export function edit({ records, sets, storage, chainloop, options }: Layout, change: Edit): void {
  if ("options" in change) setOptions(options, change.options, change.as);
  else if ("chainloop" in change) chainloop[change.chainloop] = change.as;
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

/** Without a circle of dependencies. */
function setOptions(all: Layout["options"], name: string, options: Options): void {
  all[name] = options;
  const seen = new Set([name]);
  for (let next = options.dependsOn; next !== undefined; next = all[next]?.dependsOn) {
    if (seen.has(next)) all[name] = { ...options, dependsOn: undefined };
    if (seen.has(next)) return;
    seen.add(next);
  }
}
