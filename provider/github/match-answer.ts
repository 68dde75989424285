/** What the answer to a call for a cluster, or a job's, says of each entry that was sent. */
import { groupBy } from "../runtime/values";
import type { FailedEntry, RecordAnswer } from "./schemas";
import type { DeploymentEntry } from "./wire";

export type Said =
  | { kind: "written" }
  | { kind: "failed"; failure: FailedEntry }
  /** It may have failed: the answer does not show it as written, and names no failure that is certainly its own. */
  | { kind: "unclear"; failure?: FailedEntry };

export interface AnswerToMatch {
  /** Those that were sent. */
  entries: DeploymentEntry[];
  records: RecordAnswer[];
  failed: FailedEntry[];
  /** All were written, unless failures are named. */
  isSuccess: boolean;
}

/** A failure can have the digest without its algorithm, or in upper case. */
const bare = (digest: string) => digest.toLowerCase().replace(/^sha256:/, "");
const loose = (name: string) => name.trim().normalize("NFC").toLowerCase();
const isAlike = (entry: DeploymentEntry, name: string) => loose(entry.deployment_name) === loose(name);

/** By deployment name. Nothing counts as written that an answer with a failure of unknown entries does not show. */
export function matchAnswer({ entries, records, failed, isSuccess }: AnswerToMatch): Map<string, Said> {
  const said = new Map<string, Said>();
  const digests = new Map(entries.map((entry) => [entry.deployment_name, entry.digest]));
  const shown = new Set(
    records.flatMap(({ deployment_name: name, digest }) => (digests.get(name) === digest ? [name] : [])),
  );
  let isMatched = isSuccess || failed.length > 0;
  const meantBy = createMatcher(entries, shown);
  const seen = new Set<DeploymentEntry[]>();
  for (const failure of failed) {
    const meant = meantBy(failure);
    if (meant.length === 0) isMatched = false;
    // Thousands of entries can have one digest, and as many failures can name it alone.
    if (meant.length > 1 && seen.has(meant)) continue;
    seen.add(meant);
    const kind = meant.length === 1 ? "failed" : "unclear";
    for (const { deployment_name: name } of meant) said.set(name, { kind, failure });
  }
  // An answer that shows records shows all that were written.
  const isWhole = isMatched && (records.length === 0 || (isSuccess && failed.length === 0));
  for (const { deployment_name: name } of entries)
    if (!said.has(name)) said.set(name, { kind: shown.has(name) || isWhole ? "written" : "unclear" });
  return said;
}

/** The entries that a failure can be about. Each way to compare them goes through all of them once. */
function createMatcher(entries: DeploymentEntry[], shown: Set<string>) {
  const indexed = (keyOf: (entry: DeploymentEntry) => string, among: DeploymentEntry[]) => {
    let index: Map<string, DeploymentEntry[]> | undefined;
    return (key: string) => (index ??= groupBy(among, keyOf)).get(key) ?? [];
  };
  const open = entries.filter((entry) => !shown.has(entry.deployment_name));
  const named = indexed((entry) => entry.deployment_name, entries);
  const alike = indexed((entry) => loose(entry.deployment_name), open);
  const ofDigest = indexed((entry) => bare(entry.digest), open);
  return ({ deployment }: FailedEntry): DeploymentEntry[] => {
    const { deployment_name: name, digest } = deployment ?? {};
    // The failure of the only entry, unless that is shown and the failure names another.
    if (entries.length === 1)
      return entries.filter((entry) => open.includes(entry) || !name || isAlike(entry, name));
    const exact = name === undefined ? [] : named(name);
    if (exact.length > 0) return exact;
    const similar = name === undefined ? [] : alike(loose(name));
    return similar.length > 0 || digest === undefined ? similar : ofDigest(bare(digest));
  };
}
