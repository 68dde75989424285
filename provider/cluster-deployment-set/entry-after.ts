/** What a write leaves behind of one entry. */
import type { DeploymentEntry } from "../github/wire";
import type { RunContext } from "../lifecycle/run-context";
import { mayBeWritten } from "../lifecycle/unknown-outcome";
import { unwritten } from "../lifecycle/write-declared";
import { compact } from "../runtime/values";
import { artifactKey, entryOf, sameEntry, withStatus, writableEntry } from "./entry";
import type { Recorded, SetInputs, SetOutputs } from "./fields";
import { entryKey } from "./identity";
import { decodeRecord, encodeRecord, recordText } from "./record-codec";
import type { EntryOutcome, Outcomes } from "./write-cluster";

/** What became of the changes. */
export interface Sent {
  outcomes: Outcomes;
  /** Entries that were to be removed and are still there. */
  notRemoved: Set<string>;
  /** Entries that were sent with the content that another resource declares. */
  restored: Map<string, DeploymentEntry>;
  /** Those of them that another resource declares and has not written. */
  open: Set<string>;
  /** The error that ended the writing, where one did. */
  stopped?: unknown;
}

interface Write extends Sent {
  context: RunContext;
  olds: SetOutputs;
  news: SetInputs;
}

export type FailedOutcome = Extract<EntryOutcome, { kind: "failed" }>;

export interface EntryAfter {
  /** What the state has of it; undefined where the set has it no more. */
  deployment?: Recorded;
  record?: string;
  /** A background job that goes on has it. */
  jobId?: string;
  failed?: FailedOutcome;
  /** GitHub has no artifact for it, which is accepted. */
  isMissing?: boolean;
  /** It can be other than the state before says. */
  isUncertain?: boolean;
}

/**
 * A former value that was not replaced can be a secret that is declared as one no more: it is left out (see `unwritten`).
 */
export function entryAfter(write: Write, name: string): EntryAfter {
  const { context, olds, news, outcomes, notRemoved, stopped } = write;
  const [before, record, outcome] = [
    entryOf(olds.deployments, name),
    entryOf(olds.records, name),
    outcomes.get(name),
  ];
  const isRemoval = notRemoved.has(name);
  const declared = entryOf(news.deployments, name);
  // A removal needs the version.
  const notWritten = (entry: Recorded) => unwritten(entry, declared ?? { version: entry.version });
  if (outcome?.kind === "written")
    return { deployment: declared && writableEntry(declared), record: recordOf(outcome) };
  if (outcome?.kind === "running") {
    const restored = write.restored.get(name);
    if (restored) return { deployment: notYetRestored(restored, before), record, jobId: outcome.jobId };
    const entry = isRemoval ? before : declared;
    return { deployment: entry && notWritten(writableEntry(entry)), record, jobId: outcome.jobId };
  }
  const kept = before ?? (declared && writableEntry(declared));
  if (kept && isUnknown(write, name, { outcome, isRemoval })) {
    const deployment = { ...notWritten(kept), status: "not recorded" as const };
    return { deployment, record: record ?? UNKNOWN_RECORD, failed: outcome, isUncertain: true };
  }
  const isMissing = outcome?.cause === "not_found";
  // Its only write may have been carried out, and without an artifact it was not.
  if (isMissing && isRemoval && decodeRecord(record ?? "").updatedAt === undefined) return {};
  const isAccepted = isMissing && context.settings().onMissingArtifact === "warn";
  if (isAccepted && isRemoval) return { isMissing: true };
  const isSame =
    outcome === undefined && !isRemoval && (stopped === undefined || sameEntry(before, declared));
  const stated = before && withStatus(before);
  const deployment = isSame ? stated : stated && notWritten(stated);
  return { deployment, record, ...(isAccepted ? { isMissing: true } : { failed: outcome }) };
}

/** Only what its removal needs: the other values can be secrets of the resource that declares it. */
function notYetRestored(sent: DeploymentEntry, before: Recorded | undefined): Recorded {
  const { name, digest, github_repository: githubRepository } = sent;
  const artifact = { name, digest, ...compact({ githubRepository }) };
  const isSameArtifact = before !== undefined && artifactKey(before) === artifactKey(artifact);
  return { ...artifact, version: isSameArtifact ? before.version : "", status: "not recorded" };
}

const recordOf = ({ record, date }: Extract<EntryOutcome, { kind: "written" }>): string =>
  recordText(record, record?.updated_at ?? date);

const UNKNOWN_RECORD = encodeRecord({});

/**
 * It may have been written or decommissioned, or this run has removed its record: the next run writes it, if it is declared then,
 * whatever it is declared as.
 */
function isUnknown(
  { context, olds, news, stopped, open }: Write,
  name: string,
  { outcome, isRemoval }: { outcome: FailedOutcome | undefined; isRemoval: boolean },
): boolean {
  const isOther = !sameEntry(entryOf(olds.deployments, name), entryOf(news.deployments, name));
  const hasFailed = outcome ? outcome.cause !== "not_found" : stopped !== undefined && !open.has(name);
  if (!hasFailed) return false;
  // What was to be removed counts as lost before it is sent.
  const isLost = !isRemoval && context.declarations.isLost(entryKey(news, name));
  return isLost || (isOther && (outcome ? outcome.mayBeWritten === true : mayBeWritten(stopped)));
}
