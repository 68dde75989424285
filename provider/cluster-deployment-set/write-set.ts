/** Sends what changed, was added or taken out of a set; what comes back is the new state, or an error that carries it. */
import { deploymentIdentity, laneOf } from "../deployment-record/identity";
import { MAX_ENTRIES } from "../github/cluster-deployments";
import { toEntry, toEnvironments } from "../github/wire";
import { stillOpen } from "../lifecycle/removal";
import type { RunContext } from "../lifecycle/run-context";
import { ProviderError } from "../runtime/errors";
import { listAtMost } from "../runtime/list-at-most";
import { changesOf } from "./changes";
import type { Changes } from "./changes";
import { entryOf } from "./entry";
import type { SetInputs, SetOutputs } from "./fields";
import { recordOf, setIdentity } from "./identity";
import { removedEntries, retire } from "./removed-entries";
import { failure, stateAfter } from "./state";
import { writeCluster } from "./write";
import type { Outcomes } from "./write";

export interface SetWrite {
  why: "create" | "update" | "delete";
  id: string;
  olds: SetOutputs;
  news: SetInputs;
}

/** The changes between two versions, and what this run has removed or given up before. */
export function changesIn({ declarations }: RunContext, olds: SetOutputs, news: SetInputs): Changes {
  const { written, removed } = changesOf(olds.deployments, news.deployments);
  if (!declarations.anyLost()) return { written, removed };
  const isWritten = new Set(written);
  const lost = Object.keys(news.deployments).filter(
    (name) => !isWritten.has(name) && declarations.isLost(deploymentIdentity.key(recordOf(news, name))),
  );
  return { written: [...written, ...lost], removed };
}

/** What became of the changes so far. */
interface Progress {
  outcomes: Outcomes;
  /** Entries that were to be taken out and are still there. */
  kept: Set<string>;
  /** Those of them that another resource declares and has not written. */
  open: string[];
  stopped?: unknown;
  total: number;
}

export async function writeSet(context: RunContext, write: SetWrite): Promise<SetOutputs> {
  const { olds, news, why } = write;
  const { declarations } = context;
  const keyOf = (name: string) => deploymentIdentity.key(recordOf(news, name));
  for (const name of Object.keys(news.deployments)) declarations.declare(keyOf(name));
  const isReplaced = why === "delete" && declarations.isReplacing(setIdentity.key(news));
  if (why !== "delete") declarations.begun(setIdentity.key(news));
  const changes =
    why === "create"
      ? { written: Object.keys(news.deployments), removed: [] }
      : changesIn(context, olds, news);
  if (why === "delete") keepDeclared(context, write);
  const first = await declarations.during(changes.written.map(keyOf), async () => {
    const progress = await sendInLane(context, write, changes, false);
    noteOutcomes(context, write, progress.outcomes);
    return progress;
  });
  if (first.open.length === 0 || isReplaced) return finish(context, write, { ...first, open: [] });
  // The writes of those that declare them can still be on their way.
  await declarations.settled(first.open.map(keyOf));
  const rest = await sendInLane(context, write, { written: [], removed: first.open }, true);
  return finish(context, write, merge(first, rest));
}

function merge(first: Progress, rest: Progress): Progress {
  return {
    outcomes: new Map([...first.outcomes, ...rest.outcomes]),
    kept: new Set([...first.kept].filter((name) => !first.open.includes(name)).concat([...rest.kept])),
    open: rest.open,
    stopped: first.stopped ?? rest.stopped,
    total: first.total + rest.total,
  };
}

