/** What a write leaves behind: the new state of a set, or an error that carries it. */
import { missingArtifactCauses } from "../github/errors";
import type { RecordAnswer } from "../github/schemas";
import type { EntryOutcome, Outcomes } from "./write-cluster";
import { ProviderError } from "../runtime/errors";
import type { RunContext } from "../lifecycle/run-context";
import { mayBeWritten, withState } from "../lifecycle/unknown-outcome";
import { unwritten } from "../lifecycle/write-declared";
import { listAtMost, MAX_LISTED } from "../runtime/list-at-most";
import { compact, pick } from "../runtime/values";
import { entryKey, setIdentity } from "./identity";
import { entryOf, sameEntry, withStatus, writableEntry } from "./entry";
import { decodeRecord, encodeRecord } from "./record-codec";
import type { Recorded, SetInputs, SetOutputs } from "./fields";
import { safeMessage } from "../runtime/untrusted-text";

export const recordText = (record: RecordAnswer | undefined, updatedAt: string | undefined): string =>
  encodeRecord({ recordId: record?.id, attestationId: record?.attestation_id, updatedAt });

/** What became of the changes of one pass. */
export interface SendResult {
  outcomes: Outcomes;
  /** Entries that were to be removed and are still there. */
  notRemoved: Set<string>;
  /** Those of them that another resource declares and has not written. */
  open: string[];
  stopped?: unknown;
  total: number;
}

/**
 * What GitHub has now, as far as it is known, and why some of it is not what was declared. A former value that was not
 * replaced can be a secret that is declared as one no more: it is left out (see `unwritten`).
 */
export function stateAfter(
  context: RunContext,
  olds: SetOutputs,
  news: SetInputs,
  { outcomes, notRemoved, stopped }: SendResult,
) {
  const lenient = context.settings().onMissingArtifact === "warn";
  const outs: SetOutputs = { ...pick(news, setIdentity.fields), deployments: {}, records: {} };
  const skipped: string[] = [];
  const stay: string[] = [];
  const failed: Failed[] = [];
  const keep = (name: string, deployment: Recorded | undefined, record: string | undefined) => {
    if (deployment !== undefined) outs.deployments[name] = deployment;
    if (record !== undefined) outs.records[name] = record;
  };
  const isWhole = stopped === undefined;
  let isUncertain = false;
  // It may have been written, or this run has removed its record: the next run writes it, whatever is declared then.
  const isUnknown = (name: string, entry: Recorded, outcome: EntryOutcome | undefined) => {
    const isOther = () => !sameEntry(entryOf(olds.deployments, name), entry);
    if (outcome !== undefined) return outcome.kind === "failed" && outcome.mayBeWritten === true && isOther();
    return (
      !isWhole && (context.declarations.isLost(entryKey(news, name)) || (mayBeWritten(stopped) && isOther()))
    );
  };
  // A removal needs the version.
  const notWritten = (entry: Recorded, name: string) =>
    unwritten(entry, entryOf(news.deployments, name) ?? { version: entry.version });
  for (const name of [...Object.keys(news.deployments), ...notRemoved]) {
    const outcome = outcomes.get(name);
    if (outcome?.kind === "written") {
      const { record, date } = outcome;
      const entry = entryOf(news.deployments, name);
      keep(name, entry && writableEntry(entry), recordText(record, record?.updated_at ?? date));
      continue;
    }
    if (outcome?.kind === "running") {
      const isRemoval = notRemoved.has(name);
      const entry = entryOf(isRemoval ? olds.deployments : news.deployments, name);
      outs.job ??= { id: outcome.jobId, written: [], removed: [] };
      (isRemoval ? outs.job.removed : outs.job.written).push(name);
      keep(name, entry && notWritten(writableEntry(entry), name), entryOf(olds.records, name));
      continue;
    }
    const declared = notRemoved.has(name) ? undefined : entryOf(news.deployments, name);
    if (declared && isUnknown(name, declared, outcome)) {
      isUncertain = true;
      if (outcome?.kind === "failed") failed.push({ name, ...outcome });
      const had = notWritten(entryOf(olds.deployments, name) ?? writableEntry(declared), name);
      keep(
        name,
        { ...had, status: "not listed" },
        entryOf(olds.records, name) ?? recordText(undefined, undefined),
      );
      continue;
    }
    const isMissing = outcome?.kind === "failed" && outcome.cause === "not_found";
    // Its only write may have been carried out, and without an artifact it was not.
    if (
      isMissing &&
      notRemoved.has(name) &&
      decodeRecord(entryOf(olds.records, name) ?? "").updatedAt === undefined
    )
      continue;
    if (isMissing && lenient) {
      (notRemoved.has(name) ? stay : skipped).push(name);
      if (notRemoved.has(name)) continue;
    } else if (outcome?.kind === "failed") failed.push({ name, ...outcome });
    const before = entryOf(olds.deployments, name);
    const isSame =
      outcome === undefined &&
      !notRemoved.has(name) &&
      (isWhole || sameEntry(before, entryOf(news.deployments, name)));
    const stated = before && withStatus(before);
    keep(name, isSame ? stated : stated && notWritten(stated, name), entryOf(olds.records, name));
  }
  warnOfMissing(context, outcomes, stay, "removed from the set, but not decommissioned");
  warnOfMissing(context, outcomes, skipped, "not recorded", " The next pulumi up tries again.");
  if (skipped.length > 0) outs.skipped = skipped;
  if (news.partialSuccess !== undefined) outs.partialSuccess = news.partialSuccess;
  return { outs, reasons: reasonsOf(failed), isUncertain };
}

