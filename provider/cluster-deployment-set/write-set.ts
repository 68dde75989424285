/** Sends what was changed, added or removed in a set, and returns the new state, or an error that carries it. */
import { laneOf } from "../deployment-record/identity";
import { MAX_ENTRIES } from "../github/cluster-deployments";
import type { GitHubClient } from "../github/client";
import { toEntry, toEnvironments } from "../github/wire";
import type { DeploymentEntry } from "../github/wire";
import { isAdopted, reportAdoptions } from "../lifecycle/report-adoption";
import { stillOpen } from "../lifecycle/remove-declared";
import type { RunContext } from "../lifecycle/run-context";
import { isNotRecorded, leftForCreate } from "../lifecycle/write-declared";
import { ProviderError } from "../runtime/errors";
import { listAtMost } from "../runtime/list-at-most";
import { changesOf } from "./changes";
import type { Changes } from "./changes";
import { afterEarlierJob } from "./earlier-job";
import { entryOf, writableEntry } from "./entry";
import type { SetInputs, SetOutputs } from "./fields";
import { entryKey, setIdentity } from "./identity";
import { planRemovals, removedEntries, replan } from "./removed-entries";
import { failure, stateAfter } from "./state";
import type { SendResult } from "./state";
import { writeCluster } from "./write-cluster";
import type { Outcomes } from "./write-cluster";

export interface SetWrite {
  why: "create" | "update" | "delete";
  id: string;
  olds: SetOutputs;
  news: SetInputs;
  /** `olds` has what a job of an earlier run did: it is news, whatever becomes of this write. */
  jobEnded?: boolean;
}

export async function writeSet(context: RunContext, given: SetWrite): Promise<SetOutputs> {
  const { news, why } = given;
  const github = context.github();
  const { job } = given.olds;
  const olds = job
    ? await context.queue(laneOf(news), () => afterEarlierJob(context, github, news, given.olds))
    : given.olds;
  const write = { ...given, olds, github, jobEnded: job !== undefined };
  const { declarations } = context;
  const keyOf = (name: string) => entryKey(news, name);
  for (const name of Object.keys(news.deployments)) declarations.declare(keyOf(name));
  const isReplaced = why === "delete" ? declarations.isReplacing(setIdentity.key(news)) : undefined;
  if (why !== "delete") declarations.begun(setIdentity.key(news));
  const changes =
    why === "create"
      ? { written: Object.keys(news.deployments), removed: [] }
      : changesInRun(context, olds, news);
  if (why === "delete") keepEntriesForReplacement(context, write);
  const added = changes.written.filter(
    (name) => !Object.hasOwn(olds.deployments, name) && !declarations.isLost(keyOf(name)),
  );
  const begun = context.now();
  const first = await declarations.during(changes.written.map(keyOf), async () => {
    const result = await sendInLane(context, write, changes, false);
    noteOutcomes(context, write, result);
    return result;
  });
  reportAdoptions(context, news.cluster, adoptedOf(added, first.outcomes, context.now() - begun));
  const isElsewhere = (name: string) => {
    const declared = declarations.of(keyOf(name));
    return declared?.kind === "open" && declared.isElsewhere === true;
  };
  // Those of its own process are the replacement's to write.
  const own = isReplaced ? first.open.filter((name) => !isElsewhere(name)) : [];
  if (isReplaced === "likely" && own.length > 0)
    context.warn(leftForCreate(entriesOf(news, own), own.length === 1));
  const open = isReplaced ? first.open.filter(isElsewhere) : first.open;
  if (open.length === 0) return finish(context, write, { ...first, open });
  // The writes of those that declare them can still be on their way.
  await declarations.settled(open.map(keyOf));
  const rest = await sendInLane(context, write, { written: [], removed: open }, true);
  return finish(context, write, merge({ ...first, open }, rest));
}

function adoptedOf(added: string[], outcomes: Outcomes, milliseconds: number) {
  return added.flatMap((name) => {
    const outcome = outcomes.get(name);
    if (outcome?.kind !== "written") return [];
    const { created_at: createdAt = "", updated_at: updatedAt = outcome.date } = outcome.record ?? {};
    return isAdopted({ createdAt, updatedAt }, milliseconds) ? [{ name, createdAt }] : [];
  });
}

/** The changes between two versions; an entry whose record this run has lost (`isLost`) is written again. */
export function changesInRun({ declarations }: RunContext, olds: SetOutputs, news: SetInputs): Changes {
  const { written, removed } = changesOf(olds.deployments, news.deployments);
  if (!declarations.anyLost()) return { written, removed };
  const isWritten = new Set(written);
  const lost = Object.keys(news.deployments).filter(
    (name) => !isWritten.has(name) && declarations.isLost(entryKey(news, name)),
  );
  return { written: [...written, ...lost], removed };
}

function merge(first: SendResult, rest: SendResult): SendResult {
  const open = new Set(first.open);
  return {
    outcomes: new Map([...first.outcomes, ...rest.outcomes]),
    notRemoved: new Set([...first.notRemoved].filter((name) => !open.has(name)).concat([...rest.notRemoved])),
    restored: new Map([...first.restored, ...rest.restored]),
    open: rest.open,
    stopped: first.stopped ?? rest.stopped,
    total: first.total + rest.total,
  };
}