async function sendInLane(
  context: RunContext,
  { olds, news }: SetWrite,
  changes: Changes,
  isLast: boolean,
): Promise<Progress> {
  const github = context.github();
  return context.queue(laneOf(news), async () => {
    const { declarations } = context;
    const { written, removed } = changes;
    const leaving = removedEntries(news, olds, removed, isLast);
    if (news.partialSuccess === false) requireOneRequest(written.length + leaving.length);
    const retired = await retire(context, news, leaving);
    const declared = written.flatMap((name) => {
      const entry = entryOf(news.deployments, name);
      return entry ? [toEntry(name, entry, entryOf(olds.deployments, name))] : [];
    });
    const entries = [...declared, ...retired.entries];
    const target = { org: news.org, cluster: news.cluster, environments: toEnvironments(news) };
    const partial = news.partialSuccess ?? true;
    const { outcomes, stopped } = await writeCluster(context, github, target, entries, partial);
    const isWritten = (name: string) => outcomes.get(name)?.kind === "written";
    const removals = retired.entries.map((entry) => entry.deployment_name);
    for (const name of removals.filter(isWritten))
      declarations.settle(deploymentIdentity.key(recordOf(news, name)), "removed");
    for (const [name, error] of retired.failed)
      outcomes.set(name, { kind: "failed", cause: "other", reason: messageOf(error) });
    // What could not be retired, or was not tried, stays in the state: the next `up` takes it out again.
    const kept = removals.filter((name) => !isWritten(name)).concat(retired.open, [...retired.failed.keys()]);
    const [listError] = retired.failed.values();
    const onlyLists = entries.length === 0 && listError !== undefined;
    return {
      outcomes: onlyLists ? new Map() : outcomes,
      kept: new Set(kept),
      open: retired.open,
      stopped: onlyLists ? listError : stopped,
      total: entries.length + retired.failed.size,
    };
  });
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

function finish(context: RunContext, write: SetWrite, progress: Progress): SetOutputs {
  const { why, id, olds, news } = write;
  const { outcomes, kept, open, stopped, total } = progress;
  for (const name of open) context.declarations.giveUp(deploymentIdentity.key(recordOf(news, name)));
  const { outs, reasons } = stateAfter(context, olds, news, outcomes, kept);
  if (stopped !== undefined || reasons.length > 0) {
    const done = [...outcomes.values()].filter(({ kind }) => kind === "written").length;
    throw failure({ why, id, news, outs, reasons, stopped, written: done, total });
  }
  if (open.length > 0) {
    const names = listAtMost(
      open.map((name) => JSON.stringify(name)),
      ", ",
      " and",
    );
    if (why === "delete") throw stillOpen(`deployment ${names} of the ${setIdentity.describe(news)}`);
    context.info(
      `Cluster ${news.cluster}: another resource declares ${names} and has not written it yet. Until it has, the ` +
        `set keeps it in its state, and the next pulumi up looks again.`,
    );
  }
  return outs;
}

/** What other resources, or its own replacement, declare of a set that is deleted: the replacement needs it if its create fails. */
function keepDeclared({ declarations }: RunContext, { olds, news }: SetWrite): void {
  const isDeclared = (name: string) => {
    const kind = declarations.of(deploymentIdentity.key(recordOf(news, name)))?.kind;
    return kind === "open" || kind === "unchanged";
  };
  const ofNames = <T>(entries: Record<string, T> = {}) =>
    Object.fromEntries(Object.entries(entries).filter(([name]) => isDeclared(name)));
  const kept = { deployments: ofNames(olds.deployments), records: ofNames(olds.records) };
  if (Object.keys(kept.deployments).length > 0) declarations.giveUp(setIdentity.key(news), kept);
}

function noteOutcomes(context: RunContext, { olds, news }: SetWrite, outcomes: Outcomes): void {
  const { declarations } = context;
  const lenient = context.settings().onMissingArtifact === "warn";
  for (const [name, entry] of Object.entries(news.deployments)) {
    const key = deploymentIdentity.key(recordOf(news, name));
    const outcome = outcomes.get(name);
    const before = entryOf(olds.deployments, name);
    if (outcome?.kind === "written") declarations.settle(key, "written");
    else if (lenient && outcome?.kind === "failed" && outcome.cause === "not_found" && !before)
      declarations.settle(key, "not recorded");
    else if (outcome === undefined && before !== undefined && !declarations.isLost(key))
      declarations.unchanged(key, entry);
  }
}

function requireOneRequest(changes: number): void {
  if (changes <= MAX_ENTRIES) return;
  throw new ProviderError(
    `partialSuccess: false writes all entries or none, which GitHub does for up to ${MAX_ENTRIES} at once; ` +
      `${changes} have changed. Leave partialSuccess out, or change fewer at a time.`,
  );
}
