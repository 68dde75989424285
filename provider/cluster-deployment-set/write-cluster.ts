/** Writes the changed entries of one cluster: one request where they fit, else background jobs one after the other. */
import type { GitHubClient } from "../github/client";
import { affectedEntries } from "../github/affected-entries";
import { MAX_ENTRIES, MAX_JOB_ENTRIES, setClusterDeployments } from "../github/cluster-deployments";
import type { Sending, Target } from "../github/cluster-deployments";
import { MissingArtifactError } from "../github/errors";
import { matchAnswer } from "../github/match-answer";
import type { RecordAnswer } from "../github/schemas";
import { clearingEntry } from "../github/wire";
import type { DeploymentEntry } from "../github/wire";
import { withAffectedEntries } from "./affected-entries";
import { notListedBy } from "../http/errors";
import { runJob } from "./job";
import type { Progress } from "./job";
import type { RunContext } from "../lifecycle/run-context";
import { isRecordOf } from "../deployment-record/identity";
import { untrustedText } from "../runtime/untrusted-text";

/** What became of one entry. `undefined` as record: written, but the answer says nothing of it. */
export type EntryOutcome =
  | { kind: "written"; record: RecordAnswer | undefined; date: string | undefined }
  | { kind: "failed"; cause: "not_found" | "other"; reason: string; mayBeWritten?: boolean }
  /** A background job that goes on at GitHub has it. */
  | { kind: "running"; jobId: string };

export type Outcomes = Map<string, EntryOutcome>;

export interface ClusterWritten {
  /** Entries that were not tried, because the writing stopped before, are missing here. */
  outcomes: Outcomes;
  stopped?: unknown;
}

interface Writing {
  context: RunContext;
  /** The set's own client: its deadline counts all waits. */
  github: GitHubClient;
  target: Target;
  partialSuccess: boolean;
  recheck: Sending["recheck"];
  outcomes: Outcomes;
  progress: Progress;
}

export async function writeCluster(
  context: RunContext,
  github: GitHubClient,
  target: Target,
  { entries, recheck }: Sending,
  partialSuccess: boolean,
): Promise<ClusterWritten> {
  const outcomes: Outcomes = new Map();
  const progress = { done: 0, total: entries.length, said: 0 };
  const writing = { context, github, target, partialSuccess, recheck, outcomes, progress };
  const write = entries.length > MAX_ENTRIES ? writeInJob : writeAtOnce;
  const size = entries.length > MAX_ENTRIES ? MAX_JOB_ENTRIES : MAX_ENTRIES;
  for (let start = 0; start < entries.length; start += size) {
    const planned = entries.slice(start, start + size);
    progress.done = start;
    // What was decided before the first job may hold no more after it.
    const chunk = start === 0 || recheck === undefined ? planned : ((await recheck(planned)) ?? []);
    try {
      if (chunk.length > 0) await writeUnaffected(writing, chunk, write);
    } catch (stopped) {
      // Where not one artifact is known, GitHub may refuse the whole request: that is said of each entry.
      if (!(stopped instanceof MissingArtifactError) || !partialSuccess)
        return { outcomes, stopped: withAffectedEntries(stopped, chunk) };
      for (const entry of chunk) outcomes.set(entry.deployment_name, failedBecause("not_found", entry));
    }
  }
  return { outcomes };
}

type Write = (writing: Writing, entries: DeploymentEntry[]) => Promise<void>;

/** A refusal that names repositories fails their entries; the others are sent again without them. */
async function writeUnaffected(writing: Writing, entries: DeploymentEntry[], write: Write): Promise<void> {
  try {
    await write(writing, entries);
  } catch (error) {
    const affected = new Set(writing.partialSuccess ? affectedEntries(error, entries) : []);
    const others = entries.filter((entry) => !affected.has(entry));
    if (affected.size === 0 || others.length === 0) throw error;
    const cause = error instanceof MissingArtifactError ? "not_found" : "unauthorized";
    for (const entry of affected) writing.outcomes.set(entry.deployment_name, failedBecause(cause, entry));
    const left = writing.recheck ? await writing.recheck(others) : others;
    if (left !== undefined) await writeUnaffected(writing, left, write);
  }
}

