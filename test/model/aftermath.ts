/** What is known of the records after a run, by its state and by its messages: what the oracle (oracle.ts) cannot ask for. */
import type { Snapshot } from "../../local/engine/types";
import { isRunning } from "../../local/github/jobs";
import { digestOf, LATE } from "./artifacts";
import { isLast, keyIn, knownBy } from "./known";
import type { Known, Place } from "./known";
import { keyOf, STACKS, wordsOf } from "./layout";
import type { Program, StackName } from "./layout";
import { isLive } from "./ledger";
import { nameOf } from "./names";
import type { Ran, RunSpec } from "./run";
import type { ForeignWrite } from "./scenario";
import type { World } from "./world";

export const LEFT = /left as (it is|they are)/;

export const hasLag = ({ server }: World): boolean => (server.state.store.rules.listLag.reads ?? 0) > 0;

/** GitHub has no artifact for what is declared now, and the user accepts that. */
export const isNotRecorded = ({ config }: World, declared: { digest: string } | undefined): boolean =>
  config["artifact-metadata:onMissingArtifact"] === "warn" && declared?.digest === digestOf(LATE);

/** A write after a job of this run, or one that a state knows, had ended, and before the poll that saw it: the state has the poll's time as its own. */
export function noteBesideJob(
  { ledger, jobs, snapshots, besideJob }: World,
  id: number,
  { record }: ForeignWrite,
): void {
  const row = ledger.records.get(keyOf(record))?.row;
  const hasJob =
    [...jobs.values()].some(({ run }) => run === id) ||
    STACKS.some((stack) => jobsKnownBy(snapshots[stack]).length > 0);
  if (row && hasJob) besideJob.add(row);
}

/** `before`: what a deletion that knew of no declarations can have taken out of the state, with its resource. */
export function noteAcknowledged(
  { ledger, snapshots, acknowledged }: World,
  stack: StackName,
  before: Map<string, Known[]>,
): void {
  const after = knownBy(snapshots[stack]);
  for (const key of [...before.keys(), ...after.keys()]) {
    const row = ledger.records.get(key)?.row;
    if (row === undefined) continue;
    if (after.get(key)?.some((one) => isLast(one, row))) acknowledged.add(row);
    else if (before.has(key)) acknowledged.delete(row);
  }
}

/** A set's job of an earlier run wrote it after a resource of another provider instance had: neither knows of the other's. */
export function noteJobElsewhere(
  { layout, ledger, snapshots, leftToOther }: World,
  { stack }: RunSpec,
  { program }: Ran,
): void {
  const instances = snapshots[stack].resources.flatMap(({ type, provider = "" }) =>
    type.endsWith(":ClusterDeploymentSet") ? [provider.includes("::q::")] : [],
  );
  for (const [key, { row, writer, isOfJob }] of ledger.records) {
    const holder = program.holders.get(key);
    if (!isOfJob || writer !== stack || holder === undefined) continue;
    if (instances.includes(layout.options[holder]?.provider === undefined)) leftToOther.add(row);
  }
}

/** The state had no version of what was removed, so that the artifact has none now. */
export function noteUnversioned({ ledger, unversioned }: World, id: number, before: Map<string, Known[]>) {
  for (const [key, { row, run }] of ledger.records)
    if (run === id && before.get(key)?.some(({ version }) => version === "")) unversioned.add(row.digest);
}

/** What a failed deletion has removed: an update of a resource that stays is saved, also where it fails. */
export function noteDeleted(
  { ledger, snapshots, deleted }: World,
  { stack, replace }: RunSpec,
  id: number,
  { program }: Ran,
) {
  const after = knownBy(snapshots[stack]);
  for (const [key, written] of ledger.records) {
    if (written.run !== id || isLive(written)) continue;
    const stays = (name: string) => program.holders.get(key) === name || isSetAt(program, name, key);
    if (replace || after.get(key)?.some(({ urn }) => !stays(nameOf(urn)))) deleted.add(written.row);
  }
}

export function noteStale(world: World, stack: StackName): void {
  if (!hasLag(world)) return;
  for (const key of knownBy(world.snapshots[stack]).keys()) {
    const row = world.ledger.records.get(key)?.row;
    if (row !== undefined) world.stale.add(row);
  }
}

const isSetAt = ({ resources }: Program, name: string, key: string): boolean => {
  const deploymentName = (JSON.parse(key) as string[]).at(-1) ?? "";
  return resources.some(
    (one) =>
      one.name === name &&
      one.kind === "ClusterDeploymentSet" &&
      keyIn(one.inputs as Place, deploymentName) === key,
  );
};

/** The jobs whose end a stack has not seen. */
export const jobsKnownBy = ({ resources }: Snapshot): string[] =>
  resources.flatMap(({ outputs }) => {
    const { job } = (outputs ?? {}) as { job?: { id: string } };
    return job ? [job.id] : [];
  });

/** Whether a job of this run still runs, and no set of the state waits for it. */
export function isForgotten({ server, jobs, snapshots }: World, stack: StackName, id: number): boolean {
  const remembered = jobsKnownBy(snapshots[stack]);
  return server.state.jobs.list.some(
    (job) => isRunning(job) && jobs.get(job.id)?.run === id && !remembered.includes(String(job.id)),
  );
}

/** What was deleted to make room for a replacement stays in the state, and is not deleted again. */
const withoutDeleted = ({ resources, ...rest }: Snapshot): Snapshot => ({
  ...rest,
  resources: resources.filter((one) => !one.pendingReplacement),
});

