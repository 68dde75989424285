/** A background job that outlived the deadline of the run that started it: the state has it, and the next run waits for it. */
import type { GitHubClient } from "../github/client";
import { matchAnswer } from "../github/match-answer";
import { toEntry, toEnvironments } from "../github/wire";
import type { RunContext } from "../lifecycle/run-context";
import { entryOf, writableEntry } from "./entry";
import type { RunningJob, SetInputs, SetOutputs } from "./fields";
import { entryKey } from "./identity";
import { waitForEarlierJob } from "./job";
import { decodeRecord, encodeRecord } from "./record-codec";

/**
 * The state as the job has left it. What it has not written for certain is stated as not recorded, so that it is written
 * again. So is, as `unfinished`, what the set gives up and the job has written after a resource that declares it now.
 */
export async function afterEarlierJob(
  context: RunContext,
  github: GitHubClient,
  news: SetInputs,
  olds: SetOutputs,
): Promise<SetOutputs> {
  const { job, ...state } = olds;
  if (job === undefined) return olds;
  const { written, removed, restored = [] } = job;
  const names = namesOf(job);
  const { org, cluster } = news;
  const target = { org, cluster, environments: toEnvironments(news) };
  const progress = { done: 0, total: names.length, said: 0 };
  const { status, errors, date } = await waitForEarlierJob({ context, github, target, progress }, job.id);
  const entries = entriesOf(names, state);
  const said = matchAnswer({ entries, records: [], failed: errors, isSuccess: status === "completed" });
  const isWritten = (name: string) => said.get(name)?.kind === "written";
  const deployments = { ...state.deployments };
  const records = { ...state.records };
  for (const name of [...written, ...restored]) {
    const entry = entryOf(deployments, name);
    if (entry === undefined) continue;
    const own = decodeRecord(entryOf(records, name) ?? "");
    if (isWritten(name)) records[name] = encodeRecord({ ...own, updatedAt: date });
    else deployments[name] = { ...entry, status: "not recorded" };
  }
  const overtaken = names.filter(
    (name) => !Object.hasOwn(news.deployments, name) && context.declarations.overtaken(entryKey(news, name)),
  );
  const gone = new Set(removed.filter(isWritten));
  for (const name of overtaken) gone.delete(name);
  if (overtaken.length > 0) state.unfinished = [...new Set([...(state.unfinished ?? []), ...overtaken])];
  const without = <T>(all: Record<string, T>) =>
    Object.fromEntries(Object.entries(all).filter(([name]) => !gone.has(name)));
  return removed.length > 0
    ? { ...state, deployments: without(deployments), records: without(records) }
    : { ...state, deployments, records };
}

/** All that the job writes. */
export const namesOf = ({ written, removed, restored = [] }: RunningJob): string[] => [
  ...written,
  ...removed,
  ...restored,
];

const entriesOf = (names: string[], { deployments }: SetOutputs) =>
  names.flatMap((name) => {
    const entry = entryOf(deployments, name);
    return entry ? [toEntry(name, writableEntry(entry))] : [];
  });