type Failed = Extract<EntryOutcome, { kind: "failed" }> & { name: string };

/** One an entry. The causes are the same for all: repeated, they would hide what they explain. */
function reasonsOf(failed: Failed[]): string[] {
  const first = failed.findIndex(({ cause }) => cause === "not_found");
  return failed.map(({ name, reason }, index) => {
    const causes = index === first ? ` ${missingArtifactCauses}` : "";
    return `${propertyOf(name)}: ${reason}${causes}`;
  });
}

const propertyOf = (name: string) => `deployments[${JSON.stringify(name)}]`;

/** One warning, however many there are: the causes are the same for all. */
function warnOfMissing(
  context: RunContext,
  outcomes: Outcomes,
  names: string[],
  what: string,
  then = "",
): void {
  const [name, ...others] = names;
  if (name === undefined) return;
  const outcome = outcomes.get(name);
  const reason = outcome?.kind === "failed" ? `${outcome.reason} ${missingArtifactCauses}` : "";
  context.warn(
    others.length === 0
      ? `${propertyOf(name)} was ${what}. ${reason}${then}`
      : `${names.length} deployments were ${what}: GitHub does not know their artifacts. ` +
          `${missingArtifactCauses}${then} They are ${listAtMost(names.map(propertyOf), ", ", " and")}.`,
  );
}

export interface Failure {
  why: "create" | "update" | "delete";
  id: string;
  news: SetInputs;
  outs: SetOutputs;
  reasons: string[];
  /** Whether some entries can be other than the state before says. */
  isUncertain: boolean;
  /** The error that ended the writing, where one did. */
  stopped: unknown;
  written: number;
  total: number;
  jobEnded: boolean | undefined;
}

/**
 * What was written is kept: Pulumi saves `properties`, and calls `update` at the next `up` whatever the diff says.
 * Where nothing of a new set was written there is nothing to keep, and a set that is to go stays as it was.
 */
export function failure({
  why,
  id,
  news,
  outs,
  reasons,
  isUncertain,
  stopped,
  written,
  total,
  jobEnded,
}: Failure): Error {
  const cause = stopped instanceof Error ? stopped : undefined;
  const isNews = reasons.length > 0 || written > 0 || outs.job !== undefined || jobEnded;
  if (cause !== undefined && !isNews)
    return isUncertain ? withState(cause, { id, properties: outs, news }) : cause;
  const all = [...reasons, ...(cause ? [cause.message] : [])];
  const nothing = why === "create" && Object.keys(outs.deployments).length === 0;
  const end = all.length > MAX_LISTED ? "." : "";
  const error = new ProviderError(
    `${total - written} of ${total} changed deployments of cluster ${news.cluster} were not recorded; ` +
      `the next run sends what is missing. ${listAtMost(all, " ")}${end}`,
  );
  if (nothing || why === "delete") return error;
  // Pulumi's host adds it to the inputs after check, but not to the properties of an error.
  const { __provider } = news as SetInputs & { __provider?: string };
  return Object.assign(error, {
    id,
    properties: compact({ ...outs, __provider }),
    reasons: all.map(safeMessage),
  });
}
