/** The steps that ask a provider what it sees: reads of what others own, and refreshes of our own. */
import { UNKNOWN, type ResourceState } from "../types";
import { UNCHANGED, type Diff } from "./calls";
import type { Executor } from "./executor";
import { isTargeted, type Run } from "./run";
import { failure, now, OK, stepOn, type Reply, type Step } from "./step";
import { isProviderType } from "./urn";
import { equal } from "./values";

export function readStep(
  run: Run,
  old: ResourceState | undefined,
  state: ResourceState,
  reply: Reply,
  replacing: boolean,
): Step {
  return {
    ...stepOn(state, replacing ? "read-replacement" : "read"),
    ...(old && { old }),
    new: state,
    logical: !replacing,
    operation: { state, type: "reading" },
    async apply() {
      try {
        await readInto(run, state);
      } catch (error) {
        return failure(error);
      }
      if (!old) return OK;
      if (replacing) old.delete = true;
      const drifted =
        !equal(state.inputs ?? {}, old.inputs ?? {}) || !equal(state.outputs ?? {}, old.outputs ?? {});
      Object.assign(state, { created: old.created, modified: drifted ? now() : old.modified });
      return OK;
    },
    change: () => ({ operation: state, ...(old && { done: old }), added: state, write: true }),
    complete: (result) => reply({ state, result }),
  };
}

async function readInto(run: Run, state: ResourceState): Promise<void> {
  const id = state.id ?? "";
  if (id === UNKNOWN) {
    state.outputs = {};
    return;
  }
  // What a program knows of the resource is given as its state: there is no other.
  const answer = await run.calls(state).read(id, state, state.inputs ?? {});
  state.outputs = answer.properties;
  if (answer.id) state.id = answer.id;
}

/** What a provider finds under an ID becomes the state, with which the program's declaration is then compared. */
export function importStep(run: Run, state: ResourceState, old: ResourceState | undefined): Step {
  return {
    ...stepOn(state, old ? "import-replacement" : "import"),
    ...(old && { old }),
    new: state,
    logical: !old,
    operation: { state, type: "importing" },
    async apply() {
      const id = state.importID ?? "";
      try {
        const { inputs, ...found } = await run.calls(state).read(id, { ...state, inputs: {} });
        if (!found.id) throw new Error(`resource '${id}' does not exist`);
        if (!inputs) throw new Error(`provider does not support importing resources of type '${state.type}'`);
        const time = now();
        Object.assign(state, {
          id: found.id,
          inputs,
          outputs: found.properties,
          created: time,
          modified: time,
        });
      } catch (error) {
        return failure(error);
      }
      if (old) old.delete = true;
      return OK;
    },
    change: () => ({ operation: state, added: state, write: true }),
  };
}

export function refreshStep(run: Run, old: ResourceState): Step {
  let changes = false;
  const step: Step = {
    ...stepOn(old, "refresh"),
    old,
    new: old,
    logical: false,
    async apply() {
      if (!old.custom || isProviderType(old.type) || old.pendingReplacement) return OK;
      try {
        step.new = await refreshed(run, old);
        if (step.new) ({ changes, detailedDiff: step.detailedDiff } = await driftOf(run, old, step.new));
        return OK;
      } catch (error) {
        step.new = old;
        return failure(error);
      }
    },
    change: () => ({ write: false }),
    result: () => (step.new ? (changes ? "update" : "same") : "delete"),
  };
  return step;
}

/** The resource as its provider sees it, or undefined if it is gone. */
async function refreshed(run: Run, old: ResourceState): Promise<ResourceState | undefined> {
  const answer = await run.calls(old).read(old.id ?? "", old, old.outputs ?? {});
  if (!answer.id) return undefined;
  const inputs = answer.inputs ?? old.inputs ?? {};
  const state: ResourceState = { ...old, id: answer.id, inputs, outputs: answer.properties };
  delete state.initErrors;
  if (!equal(inputs, old.inputs ?? {}) || !equal(answer.properties, old.outputs ?? {}))
    state.modified = now();
  return state;
}

/** Whether the next update of an unchanged program would change the resource back. */
async function driftOf(run: Run, old: ResourceState, state: ResourceState): Promise<Diff> {
  if (old.external) return { ...UNCHANGED, changes: !equal(old.outputs ?? {}, state.outputs ?? {}) };
  const ignoreChanges = old.ignoreChanges ?? [];
  const options = { urn: state.urn, ignoreChanges, unknowns: run.preview };
  return run.calls(state).diff(state, old.inputs ?? {}, options);
}

/** Refresh: the state becomes what the providers see. */
export async function refreshAll(run: Run, executor: Executor): Promise<void> {
  // A program that runs along has registered its providers anew.
  const isCurrent = ({ type, urn }: ResourceState) => !(isProviderType(type) && run.news.has(urn));
  const base = run.journal.base.filter(isCurrent);
  const steps = new Map(
    base.filter((state) => isTargeted(run, state)).map((state) => [state, refreshStep(run, state)]),
  );
  await executor.all([...steps.values()]);
  // References to removed resources would remain, but no provider here removes a resource that others refer to.
  run.journal.base = base.flatMap((state) => (steps.get(state) ?? { new: state }).new ?? []);
  run.olds.clear();
  for (const state of run.journal.base) if (!state.delete) run.olds.set(state.urn, state);
  if (!run.preview) await run.journal.save();
}
