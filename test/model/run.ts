/** One run of Pulumi on a stack: to its end, or to the moment in which everything in memory is lost. */
import { randomUUID } from "node:crypto";
import type { DeploymentResult, Operation, Snapshot } from "../../local/engine/types";
import type { RequestLog } from "../../local/github";
import { createSchedule } from "./clock";
import type { Schedule } from "./clock";
import { declaredBy } from "./effective";
import type { Fault } from "./faults";
import { isLast, knownBy } from "./known";
import type { Known } from "./known";
import { emptyLayout, kindOf, programOf, RECORDS, wordsOf } from "./layout";
import type { Program, StackName } from "./layout";
import { checkSecrets, shownSecrets } from "./secrets";
import {
  hasLag,
  isForgotten,
  isNotRecorded,
  LEFT,
  noteAcknowledged,
  noteBesideJob,
  noteDeleted,
  noteJobElsewhere,
  noteLeft,
  noteStale,
  noteUndone,
  noteUnversioned,
} from "./aftermath";
import { settingsFor } from "./server";
import { run as runEngine } from "./stack";
import type { ForeignWrite } from "./scenario";
import type { JobPlan } from "../../local/github/jobs";
import { foreignWrite } from "./world";
import { createUndone } from "./undone";
import { createWatch, nextTick } from "./watch";
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

/** Nothing goes wrong, and nobody else does anything. */
export const CALM: Omit<RunSpec, "stack" | "operation" | "seed"> = {
  ...{ parallel: 8, killAt: undefined, faults: [], replace: false, refresh: false },
  ...{ targets: undefined, continueOnError: false, meanwhile: [], jobs: [], other: "same" },
};

export interface Ran {
  result: "ok" | "failed" | "killed";
  /** What the user was told. */
  told: string[];
  /** A deletion alone asks for no check: nothing is known of what the program declares (`--target`). */
  isBlind: boolean;
  /** The bodies of all writes. */
  sent: string[];
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
  const next: ForeignWrite[] = [];
  const schedule = createSchedule(world.clock, spec.seed, spec.killAt, (step) => {
    next.push(...spec.meanwhile.flatMap((one) => (one.step === step ? [one.write] : [])));
    for (const write of next.splice(0)) {
      foreignWrite(world, write);
      noteBesideJob(world, id, write);
    }
  });
  const goesWrong = ({ meanwhile: as }: Fault, body: string) => {
    const record = RECORDS.findIndex(({ deploymentName }) => body.includes(JSON.stringify(deploymentName)));
    if (as !== undefined && record >= 0) next.push({ do: "foreign write", record, as });
  };
  const ran: Ran = {
    ...{ result: "killed", isBlind: false },
    ...{ told: [], sent: [] },
    writes: 0,
    changes: {},
    program: operation === "destroy" ? programOf(emptyLayout(), stack) : declaredBy(world, stack),
  };
  const shown = shownSecrets(world.snapshots[stack]);
  const before = knownBy(world.snapshots[stack]);
  const hasOthers = spec.meanwhile.length > 0 || spec.faults.some(({ meanwhile }) => meanwhile !== undefined);
  const sure = hasLag(world) || hasOthers ? [] : keysOfOwn(world, before, stack);
  // Of this run alone, also among all sequences: what an earlier one left in memory reaches no server.
  const token = randomUUID();
  const watch = createWatch();
  const undone = createUndone(world, spec, { id, before, ran, watch });
  const sends = (body: string) => {
    watch.sends(body);
    if (body !== "") ran.sent.push(body);
  };
  const arrives = () => undone.check("");
  const carriedOut = (request: Pick<RequestLog, "method" | "path" | "status">, body: string) => {
    if (request.method === "GET") watch.lists(request.path);
    if (request.method === "POST" && (request.status ?? 500) < 300) ran.writes++;
    for (const { id: job } of world.server.state.jobs.list)
      if (!world.jobs.has(job))
        world.jobs.set(job, { writer: stack, run: id, isOfJob: true, accepted: nextTick() });
    undone.check(body);
  };
  world.server.state.jobs.plans = [...spec.jobs];
  world.server.connect({
    token,
    schedule,
    faults: spec.faults,
    ...{ sends, goesWrong, arrives, carriedOut },
  });
  const work = start(world, spec, { token, schedule, ran });
  const result = await schedule.drive(work);
  if (result !== "killed")
    Object.assign(ran, { result: result.ok ? "ok" : "failed", changes: result.changes });
  world.server.disconnect(token);
  if (ran.result === "killed") world.killed.add(id);
  if (ran.result !== "ok") world.lost.add(id);
  undone.end();
  noteJobElsewhere(world, spec, ran);
  noteUnversioned(world, id, before);
  if (ran.result === "failed") noteDeleted(world, spec, id, ran);
  if (operation === "refresh" || spec.refresh) noteStale(world, stack);
  noteAcknowledged(world, stack, ran.isBlind ? before : new Map());
  if (ran.isBlind) noteUndone(world, stack, id, before);
  if (isForgotten(world, stack, id)) world.forgotten.add(id);
  if (world.broken[0]) throw world.broken[0];
  const isWritten = (key: string) => !isNotRecorded(world, ran.program.records.get(key));
  const isLate = (key: string) => world.layout.options[ran.program.holders.get(key) ?? ""]?.isLate === true;
  if (!ran.isBlind)
    checkTold(
      ran,
      sure.filter((key) => isWritten(key) && !isLate(key)),
    );
  // A refresh can find what was a secret of another program.
  if (operation !== "refresh" && !spec.refresh) checkSecrets(world.snapshots[stack], shown);
  if (operation === "preview" && ran.writes > 0) throw new Error("a preview has written");
  noteLeft(world, spec, id, { before, ran });
  return ran;
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

/** Where no program says what there is, Pulumi knows the resources of the state alone. */
function targetsOf(names: string[], { resources }: Snapshot, operation: Operation) {
  const known = names.map((name) => ({ kind: kindOf(name), name }));
  if (operation === "up" || operation === "preview") return known;
  return known.filter(({ name }) => resources.some(({ urn }) => urn.endsWith(`::${name}`)));
}

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
