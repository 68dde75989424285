/** One run of Pulumi on a stack: to its end, or to the moment in which everything in memory is lost. */
import { randomUUID } from "node:crypto";
import type { DeploymentResult, Operation, Snapshot } from "../../local/engine/types";
import { digestOf, LATE } from "./artifacts";
import type { RequestLog } from "../../local/github";
import { createSchedule } from "./clock";
import type { Schedule } from "./clock";
import { declaredBy } from "./effective";
import type { Fault } from "./faults";
import { isLast, knownBy } from "./known";
import type { Known } from "./known";
import { isLive } from "./ledger";
import type { Written } from "./ledger";
import { emptyLayout, keyOf, kindOf, programOf, wordsOf } from "./layout";
import type { Program, StackName } from "./layout";
import { checkSecrets, shownSecrets } from "./secrets";
import { settingsFor } from "./server";
import { run as runEngine } from "./stack";
import type { ForeignWrite } from "./scenario";
import { isRunning } from "../../local/github/jobs";
import type { JobPlan } from "../../local/github/jobs";
import { endJobs, foreignWrite } from "./world";
import { createWatch } from "./watch";
import type { World } from "./world";

export interface RunSpec {
  operation: Operation;
  stack: StackName;
  parallel: number;
  /** Of the order in which things happen. */
  seed: number;
  /** The step before which everything in memory is lost. */
  killAt: number | undefined;
  faults: Fault[];
  /** Every resource is replaced. */
  replace: boolean;
  /** `--target`, by name. */
  targets: string[] | undefined;
  continueOnError: boolean;
  /** `--refresh`: what is not a refresh itself begins with one. */
  refresh: boolean;
  /** What becomes of the background jobs of this run. */
  jobs: JobPlan[];
  /** What another writer writes before a step. */
  meanwhile: { step: number; write: ForeignWrite }[];
  /** What becomes of the resource that is not ours. */
  other: "same" | "changes" | "fails";
}

export interface Ran {
  result: "ok" | "failed" | "killed";
  /** What the user was told. */
  told: string[];
  /** A deletion alone asks for no check: nothing is known of what the program declares (`--target`). */
  isBlind: boolean;
  /** Writes that the server has carried out. */
  writes: number;
  program: Program;
  /** What the engine counted. */
  changes: DeploymentResult["changes"];
}

export async function run(world: World, spec: RunSpec): Promise<Ran> {
  const { stack, operation } = spec;
  world.clock.advance(2_000);
  const id = world.runs++;
  const schedule = createSchedule(world.clock, spec.seed, spec.killAt, (step) => {
    for (const { write } of spec.meanwhile.filter((one) => one.step === step)) {
      foreignWrite(world, write);
      noteBesideJob(world, id, write);
    }
  });
  const ran: Ran = {
    ...{ result: "killed", isBlind: false },
    told: [],
    writes: 0,
    changes: {},
    program: operation === "destroy" ? programOf(emptyLayout(), stack) : declaredBy(world, stack),
  };
  const shown = shownSecrets(world.snapshots[stack]);
  const before = knownBy(world.snapshots[stack]);
  const sure = hasLag(world) || spec.meanwhile.length > 0 ? [] : keysOfOwn(world, before, stack);
  // Of this run alone, also among all sequences: what an earlier one left in memory reaches no server.
  const token = randomUUID();
  // With no right to read, nobody can know what is another's: what is taken out is decommissioned, with a warning.
  const blind = spec.faults.some(({ kind }) => kind === "403");
  const watch = createWatch();
  const hasJob = jobsKnownBy(world.snapshots[stack]).length > 0;
  for (const { row, writer } of hasJob ? world.ledger.records.values() : [])
    if (writer !== stack) world.besideJob.add(row);
  const looksOwn = ({ row }: Written, key: string) =>
    world.besideJob.has(row) &&
    (hasJob || before.get(key)?.some(({ updatedAt = "" }) => updatedAt >= row.updated_at) === true);
  const check = (body: string) =>
    checkUndone(world, spec, id, ran, (written, key) => {
      const known = (before.get(key) ?? []).flatMap(({ digest }) => digest ?? []);
      return !blind && !looksOwn(written, key) && watch.canKnow(written, body, known);
    });
  const arrives = () => check("");
  const carriedOut = (request: Pick<RequestLog, "method" | "path" | "status">, body: string) => {
    if (request.method === "GET") watch.lists(request.path);
    if (request.method === "POST" && (request.status ?? 500) < 300) ran.writes++;
    for (const { id: job } of world.server.state.jobs.list)
      if (!world.jobs.has(job)) world.jobs.set(job, { writer: stack, run: id, isOfJob: true });
    check(body);
  };
  world.server.state.jobs.plans = [...spec.jobs];
  world.server.connect({
    token,
    schedule,
    faults: spec.faults,
    ...{ sends: watch.sends, arrives, carriedOut },
  });
  const work = start(world, spec, { token, schedule, ran });
  const result = await schedule.drive(work);
  if (result !== "killed")
    Object.assign(ran, { result: result.ok ? "ok" : "failed", changes: result.changes });
  world.server.disconnect(token);
  if (ran.result !== "ok") world.lost.add(id);
  noteAcknowledged(world, stack, ran.isBlind ? before : new Map());
  // What another process has just written as decommissioned is written once more by a deletion that knows of nothing.
  for (const [key, written] of ran.isBlind ? world.ledger.records : [])
    if (before.has(key) && written.run === id && !isLive(written)) world.undone.add(key);
  if (isForgotten(world, stack, id)) world.forgotten.add(id);
  if (world.broken[0]) throw world.broken[0];
  const isWritten = (key: string) => !isNotRecorded(world, ran.program.records.get(key));
  if (!ran.isBlind) checkTold(ran, sure.filter(isWritten));
  // A refresh can find what was a secret of another program.
  if (operation !== "refresh" && !spec.refresh) checkSecrets(world.snapshots[stack], shown);
  if (operation === "preview" && ran.writes > 0) throw new Error("a preview has written");
  noteLeft(world, spec, id, { before, ran });
  return ran;
}