async function writeAtOnce(writing: Writing, planned: DeploymentEntry[]): Promise<void> {
  const { context, github, target, recheck, outcomes, partialSuccess } = writing;
  const answer = await setClusterDeployments(github, target, { entries: planned, recheck }, partialSuccess);
  if (answer === undefined) return;
  const { entries } = answer;
  const said = matchAnswer(answer);
  const records = ownRecords(context, target, entries, answer.records);
  if (answer.isSuccess && answer.records.length + answer.failed.length === 0)
    context.warn(
      `GitHub accepted the changes to cluster ${target.cluster}, but its answer contains no record: ids and timestamps are ` +
        `unknown until the next refresh.`,
    );
  const again: DeploymentEntry[] = [];
  const unclear: DeploymentEntry[] = [];
  for (const entry of entries) {
    const name = entry.deployment_name;
    const what = said.get(name);
    const record = records.get(name);
    const second = what?.kind === "written" ? clearingEntry(entry, record) : undefined;
    if (second) again.push(second);
    else if (what?.kind === "written") outcomes.set(name, { kind: "written", record, date: answer.date });
    else if (answer.empty) outcomes.set(name, notShown(`${notListedBy("GitHub")}.`));
    else if (what?.kind === "failed") outcomes.set(name, failedBecause(what.failure.cause, entry));
    else if (entries.length === 1) outcomes.set(name, NOT_SHOWN);
    else unclear.push(entry);
  }
  // What is sent again can be refused, and is written all the same, or may be.
  for (const { deployment_name: name } of again) outcomes.set(name, NOT_CLEARED);
  for (const { deployment_name: name } of unclear) outcomes.set(name, NOT_SHOWN);
  // An entry that clears has nothing left to clear, so this ends.
  if (again.length > 0) await writeAtOnce(writing, again);
  await settleUnclear(writing, unclear);
}

const notShown = (reason: string): EntryOutcome => ({
  kind: "failed",
  cause: "other",
  reason,
  mayBeWritten: true,
});

const NOT_SHOWN = notShown("GitHub's answer does not show it as written.");
const NOT_CLEARED = notShown("It is written, and still has tags or risks that are not declared.");

/** Sent again in two halves, until each answer is clear. What is removed is decided again: requests lie in between. */
async function settleUnclear(writing: Writing, entries: DeploymentEntry[]): Promise<void> {
  const half = Math.ceil(Math.min(entries.length, MAX_ENTRIES * 2) / 2);
  for (let start = 0; start < entries.length; start += half) {
    const planned = entries.slice(start, start + half);
    const left = writing.recheck ? await writing.recheck(planned) : planned;
    if (left !== undefined) await writeAtOnce(writing, left);
  }
}

/** The records of these entries, by deployment name. One that the answer gives of another is not taken for ours. */
function ownRecords(
  context: RunContext,
  target: Target,
  entries: DeploymentEntry[],
  records: RecordAnswer[],
) {
  const digests = new Map(entries.map((entry) => [entry.deployment_name, entry.digest]));
  const isOwn = (record: RecordAnswer) =>
    digests.get(record.deployment_name) === record.digest && isIn(target, record);
  const other = records.find((record) => !isOwn(record));
  if (other)
    context.warn(
      `GitHub accepted ${entries.length} deployments of cluster ${target.cluster}, but its answer names deployment ` +
        `"${untrustedText(other.deployment_name)}" with digest ${untrustedText(other.digest, 80)}, which is not one of them; its id and ` +
        `timestamps are ignored.`,
    );
  return new Map(records.filter(isOwn).map((record) => [record.deployment_name, record]));
}

const isIn = ({ org, cluster, environments }: Target, record: RecordAnswer): boolean =>
  isRecordOf(
    {
      ...{ org, cluster, deploymentName: record.deployment_name },
      logicalEnvironment: environments.logical_environment,
      physicalEnvironment: environments.physical_environment,
    },
    record,
  );

function failedBecause(cause: string | undefined, entry: DeploymentEntry): EntryOutcome {
  if (cause === "not_found")
    return {
      kind: "failed",
      cause,
      reason: `GitHub has no artifact with digest ${entry.digest} (not_found).`,
    };
  const why =
    cause === "unauthorized"
      ? `the token is not allowed to write records of ${entry.github_repository ?? "the artifact's repository"} (unauthorized)`
      : `GitHub refused it (${untrustedText(cause ?? "no cause given", 100)})`;
  return { kind: "failed", cause: "other", reason: `${why}.` };
}

async function writeInJob(writing: Writing, planned: DeploymentEntry[]): Promise<void> {
  const { context, github, target, recheck, outcomes, progress } = writing;
  const job = await runJob({ context, github, target, progress }, { entries: planned, recheck });
  if (job === undefined) return;
  const { entries, failed, date } = job;
  const said = matchAnswer({ entries, records: [], failed, isSuccess: true });
  const unclear: DeploymentEntry[] = [];
  for (const entry of entries) {
    const { deployment_name: name } = entry;
    const what = said.get(name);
    if (what?.kind === "failed") outcomes.set(name, failedBecause(what.failure.cause, entry));
    else if (job.unfinished !== undefined) outcomes.set(name, { kind: "running", jobId: job.id });
    else if (what?.kind === "written") outcomes.set(name, { kind: "written", record: undefined, date });
    else unclear.push(entry);
  }
  if (job.unfinished) throw job.unfinished;
  // A job's answer shows no records; that of a request does.
  await settleUnclear(writing, unclear);
}