/**
 * Whether a warning says that another resource declares this record, which this one left: its content may differ. What is
 * left to a create is in the state once that create has been tried.
 */
const isLeftToOther = (ran: Ran, key: string): boolean =>
  ran.told.some(
    (message) =>
      /(with another provider|a(nother)? resource of this program) declares (it|them)/.test(message) &&
      isNamed(key, message) &&
      !(ran.result === "failed" && /writes (it|them) next/.test(message) && hasSent(ran, key)),
  );

/** Whether the run has sent a write of this record. */
function hasSent({ sent }: Ran, key: string): boolean {
  const [place, physical, , name] = JSON.parse(key) as (string | null)[];
  const parts = [place, physical, name].flatMap((part) => (part == null ? [] : JSON.stringify(part)));
  return sent.some(
    (body) =>
      parts.every((part) => body.includes(part)) && (physical !== null || !body.includes('"physical_')),
  );
}

/** Whether a warning says that it was left, because its process does not know that it is declared, or a list lags behind. */
const isLeftUnseen = (world: World, { isBlind, told }: Ran, key: string): boolean =>
  (isBlind || hasLag(world)) && told.some((message) => LEFT.test(message) && isNamed(key, message));

/** Whether a set keeps it, until a resource of another provider instance has had a whole run to write it. */
const isKept = ({ told }: Ran, key: string): boolean =>
  told.some(
    (message) =>
      message.includes(JSON.stringify((JSON.parse(key) as string[])[3])) &&
      /^info: .*another resource declares .* has not written (it|them) yet/.test(message),
  );

/** Whether a message names this record. A set names its entries without their place, several at once. */
function isNamed(key: string, message: string): boolean {
  const [, , cluster, name] = JSON.parse(key) as (string | null)[];
  const inSet = `of the set of cluster ${cluster} `;
  return (
    message.includes(wordsOf(key)) || (message.includes(inSet) && message.includes(JSON.stringify(name)))
  );
}

/** Whether a resource that had this record before the run has it no more. */
function isGivenUp(key: string, before: Map<string, Known[]>, after: Map<string, Known[]>): boolean {
  const urns = after.get(key)?.map(({ urn }) => urn) ?? [];
  return before.get(key)?.some(({ urn }) => !urns.includes(urn)) === true;
}

/**
 * A deletion that knows of nothing writes once more what another process has just written as decommissioned, and what its
 * own resource has declared as decommissioned stays so.
 */
export function noteUndone(
  { ledger, snapshots, undone }: World,
  stack: StackName,
  id: number,
  before: Map<string, Known[]>,
): void {
  const after = knownBy(snapshots[stack]);
  for (const [key, written] of ledger.records) {
    if (isLive(written)) continue;
    if (before.has(key) && (written.run === id || isGivenUp(key, before, after))) undone.add(key);
  }
}

/**
 * What this run leaves deployed without a resource. It may, where the stack could not be sure of its own last write:
 * that write was not acknowledged, or (lists that lag behind) its removal did not find it; and the user was told so.
 */
export function noteLeft(
  world: World,
  { stack, operation }: RunSpec,
  id: number,
  { before, ran }: { before: Map<string, Known[]>; ran: Ran },
): void {
  if (operation === "preview") return;
  const after = knownBy(withoutDeleted(world.snapshots[stack]));
  for (const [key, written] of world.ledger.records) {
    const { row, writer, run: writtenIn } = written;
    if (writer !== stack) continue;
    // Also where its own resource has declared it as decommissioned.
    if (isLeftToOther(ran, key)) world.leftToOther.add(row);
    if (!isLive(written)) continue;
    const holder = ran.program.holders.get(key);
    const isPassedOn = holder !== undefined && isGivenUp(key, before, after);
    // Without a word, where a list that lags behind does not show it.
    const isUnseen = isLeftUnseen(world, ran, key) || (hasLag(world) && isPassedOn);
    if (isUnseen || isKept(ran, key)) world.leftToOther.add(row);
    // One that declares it and found no artifact has never written it, and cannot remove it.
    if (after.get(key)?.some(({ updatedAt }) => updatedAt)) continue;
    const lost = writtenIn === id && ran.result === "killed";
    const sure = before.get(key)?.some((known) => !known.isDeleted && isLast(known, row)) ?? false;
    const told = ran.told.some((message) => LEFT.test(message));
    // Written by a run that failed or was killed, and a list that lags behind does not show it.
    const isHidden = hasLag(world) && before.has(key) && world.lost.has(writtenIn);
    // A set gives up an entry that another resource of the program declares; that one's write may not have come.
    const hasMoved =
      !before.get(key)?.every(({ urn }) => nameOf(urn) === holder) ||
      // To another provider, with its resource.
      isLeftToOther(ran, key);
    // One that was killed may have come to the deletion that makes room for a replacement, and not to its create.
    const isCut = ran.result === "killed" || (ran.result === "failed" && hasMoved);
    const givenUp = holder !== undefined && isCut;
    // Written with another digest by a run that was cut off: no list of the digest that the state has shows it.
    const unseen =
      world.lost.has(writtenIn) && before.get(key)?.every((known) => known.digest !== row.digest) === true;
    // Left without a word to a resource that declares it: it was written later, or a list that lags behind does not show it.
    const isLeftBehind = (hasLag(world) || !sure) && before.has(key) && holder !== undefined;
    if (
      lost ||
      isLeftBehind ||
      givenUp ||
      unseen ||
      isHidden ||
      isLeftToOther(ran, key) ||
      (told && before.has(key) && (!sure || hasLag(world)))
    )
      world.left.set(key, written);
  }
}
