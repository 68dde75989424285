/** What the parts of one deployment share. */
import type { Deployment, ResourceState, Urn } from "../types";
import { createCalls, type Calls } from "./calls";
import { createJournal, type Journal } from "./journal";
import { createReport, type Report } from "./report";
import { createUrn, type Naming } from "./urn";

/** Which steps were decided on so far. */
export interface Plan {
  urns: Set<Urn>;
  reads: Set<Urn>;
  creates: Set<Urn>;
  sames: Set<Urn>;
  updates: Set<Urn>;
  replaces: Set<Urn>;
  deletes: Set<Urn>;
  /** Deleted before the replacement of something they depend on. */
  deletedEarly: Set<ResourceState>;
  /** From the URN that a resource had to the one it has now, and back. */
  aliased: Map<Urn, Urn>;
  oldUrns: Map<Urn, Urn>;
  /** An error was reported that does not stop the run at once. */
  failed: boolean;
}

export interface Run {
  options: Deployment;
  preview: boolean;
  naming: Naming;
  calls: (state: ResourceState) => Calls;
  report: Report;
  journal: Journal;
  plan: Plan;
  /** Old resources that are not waiting to be deleted. */
  olds: Map<Urn, ResourceState>;
  /** Resources of this run that exist by now. */
  news: Map<Urn, ResourceState>;
}

/** Ends the run; the user has been told why. */
export class Bail extends Error {}

export function createRun(options: Deployment): Run {
  const preview = options.operation === "preview";
  // The old resources are marked in place while the run goes on; the caller's stay as they are.
  const resources = options.snapshot.resources.map((state) => ({ ...state }));
  return {
    options,
    preview,
    naming: { stack: options.stack, project: options.project },
    calls: createCalls(options.provider, preview),
    report: createReport((event) => options.emit(event), {
      preview,
      refresh: options.operation === "refresh",
    }),
    journal: createJournal(options.snapshot, resources, (snapshot) => options.save(snapshot)),
    plan: createPlan(),
    olds: new Map(resources.filter((state) => !state.delete).map((state) => [state.urn, state])),
    news: new Map(),
  };
}

function createPlan(): Plan {
  return {
    urns: new Set(),
    reads: new Set(),
    creates: new Set(),
    sames: new Set(),
    updates: new Set(),
    replaces: new Set(),
    deletes: new Set(),
    deletedEarly: new Set(),
    aliased: new Map(),
    oldUrns: new Map(),
    failed: false,
  };
}

/** A resource's URN is its own alone, and its parent was registered before it. */
export function claimUrn(
  run: Run,
  { parent, type, name }: { parent?: Urn; type: string; name: string },
): Urn {
  if (parent && !run.plan.urns.has(parent)) throw new Error(`could not find parent resource ${parent}`);
  const urn = createUrn(run.naming, parent, type, name);
  if (run.plan.urns.has(urn)) {
    run.report.diagnostic("error", `Duplicate resource URN '${urn}'; try giving it a unique name`, urn);
    throw new Bail();
  }
  run.plan.urns.add(urn);
  return urn;
}

/** Whether the user asked for this resource to be replaced (`--replace`). */
export function mustReplace(run: Run, urn: Urn): boolean {
  return run.options.replace?.includes(urn) === true;
}
