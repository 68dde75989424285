/** Replacements: create first, or delete first together with what cannot outlive the old resource. */
import { type PropertyMap, type ResourceState, UNKNOWN, type Urn } from "../types";
import type { Diff } from "./calls";
import { dependents } from "./graph";
import { check } from "./check";
import { replaceOnChanges } from "./diff";
import { valueText } from "./report";
import { Bail, mustReplace, refuse, type Run } from "./run";
import type { Registration, Step } from "./step";
import { createStep, deleteStep, protectedText, replaceStep } from "./steps";
import { own } from "./values";

export async function replacementSteps(
  run: Run,
  { goal, state, reply }: Registration,
  old: ResourceState,
  diff: Diff,
): Promise<Step[]> {
  if (state.protect && old.protect) refuseProtected(run, state.urn);
  if (state.importID) refuseImported(run, state, old, diff.replaces);
  run.plan.replaces.add(state.urn);
  // These inputs can hold values carried over from the resource that will be deleted.
  if (goal.custom && !mustReplace(run, state.urn)) {
    const valid = await check(run, state, undefined, goal.properties);
    if (!valid) throw new Bail(`resource ${state.urn} has check errors`);
  }
  const deleteFirst = goal.deleteBeforeReplace ?? diff.deleteBeforeReplace;
  const replace = replaceStep(state, old, diff.detailedDiff);
  const create = createStep(run, state, reply, {
    old,
    deleteLater: !deleteFirst,
    detailedDiff: diff.detailedDiff,
  });
  if (!deleteFirst) return [create, replace];
  const deletions = await earlyDeletions(run, state.urn, old);
  if (!old.pendingReplacement) {
    run.plan.deletes.add(old.urn);
    deletions.push(deleteStep(run, old, "before"));
  }
  return [...deletions, replace, create];
}

/** The replacement would have another ID than the one that the program gives. */
function refuseImported(run: Run, state: ResourceState, old: ResourceState, keys: string[]): void {
  const text = (inputs: PropertyMap = {}, key: string) => valueText(own(inputs, key));
  const changes = keys.map((key) => `${key}: ${text(old.inputs, key)} => ${text(state.inputs, key)}`);
  const message =
    "previously-imported resources that still specify an ID may not be replaced; " +
    `please remove the \`import\` declaration from your program;\n${changes.join("\n")}`;
  if (!run.preview) throw new Error(message);
  run.report.diagnostic("warning", message, state.urn);
}

/** A preview continues, to show everything that prevents the update. */
function refuseProtected(run: Run, urn: Urn): void {
  const message = protectedText(urn, "replaced");
  run.plan.failed = true;
  if (!run.preview) refuse(run, urn, message);
  run.report.diagnostic("error", message, urn);
}

/** What must be deleted before `old` can be, last dependents first. Whether it comes back shows later. */
async function earlyDeletions(run: Run, urn: Urn, old: ResourceState): Promise<Step[]> {
  const { plan } = run;
  const toDelete = (await replacedDependents(run, old)).reverse();
  return toDelete.flatMap((state) => {
    if (plan.deletedEarly.has(state)) return [];
    if (state.protect && !state.delete)
      refuse(run, urn, protectedText(state.urn, `replaced together with ${JSON.stringify(urn)}`));
    plan.deletes.add(state.urn);
    plan.deletedEarly.add(state);
    return [state.delete ? deleteStep(run, state) : deleteStep(run, state, "before")];
  });
}

/** The dependents that a change of what they depend on would replace too, in the order of the state. */
export async function replacedDependents(run: Run, root: ResourceState): Promise<ResourceState[]> {
  // What is registered by now cannot depend on a resource that is being registered.
  const registered = new Set([...run.plan.urns, ...run.plan.deletes]);
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
  const inputs = state.inputs ?? {};
  const sources = state.propertyDependencies ?? {};
  const uncertain = Object.keys(inputs).filter((key) => sources[key]?.some((urn) => replaced.has(urn)));
  if (uncertain.length === 0) return false;
  const news: PropertyMap = { ...inputs, ...Object.fromEntries(uncertain.map((key) => [key, UNKNOWN])) };
  const ignoreChanges = state.ignoreChanges ?? [];
  const found = await run.calls(state).diff(state, news, { urn: state.urn, ignoreChanges, unknowns: true });
  return replaceOnChanges(found, state.replaceOnChanges ?? [], false).replaces.length > 0;
}
