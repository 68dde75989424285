/**
 * A removal undoes nobody's record: what it decommissions, its own stack has written last, and the program does not declare
 * it. What is declared as decommissioned is no removal.
 */
import { hasLag, isNotRecorded, jobsKnownBy } from "./aftermath";
import type { Known } from "./known";
import type { Written } from "./ledger";
import type { Options } from "./layout";
import { nameOf } from "./names";
import type { Ran, RunSpec } from "./run";
import type { Watch } from "./watch";
import { endJobs } from "./world";
import type { World } from "./world";

export interface Undone {
  /** `body`: of the request that was carried out. */
  check(body: string): void;
  /** The run is over. */
  end(): void;
}

interface Run {
  id: number;
  /** What the state had before. */
  before: Map<string, Known[]>;
  ran: Ran;
  watch: Watch;
}

/** What it finds is in `broken`: an exception would be an answer of the server's. */
export function createUndone(world: World, spec: RunSpec, run: Run): Undone {
  const { stack, targets } = spec;
  const { id, before, ran } = run;
  const { program } = ran;
  const canKnow = knowledgeOf(world, spec, run);
  const givesUp = (key: string): Options[] =>
    (before.get(key) ?? []).map(({ urn }) => world.layout.options[nameOf(urn)] ?? {});
  // With `ignoreChanges: ["*"]` a resource is not told what the others declare.
  const isUntold = (key: string) => givesUp(key).some(({ ignores }) => ignores?.includes("*"));
  const holderOf = (key: string): Options => world.layout.options[program.holders.get(key) ?? ""] ?? {};
  const late = new Set<string>();
  const violation = (text: string) =>
    void world.broken.push(new Error(`${stack} has decommissioned ${text}`));
  return {
    check(body) {
      for (const { key, before: written, by } of endJobs(world, () => ({ writer: stack, run: id }))) {
        // A job of an earlier run that was cut off: nobody waits for it.
        if (by.run !== id) continue;
        const declared = program.records.get(key) ?? program.storage.get(key) ?? program.chainloop.get(key);
        if (declared && "status" in declared && !isLiveStatus(declared.status)) continue;
        const canNotKnow = ran.isBlind || isUntold(key);
        if (declared && canNotKnow) world.undone.add(key);
        if (program.ignoring.has(key) || isNotRecorded(world, program.records.get(key))) continue;
        if (declared && canNotKnow) continue;
        if (declared && holderOf(key).isLate) {
          late.add(key);
          continue;
        }
        if (declared) violation(`${key}, which its program declares`);
        if (written.writer === stack || !canKnow(written, key, body)) continue;
        // Nobody can call back a job.
        if (by.accepted !== undefined && written.tick !== undefined && by.accepted < written.tick) continue;
        violation(`${key}, which ${written.writer} wrote last`);
      }
    },
    // A whole run writes it again, in the process that has removed it.
    end() {
      for (const key of late) {
        const isElsewhere = givesUp(key).some(({ provider }) => provider !== holderOf(key).provider);
        if (ran.result !== "ok" || targets !== undefined || isElsewhere) world.undone.add(key);
      }
    },
  };
}

const isLiveStatus = (status: string): boolean => status === "deployed" || status === "active";

/** Whether the run can know of what another writer has written. Where lists lag behind, or are not to be read, it cannot. */
function knowledgeOf(world: World, { stack, faults }: RunSpec, { before, watch }: Run) {
  const isBlind = hasLag(world) || world.config["artifact-metadata:verifyOwnership"] === "false";
  // With no right to read, what is taken out is decommissioned, with a warning.
  const isRefused = faults.some(({ kind }) => kind === "403");
  const hasJob = jobsKnownBy(world.snapshots[stack]).length > 0;
  for (const { row, writer } of hasJob ? world.ledger.records.values() : [])
    if (writer !== stack) world.besideJob.add(row);
  const looksOwn = ({ row }: Written, key: string) =>
    world.besideJob.has(row) &&
    (hasJob || before.get(key)?.some(({ updatedAt = "" }) => updatedAt >= row.updated_at) === true);
  return (written: Written, key: string, body: string): boolean => {
    const known = (before.get(key) ?? []).flatMap(({ digest }) => digest ?? []);
    return !isBlind && !isRefused && !looksOwn(written, key) && watch.canKnow(written, body, known);
  };
}
