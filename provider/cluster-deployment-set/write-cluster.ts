/** Writes the changed entries of one cluster: one request where they fit, else background jobs one after the other. */
import type { GitHubClient } from "../github/client";
import {
  MAX_ENTRIES,
  MAX_JOB_ENTRIES,
  setClusterDeployments,
  whichFailed,
} from "../github/cluster-deployments";
import type { Sending, Target } from "../github/cluster-deployments";
import { MissingArtifactError } from "../github/errors";
import type { FailedEntry, RecordAnswer } from "../github/schemas";
import { clearingEntry } from "../github/wire";
import type { DeploymentEntry } from "../github/wire";
import { withAffectedEntries } from "./affected-entries";
import { runJob } from "./job";
import type { Progress } from "./job";
import type { RunContext } from "../lifecycle/run-context";
import { isRecordOf } from "../deployment-record/identity";
import { untrustedText } from "../runtime/untrusted-text";

/** What became of one entry. `undefined` as record: written, but the answer says nothing of it. */
export type EntryOutcome =
  | { kind: "written"; record: RecordAnswer | undefined; date: string | undefined }
  | { kind: "failed"; cause: "not_found" | "other"; reason: string };

export type Outcomes = Map<string, EntryOutcome>;

export interface ClusterWritten {
  /** Entries that were not tried, because the writing stopped before, are missing here. */
  outcomes: Outcomes;
  stopped?: unknown;
}

export async function writeCluster(
  context: RunContext,
  github: GitHubClient,
  target: Target,
  { entries, recheck }: Sending,
  partialSuccess: boolean,
): Promise<ClusterWritten> {
  const outcomes: Outcomes = new Map();
  const inJobs = entries.length > MAX_ENTRIES;
  const progress = { done: 0, total: entries.length, said: 0 };
  const size = inJobs ? MAX_JOB_ENTRIES : MAX_ENTRIES;
  for (let start = 0; start < entries.length; start += size) {
    const planned = entries.slice(start, start + size);
    progress.done = start;
    // What was decided before the first job may hold no more after it.
    const chunk = start === 0 || recheck === undefined ? planned : ((await recheck(planned)) ?? []);
    if (chunk.length === 0) continue;
    try {
      if (inJobs) await writeInJob(context, target, { entries: chunk, recheck }, outcomes, progress);
      else await writeAtOnce(context, github, target, { entries: chunk, recheck }, outcomes, partialSuccess);
    } catch (stopped) {
      // Where not one artifact is known, GitHub may refuse the whole request: that is said of each entry.
      if (!(stopped instanceof MissingArtifactError) || !partialSuccess)
        return { outcomes, stopped: withAffectedEntries(stopped, chunk) };
      for (const entry of chunk) outcomes.set(entry.deployment_name, failedBecause("not_found", entry));
    }
  }
  return { outcomes };
}

async function writeAtOnce(
  context: RunContext,
  github: GitHubClient,
  target: Target,
  sending: Sending,
  outcomes: Outcomes,
  partialSuccess: boolean,
): Promise<void> {
  const answer = await setClusterDeployments(github, target, sending, partialSuccess);
  if (answer === undefined) return;
  const { entries } = answer;
  const failures = failuresByName(entries, answer.failed, answer.records);
  const records = ownRecords(context, target, entries, answer.records);
  const again: DeploymentEntry[] = [];
  for (const entry of entries) {
    const name = entry.deployment_name;
    const record = records.get(name);
    const failure = failures.get(name);
    const second = failure ? undefined : clearingEntry(entry, record);
    if (second) again.push(second);
    else outcomes.set(name, failure ?? { kind: "written", record, date: answer.date });
  }
  // An entry that clears has nothing left to clear, so this ends.
  if (again.length > 0)
    await writeAtOnce(context, github, target, { entries: again }, outcomes, partialSuccess);
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
        `"${untrustedText(other.deployment_name)}" with digest ${untrustedText(other.digest, 80)}, which was not among them; that record's id and times ` +
        `are not taken for ours.`,
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
      reason: `GitHub knows no artifact ${entry.digest} (not_found).`,
    };
  const why =
    cause === "unauthorized"
      ? `the token may not write records of ${entry.github_repository ?? "the artifact's repository"} (unauthorized)`
      : `GitHub refused it (${untrustedText(cause ?? "no cause given", 100)})`;
  return { kind: "failed", cause: "other", reason: `${why}.` };
}

/** An entry that may have failed is taken as failed: the next `up` sends it again. */
function failuresByName(entries: DeploymentEntry[], failed: FailedEntry[], written: RecordAnswer[]) {
  const result = new Map<string, EntryOutcome>();
  const entriesOf = whichFailed(entries, written);
  for (const one of failed)
    for (const entry of entriesOf(one)) result.set(entry.deployment_name, failedBecause(one.cause, entry));
  return result;
}

async function writeInJob(
  context: RunContext,
  target: Target,
  sending: Sending,
  outcomes: Outcomes,
  progress: Progress,
): Promise<void> {
  const ended = await runJob(context, target, sending, progress);
  if (ended === undefined) return;
  const { entries, failed, date } = ended;
  const failures = failuresByName(entries, failed, []);
  for (const { deployment_name: name } of entries)
    outcomes.set(name, failures.get(name) ?? { kind: "written", record: undefined, date });
}