async function sendInLane(
  context: RunContext,
  { olds, news, why, github }: SetWrite & { github: GitHubClient },
  changes: Changes,
  isSecondPass: boolean,
): Promise<SendResult> {
  return context.queue(laneOf(news), async (): Promise<SendResult> => {
    const { declarations } = context;
    const { written, removed } = changes;
    const removals = removedEntries(news, olds, removed, { isSecondPass, isDeletion: why === "delete" });
    const inOneRequest = written.length + removals.length;
    if (news.partialSuccess === false && inOneRequest > MAX_ENTRIES)
      return {
        ...{ outcomes: new Map(), notRemoved: new Set(removed), restored: new Map(), open: [] },
        ...{ stopped: notInOneRequest(inOneRequest), total: inOneRequest },
      };
    const plan = await planRemovals(context, github, news, removals);
    const declared = written.flatMap((name) => {
      const entry = entryOf(news.deployments, name);
      return entry ? [toEntry(name, writableEntry(entry), entryOf(olds.deployments, name))] : [];
    });
    const entries = [...declared, ...plan.toSend];
    const target = { org: news.org, cluster: news.cluster, environments: toEnvironments(news) };
    const partial = news.partialSuccess ?? true;
    const decide = (names: Set<string>) =>
      planRemovals(
        context,
        github,
        news,
        removals.filter(({ identity }) => names.has(identity.deploymentName)),
      );
    const recheck = (some: DeploymentEntry[]) => replan(plan, some, decide);
    const sending = { entries, recheck };
    const { outcomes, stopped } = await writeCluster(context, github, target, sending, partial);
    const isWritten = (name: string) => outcomes.get(name)?.kind === "written";
    const sent = plan.toSend.map((entry) => entry.deployment_name);
    for (const name of plan.removed.filter(isWritten)) declarations.settle(entryKey(news, name), "removed");
    for (const [name, error] of plan.failed)
      outcomes.set(name, { kind: "failed", cause: "other", reason: messageOf(error) });
    const removedNow = new Set(plan.removed);
    const restored = plan.toSend.filter((entry) => !removedNow.has(entry.deployment_name));
    // What was not removed stays in the state: the next `up` tries again.
    const unsent = [...plan.open, ...plan.failed.keys()];
    const notRemoved = new Set([...sent.filter((name) => !isWritten(name)), ...unsent]);
    const [listError] = plan.failed.values();
    const onlyLists = entries.length === 0 && listError !== undefined;
    return {
      outcomes: onlyLists ? new Map() : outcomes,
      notRemoved,
      restored: new Map(restored.map((entry) => [entry.deployment_name, entry])),
      open: plan.open,
      stopped: onlyLists ? listError : stopped,
      total: entries.length + plan.failed.size,
    };
  });
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

function finish(context: RunContext, write: SetWrite, result: SendResult): SetOutputs {
  const { why, id, olds, news, jobEnded } = write;
  const { outcomes, open, stopped, total } = result;
  for (const name of open) context.declarations.markLost(entryKey(news, name));
  const { outs, reasons, isUncertain } = stateAfter(context, olds, news, result);
  if (open.length > 0) outs.unfinished = open;
  if (stopped !== undefined || reasons.length > 0) {
    const done = [...outcomes.values()].filter(({ kind }) => kind === "written").length;
    throw failure({ why, id, news, outs, reasons, isUncertain, stopped, written: done, total, jobEnded });
  }
  if (open.length > 0) {
    const isOne = open.length === 1;
    if (why === "delete") throw stillOpen(entriesOf(news, open), isOne);
    const it = isOne ? "it" : "them";
    context.info(
      `Cluster ${news.cluster}: another resource declares ${listNames(open)} and has not written ${it} yet. Until it has, the ` +
        `set keeps ${it} in its state, and the next pulumi up checks again.`,
    );
  }
  return outs;
}

const listNames = (names: string[]): string =>
  listAtMost(
    names.map((name) => JSON.stringify(name)),
    ", ",
    " and",
  );

const entriesOf = (news: SetInputs, names: string[]): string =>
  `deployment${names.length === 1 ? "" : "s"} ${listNames(names)} of the ${setIdentity.describe(news)}`;

/**
 * When a set is deleted before its replacement is created: remembers the entries that are still declared, so that the
 * create can keep them in the state if it fails (read by `takeKeptForReplacement`).
 */
function keepEntriesForReplacement({ declarations }: RunContext, { olds, news }: SetWrite): void {
  const isDeclared = (name: string) => {
    const kind = declarations.of(entryKey(news, name))?.kind;
    return kind === "open" || kind === "unchanged";
  };
  const ofNames = <T>(entries: Record<string, T> = {}) =>
    Object.fromEntries(Object.entries(entries).filter(([name]) => isDeclared(name)));
  const kept = { deployments: ofNames(olds.deployments), records: ofNames(olds.records) };
  if (Object.keys(kept.deployments).length > 0) declarations.markLost(setIdentity.key(news), kept);
}

function noteOutcomes(context: RunContext, { olds, news }: SetWrite, { outcomes }: SendResult): void {
  const { declarations } = context;
  const lenient = context.settings().onMissingArtifact === "warn";
  for (const [name, entry] of Object.entries(news.deployments)) {
    const key = entryKey(news, name);
    const outcome = outcomes.get(name);
    const before = entryOf(olds.deployments, name);
    const isMissing = outcome?.kind === "failed" && outcome.cause === "not_found";
    if (outcome?.kind === "written") declarations.settle(key, "written", entry);
    else if (lenient && isMissing)
      if (before === undefined || isNotRecorded(before)) declarations.settle(key, "not recorded");
      else declarations.unchanged(key, writableEntry(before));
    else if (outcome === undefined && before !== undefined && !declarations.isLost(key))
      declarations.unchanged(key, writableEntry(entry));
  }
}

const notInOneRequest = (changes: number) =>
  new ProviderError(
    `partialSuccess: false writes all entries or none, which GitHub does for up to ${MAX_ENTRIES} at once; ` +
      `${changes} have changed. Leave partialSuccess out, or change fewer at a time.`,
  );
