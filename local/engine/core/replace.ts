/** Replacements: create first, or delete first together with what cannot outlive the old resource. */
import type { PropertyMap, ResourceState, Urn } from "../types";
import { UNKNOWN } from "../types";
import type { Diff } from "./calls";
import { dependents } from "./graph";
import { check } from "./check";
import { replaceOnChanges } from "./diff";
import type { Registration } from "./registration";
import { Bail, mustReplace, type Run } from "./run";
import type { Step } from "./step";
import { createStep, deleteStep, replaceStep } from "./steps";

export async function replacementSteps(
  run: Run,
  { goal, state, reply }: Registration,
  old: ResourceState,
  diff: Diff,
): Promise<Step[]> {
  if (state.protect && old.protect) refuseProtected(run, state.urn);
  run.plan.replaces.add(state.urn);
  // The inputs so far may hold values carried over from the resource that is to go.
  if (goal.custom && !mustReplace(run, state.urn)) {
    const valid = await check(run, state, undefined, goal.properties);
    if (!valid) throw new Bail(`resource ${state.urn} has check errors`);
  }
  const deleteFirst = goal.deleteBeforeReplace ?? diff.deleteBeforeReplace;
  const replace = replaceStep(state, old);
  const create = createStep(run, state, reply, { old, deleteLater: !deleteFirst });
  if (!deleteFirst) return [create, replace];
  const deletions = await earlyDeletions(run, state.urn, old);
  if (!old.pendingReplacement) {
    run.plan.deletes.add(old.urn);
    deletions.push(deleteStep(run, old, "before"));
  }
  return [...deletions, replace, create];
}

/** A preview goes on, so that the user sees everything that is in the way. */
function refuseProtected(run: Run, urn: Urn): void {
  const message =
    `unable to replace resource ${JSON.stringify(urn)}\n` +
    "as it is currently marked for protection. To unprotect the resource, remove the `protect` flag from the " +
    "resource in your Pulumi program and run `pulumi up`";
  run.report.diagnostic("error", message, urn);
  run.plan.failed = true;
  if (!run.preview) throw new Bail(message);
}

/** What must be deleted before `old` can be, last dependents first. Whether it comes back shows later. */
async function earlyDeletions(run: Run, urn: Urn, old: ResourceState): Promise<Step[]> {
  const { plan } = run;
  const condemned = [...(await replacedDependents(run, old)), ...cascading(run, urn)].reverse();
  return condemned.flatMap((state) => {
    if (plan.deletedEarly.has(state)) return [];
    if (state.protect && !state.delete) refuseProtectedDependent(run, state.urn, urn);
    plan.deletes.add(state.urn);
    plan.deletedEarly.add(state);
    return [state.delete ? deleteStep(run, state) : deleteStep(run, state, "before")];
  });
}

function refuseProtectedDependent(run: Run, dependent: Urn, urn: Urn): never {
  const message =
    `unable to replace resource ${JSON.stringify(dependent)} as part of replacing ${JSON.stringify(urn)} ` +
    "as it is currently marked for protection. To unprotect the resource, remove the `protect` flag from the " +
    "resource in your Pulumi program and run `pulumi up`, or use the command:\n" +
    `\`pulumi state unprotect '${dependent}'\``;
  run.report.diagnostic("error", message, urn);
  run.plan.failed = true;
  throw new Bail(message);
}

/** The dependents that a change of what they depend on would replace too, in the order of the state. */
async function replacedDependents(run: Run, root: ResourceState): Promise<ResourceState[]> {
  const { reads, creates, sames, updates, deletes, replaces } = run.plan;
  // What is registered by now cannot depend on a resource that is being registered.
  const registered = new Set([reads, creates, sames, updates, deletes, replaces].flatMap((set) => [...set]));
  const replaced = new Set([root.urn]);
  const result: ResourceState[] = [];
  for (const state of dependents(run.journal.base, root, registered)) {
    if (!(await isReplacedWith(run, state, replaced))) continue;
    replaced.add(state.urn);
    result.push(state);
  }
  return result;
}

/** Whether a resource has to be replaced because others are. */
async function isReplacedWith(run: Run, state: ResourceState, replaced: Set<Urn>): Promise<boolean> {
  if (!state.custom || state.external) return false;
  if (state.deletedWith && replaced.has(state.deletedWith)) return true;
  const inputs = state.inputs ?? {};
  const sources = state.propertyDependencies ?? {};
  const uncertain = Object.keys(inputs).filter((key) => sources[key]?.some((urn) => replaced.has(urn)));
  if (uncertain.length === 0) return false;
  const news: PropertyMap = { ...inputs, ...Object.fromEntries(uncertain.map((key) => [key, UNKNOWN])) };
  const ignoreChanges = state.ignoreChanges ?? [];
  const found = await run.calls(state).diff(state, news, { urn: state.urn, ignoreChanges, unknowns: true });
  return replaceOnChanges(found, state.replaceOnChanges ?? [], false).replaces.length > 0;
}

/** The resources that cannot outlive this one. */
function cascading(run: Run, urn: Urn): ResourceState[] {
  const states = new Map([...run.olds, ...run.news]);
  return [...states.values()].filter((state) => state.deletedWith === urn);
}
