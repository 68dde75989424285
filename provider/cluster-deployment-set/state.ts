/** What a write leaves behind: the new state of a set, or an error that carries it. */
import { missingArtifactCauses } from "../github/errors";
import type { Outcomes } from "./write-cluster";
import { ProviderError } from "../runtime/errors";
import type { RunContext } from "../lifecycle/run-context";
import { failedDeletion, withState } from "../lifecycle/unknown-outcome";
import { listAtMost, MAX_LISTED } from "../runtime/list-at-most";
import { compact, pick } from "../runtime/values";
import { setIdentity } from "./identity";
import { entryAfter } from "./entry-after";
import type { FailedOutcome, Sent } from "./entry-after";
import type { SetInputs, SetOutputs } from "./fields";
import { safeMessage } from "../runtime/untrusted-text";

/** What became of the changes of one pass. */
export interface SendResult extends Omit<Sent, "open"> {
  /** Entries that are still there, which another resource declares and has not written. */
  open: string[];
  total: number;
}

/** What GitHub has now, as far as it is known, and why some of it is not what was declared. */
export function stateAfter(context: RunContext, olds: SetOutputs, news: SetInputs, result: SendResult) {
  const { outcomes, notRemoved } = result;
  const write = { ...result, open: new Set(result.open), context, olds, news };
  const outs: SetOutputs = { ...pick(news, setIdentity.fields), deployments: {}, records: {} };
  const skipped: string[] = [];
  const stay: string[] = [];
  const failed: Failed[] = [];
  let isUncertain = false;
  for (const name of [...Object.keys(news.deployments), ...notRemoved]) {
    const after = entryAfter(write, name);
    const isRemoval = notRemoved.has(name);
    if (after.deployment !== undefined) outs.deployments[name] = after.deployment;
    if (after.record !== undefined) outs.records[name] = after.record;
    if (after.jobId !== undefined) {
      outs.job ??= { id: after.jobId, written: [], removed: [] };
      if (!isRemoval) outs.job.written.push(name);
      else if (result.restored.has(name)) (outs.job.restored ??= []).push(name);
      else outs.job.removed.push(name);
    }
    if (after.failed) failed.push({ name, ...after.failed });
    if (after.isMissing) (isRemoval ? stay : skipped).push(name);
    isUncertain ||= after.isUncertain === true;
  }
  warnOfMissing(context, outcomes, stay, "removed from the set, but not decommissioned");
  warnOfMissing(context, outcomes, skipped, "not recorded", " The next pulumi up tries again.");
  if (skipped.length > 0) outs.skipped = skipped;
  if (news.partialSuccess !== undefined) outs.partialSuccess = news.partialSuccess;
  return { outs, reasons: reasonsOf(failed), isUncertain };
}

type Failed = FailedOutcome & { name: string };

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
export function failure(given: Failure): Error {
  const error = failureOf(given);
  const { why, outs, written, isUncertain, jobEnded = false } = given;
  const hasRemoved = written > 0 || isUncertain || outs.job !== undefined || jobEnded;
  return why === "delete" && hasRemoved ? failedDeletion(error.message) : error;
}

function failureOf({
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
  const hasEntries = Object.keys(outs.deployments).length > 0;
  // A create has those of the set that it replaces, too: that one was deleted before, and left them.
  if (cause !== undefined && !isNews)
    return isUncertain || (why === "create" && hasEntries)
      ? withState(cause, { id, properties: outs, news })
      : cause;
  const all = [...reasons, ...(cause ? [cause.message] : [])];
  const nothing = why === "create" && !hasEntries;
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