/** A write after a job of this run had ended, and before the poll that saw it: the state has the poll's time as its own. */
function noteBesideJob({ ledger, jobs, besideJob }: World, id: number, { record }: ForeignWrite): void {
  const row = ledger.records.get(keyOf(record))?.row;
  if (row && [...jobs.values()].some(({ run }) => run === id)) besideJob.add(row);
}

/** `before`: what a deletion that knew of no declarations can have taken out of the state, with its resource. */
function noteAcknowledged(
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

/** The jobs whose end a stack has not seen. */
const jobsKnownBy = ({ resources }: Snapshot): string[] =>
  resources.flatMap(({ outputs }) => {
    const { job } = (outputs ?? {}) as { job?: { id: string } };
    return job ? [job.id] : [];
  });

/** Whether a job of this run still runs, and no set of the state waits for it. */
function isForgotten({ server, jobs, snapshots }: World, stack: StackName, id: number): boolean {
  const remembered = jobsKnownBy(snapshots[stack]);
  return server.state.jobs.list.some(
    (job) => isRunning(job) && jobs.get(job.id)?.run === id && !remembered.includes(String(job.id)),
  );
}

function start(world: World, spec: RunSpec, run: { token: string; schedule: Schedule; ran: Ran }) {
  const { stack, operation, parallel, replace, targets, continueOnError, other } = spec;
  const refresh = spec.refresh && operation !== "refresh";
  const { token, schedule, ran } = run;
  return runEngine({
    ...{ operation, stack, parallel },
    ...{ replaceAll: replace, continueOnError, refresh, otherFails: other === "fails" },
    targets: targets && targetsOf(targets, world.snapshots[stack], refresh ? "refresh" : operation),
    resources: ran.program.resources,
    snapshot: world.snapshots[stack],
    turn: () => schedule.turn(),
    host: {
      sleep: (milliseconds, signal) => schedule.pause(milliseconds, signal),
      now: () => world.clock.now(),
    },
    config: { ...settingsFor(token), ...world.config },
    save: (snapshot) => {
      if (!schedule.dead()) world.snapshots[stack] = snapshot;
    },
    onBlindDeletion: () => void (ran.isBlind = true),
    tell: (message) => void ran.told.push(message),
  });
}

/** GitHub has no artifact for what is declared now, and the user accepts that. */
export const isNotRecorded = ({ config }: World, declared: { digest: string } | undefined): boolean =>
  config["artifact-metadata:onMissingArtifact"] === "warn" && declared?.digest === digestOf(LATE);

/** Where no program says what there is, Pulumi knows the resources of the state alone. */
function targetsOf(names: string[], { resources }: Snapshot, operation: Operation) {
  const known = names.map((name) => ({ kind: kindOf(name), name }));
  if (operation === "up" || operation === "preview") return known;
  return known.filter(({ name }) => resources.some(({ urn }) => urn.endsWith(`::${name}`)));
}

/**
 * A removal undoes nobody's record: what it decommissions, its own stack has written last. What the program declares
 * as decommissioned is no removal. Where lists lag behind, may not or are
 * not to be read, nobody can know.
 */
function checkUndone(
  world: World,
  { stack }: RunSpec,
  id: number,
  { program, isBlind: isUninformed }: Ran,
  canKnow: (written: Written, key: string) => boolean,
): void {
  const { ignoring } = program;
  for (const { key, before, by } of endJobs(world, () => ({ writer: stack, run: id }))) {
    // A job of an earlier run that was cut off: nobody waits for it.
    if (by.run !== id) continue;
    const declared = program.records.get(key) ?? program.storage.get(key) ?? program.chainloop.get(key);
    if (declared && "status" in declared && declared.status !== "deployed" && declared.status !== "active")
      continue;
    if (declared && isUninformed) world.undone.add(key);
    if (ignoring.has(key) || isNotRecorded(world, program.records.get(key))) continue;
    if (declared && isUninformed) continue;
    if (declared)
      world.broken.push(new Error(`${stack} has decommissioned ${key}, which its program declares`));
    if (before.writer === stack || !canKnow(before, key) || isBlind(world)) continue;
    world.broken.push(new Error(`${stack} has decommissioned ${key}, which ${before.writer} wrote last`));
  }
}

const LEFT = /left as (it is|they are)/;
/** A run cannot know what another process has written, nor what its token is not allowed to read. */
const UNKNOWN = /with another provider|: another resource of this program declares it/;

/** The records that a stack has written last, as each of its resources knows that has them. */
const keysOfOwn = ({ ledger }: World, known: Map<string, Known[]>, stack: StackName): string[] =>
  [...known].flatMap(([key, all]) => {
    const last = ledger.records.get(key);
    return last?.writer === stack && all.every((one) => isLast(one, last.row)) ? [key] : [];
  });

/** A record of the stack's own that only moved inside its program is nothing to tell of: it is left to nobody. */
function checkTold({ told, program }: Ran, own: string[]): void {
  for (const message of told.filter((one) => LEFT.test(one) && !UNKNOWN.test(one)))
    for (const key of own.filter((one) => program.records.has(one) || program.chainloop.has(one))) {
      if (!message.includes(wordsOf(key))) continue;
      throw new Error(`told of ${key}, which the same program declares: ${message}`);
    }
}

const hasLag = ({ server }: World): boolean => (server.state.store.rules.listLag.reads ?? 0) > 0;
const isBlind = (world: World): boolean =>
  hasLag(world) || world.config["artifact-metadata:verifyOwnership"] === "false";

/** What was deleted to make room for a replacement stays in the state, and is not deleted again. */
const withoutDeleted = ({ resources, ...rest }: Snapshot): Snapshot => ({
  ...rest,
  resources: resources.filter((one) => !one.pendingReplacement),
});

/** Whether a warning says that another resource declares this record, which this one left: its content may differ. */
const isLeftToOther = ({ told }: Ran, key: string): boolean =>
  told.some(
    (message) =>
      /(with another provider|a(nother)? resource of this program) declares it/.test(message) &&
      namesOf(key).some((name) => message.includes(name)),
  );

/** A set names its entry without its place. */
const namesOf = (key: string): string[] => {
  const [, , cluster, name] = JSON.parse(key) as (string | null)[];
  return [wordsOf(key), `deployment ${JSON.stringify(name)} of the set of cluster ${cluster} `];
};

/**
 * What this run leaves deployed without a resource. It may, where the stack could not be sure of its own last write:
 * that write was not acknowledged, or (lists that lag behind) its removal did not find it; and the user was told so.
 */
function noteLeft(
  world: World,
  { stack, operation }: RunSpec,
  id: number,
  { before, ran }: { before: Map<string, Known[]>; ran: Ran },
): void {
  if (operation === "preview") return;
  const after = knownBy(withoutDeleted(world.snapshots[stack]));
  for (const [key, written] of world.ledger.records) {
    const { row, writer, run: writtenIn } = written;
    if (writer !== stack || !isLive(written)) continue;
    if (isLeftToOther(ran, key)) world.leftToOther.add(row);
    // One that declares it and found no artifact has never written it, and cannot remove it.
    if (after.get(key)?.some(({ updatedAt }) => updatedAt !== undefined)) continue;
    const lost = writtenIn === id && ran.result !== "ok";
    const sure = before.get(key)?.some((known) => isLast(known, row)) ?? false;
    const told = ran.told.some((message) => LEFT.test(message));
    // Written by a run that failed or was killed, and a list that lags behind does not show it.
    const isHidden = hasLag(world) && before.has(key) && world.lost.has(writtenIn);
    // A set gives up an entry that another resource of the program declares; that one's write may not have come.
    const holder = ran.program.holders.get(key);
    const hasMoved =
      !before.get(key)?.every(({ urn = "" }) => urn.endsWith(`::${holder}`)) ||
      // To another provider, with its resource.
      isLeftToOther(ran, key);
    // One that was killed may have come to the deletion that makes room for a replacement, and not to its create.
    const isCut = ran.result === "killed" || (ran.result === "failed" && hasMoved);
    const givenUp = holder !== undefined && isCut;
    // Written with another digest by a run that was cut off: no list of the digest that the state has shows it.
    const unseen =
      world.lost.has(writtenIn) && before.get(key)?.every((known) => known.digest !== row.digest) === true;
    if (
      lost ||
      givenUp ||
      unseen ||
      isHidden ||
      isLeftToOther(ran, key) ||
      (told && before.has(key) && (!sure || hasLag(world)))
    )
      world.left.set(key, written);
  }
}
