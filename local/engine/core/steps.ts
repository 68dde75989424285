/** The steps that a deployment is made of: what each asks of the provider, and what it makes of the answer. */
import type { Op, PropertyMap, PendingOperationType, ResourceState, Urn } from "../types";
import { PartialFailure, UNKNOWN } from "../types";
import type { Diff } from "./calls";
import { worthWriting, type Change } from "./journal";
import type { Run } from "./run";
import { isProviderType } from "./urn";
import { equal } from "./values";

export interface Outcome {
  /** `unknown`: nobody knows what the failed operation did. */
  status: "ok" | "partial" | "unknown";
  error?: Error;
}

export interface Step {
  op: Op;
  urn: Urn;
  type: string;
  provider: string;
  old?: ResourceState;
  new?: ResourceState;
  /** Physical steps belong to a replacement, which is counted once. */
  logical: boolean;
  keys?: string[];
  diffs?: string[];
  /** A matter of the state alone, of which the user is not told. */
  internal?: boolean;
  /** Noted in the state before the step begins. */
  operation?: { state: ResourceState; type: PendingOperationType };
  apply(): Promise<Outcome>;
  /** What the state becomes if the step succeeded, at least in part. */
  change(): Change;
  /** Lets the program go on. */
  complete?(): void;
  /** What a refresh found: same, update or delete. */
  result?(): Op;
}

export class ProtectedError extends Error {}

type Reply = (state: ResourceState) => void;

const OK: Outcome = { status: "ok" };

function base(op: Op, state: ResourceState) {
  return { op, urn: state.urn, type: state.type, provider: state.provider ?? "" };
}

function now(): string {
  return new Date().toISOString();
}

/** Runs a create or update. One that was done in part gives the resource its outputs and its errors. */
async function attempt(
  state: ResourceState,
  call: () => Promise<{ id?: string; properties: PropertyMap }>,
  statusOfFailure: Outcome["status"],
): Promise<{ answer?: { id?: string; properties: PropertyMap }; outcome: Outcome }> {
  try {
    return { answer: await call(), outcome: OK };
  } catch (error) {
    if (!(error instanceof PartialFailure)) return { outcome: failure(error, statusOfFailure) };
    state.initErrors = error.reasons;
    const outcome: Outcome = { status: "partial", error: new Error(reasonsText(error.reasons)) };
    return { answer: { id: error.id, properties: error.properties }, outcome };
  }
}

function failure(error: unknown, status: Outcome["status"]): Outcome {
  return { status, error: error instanceof Error ? error : new Error(String(error)) };
}

function reasonsText(reasons: string[]): string {
  if (reasons.length === 0) return "resource init failed";
  const heading = reasons.length === 1 ? "1 error occurred:" : `${reasons.length} errors occurred:`;
  return [heading, ...reasons.map((reason) => `\t* ${reason}`), "\n"].join("\n");
}

export function sameStep(old: ResourceState, state: ResourceState, reply: Reply): Step {
  return {
    ...base("same", state),
    old,
    new: state,
    logical: true,
    async apply() {
      Object.assign(state, { id: old.id, outputs: old.outputs });
      return OK;
    },
    change: () => ({ done: old, added: state, write: worthWriting(old, state) }),
    complete: () => reply(state),
  };
}

export interface Replacement {
  old: ResourceState;
  keys: string[];
  diffs: string[];
  /** The old resource outlives the new one's creation. */
  deleteLater: boolean;
}

export function createStep(run: Run, state: ResourceState, reply: Reply, replacement?: Replacement): Step {
  return {
    ...base(replacement ? "create-replacement" : "create", state),
    ...replacement,
    new: state,
    logical: !replacement,
    operation: { state, type: "creating" },
    async apply() {
      const call = () => (state.custom ? run.calls.create(state) : Promise.resolve(undefined));
      const { answer, outcome } = await attempt(
        state,
        async () => (await call()) ?? { properties: {} },
        "ok",
      );
      if (!answer) return outcome;
      if (state.custom) Object.assign(state, { id: answer.id, outputs: answer.properties });
      state.created = state.modified = now();
      if (replacement?.deleteLater) {
        replacement.old.delete = true;
        run.journal.changed(replacement.old);
      }
      return outcome;
    },
    change: () => ({
      operation: state,
      added: state,
      ...(replacement?.old.pendingReplacement && { done: replacement.old }),
      write: true,
    }),
    complete: () => reply(state),
  };
}

/** The logical step of which create-replacement and delete-replaced are the parts. */
export function replaceStep(state: ResourceState, { old, keys, diffs }: Replacement): Step {
  return {
    ...base("replace", state),
    old,
    new: state,
    logical: true,
    keys,
    diffs,
    apply: async () => OK,
    change: () => ({ write: false }),
  };
}

export function updateStep(
  run: Run,
  old: ResourceState,
  state: ResourceState,
  reply: Reply,
  { ignoreChanges, diff }: { ignoreChanges: string[]; diff: Diff },
): Step {
  return {
    ...base("update", state),
    old,
    new: state,
    logical: true,
    diffs: diff.changed,
    operation: { state, type: "updating" },
    async apply() {
      Object.assign(state, { id: old.id, created: old.created, modified: old.modified });
      if (!state.custom) return OK;
      const call = async () => ({ properties: await run.calls.update(old, state, ignoreChanges) });
      const { answer, outcome } = await attempt(state, call, "unknown");
      if (!answer) return outcome;
      state.outputs = answer.properties;
      state.modified = now();
      // The new inputs did not take effect as a whole: they must show up as a change again.
      if (outcome.status === "partial" && !run.preview) state.inputs = old.inputs;
      return outcome;
    },
    change: () => ({ operation: state, done: old, added: state, write: true }),
    complete: () => reply(state),
  };
}

/** `replaced`: part of a replacement, `before` or `after` the creation of the new resource. */
export function deleteStep(run: Run, old: ResourceState, replaced?: "before" | "after"): Step {
  const op = old.external
    ? replaced
      ? "discard-replaced"
      : "discard"
    : replaced
      ? "delete-replaced"
      : "delete";
  return {
    ...base(op, old),
    old,
    logical: !replaced,
    operation: { state: old, type: "deleting" },
    async apply() {
      if (!replaced && old.protect)
        return { status: "ok", error: new ProtectedError(protectedText(old.urn)) };
      const goesWithAnother = old.deletedWith !== undefined && run.plan.deletes.has(old.deletedWith);
      try {
        const ours = old.custom && !old.external && !old.retainOnDelete && !goesWithAnother;
        if (ours && !run.preview) await run.calls.delete(old);
      } catch (error) {
        return failure(error, "unknown");
      }
      // Only now: what failed to be deleted must be deleted by the next run.
      if (replaced === "before") old.pendingReplacement = true;
      run.journal.changed(old);
      return OK;
    },
    change: () => ({ operation: old, ...(!old.pendingReplacement && { done: old }), write: true }),
  };
}

/** A resource that an earlier run deleted in order to replace it, and that is not wanted any more. */
export function forgetStep(old: ResourceState): Step {
  return {
    ...base("delete", old),
    old,
    logical: false,
    internal: true,
    apply: async () => OK,
    change: () => ({ done: old, write: true }),
  };
}

function protectedText(urn: Urn): string {
  return (
    `resource ${JSON.stringify(urn)} cannot be deleted\n` +
    "because it is protected. To unprotect the resource, either remove the `protect` flag from the resource " +
    `in your Pulumi program and run \`pulumi up\`, or use the command:\n\`pulumi state unprotect '${urn}'\``
  );
}

export function readStep(
  run: Run,
  old: ResourceState | undefined,
  state: ResourceState,
  reply: Reply,
  replacing: boolean,
): Step {
  return {
    ...base(replacing ? "read-replacement" : "read", state),
    ...(old && { old }),
    new: state,
    logical: !replacing,
    operation: { state, type: "reading" },
    async apply() {
      try {
        await readInto(run, state);
      } catch (error) {
        return failure(error, "unknown");
      }
      if (!old) return OK;
      if (replacing) old.delete = true;
      const drifted =
        !equal(state.inputs ?? {}, old.inputs ?? {}) || !equal(state.outputs ?? {}, old.outputs ?? {});
      Object.assign(state, { created: old.created, modified: drifted ? now() : old.modified });
      return OK;
    },
    change: () => ({ operation: state, ...(old && { done: old }), added: state, write: true }),
    complete: () => reply(state),
  };
}

async function readInto(run: Run, state: ResourceState): Promise<void> {
  const id = state.id ?? "";
  if (id === UNKNOWN) {
    state.outputs = {};
    return;
  }
  // What a program knows of the resource is given as its state: there is no other.
  const answer = await run.calls.read(id, state, state.inputs ?? {});
  state.outputs = answer.properties;
  if (answer.id) state.id = answer.id;
}

export function refreshStep(run: Run, old: ResourceState): Step {
  let changes = false;
  const step: Step = {
    ...base("refresh", old),
    old,
    new: old,
    logical: false,
    async apply() {
      if (!old.custom || isProviderType(old.type) || old.pendingReplacement) return OK;
      try {
        step.new = await refreshed(run, old);
        if (step.new) changes = await hasDrifted(run, old, step.new);
        return OK;
      } catch (error) {
        step.new = old;
        return failure(error, "unknown");
      }
    },
    change: () => ({ write: false }),
    result: () => (step.new ? (changes ? "update" : "same") : "delete"),
  };
  return step;
}

/** The resource as its provider sees it, or undefined if it is gone. */
async function refreshed(run: Run, old: ResourceState): Promise<ResourceState | undefined> {
  const answer = await run.calls.read(old.id ?? "", old, old.outputs ?? {});
  if (!answer.id) return undefined;
  const inputs = answer.inputs ?? old.inputs ?? {};
  const state: ResourceState = { ...old, id: answer.id, inputs, outputs: answer.properties };
  delete state.initErrors;
  if (!equal(inputs, old.inputs ?? {}) || !equal(answer.properties, old.outputs ?? {}))
    state.modified = now();
  return state;
}

/** Whether the next update of an unchanged program would change the resource back. */
async function hasDrifted(run: Run, old: ResourceState, state: ResourceState): Promise<boolean> {
  if (old.external) return !equal(old.outputs ?? {}, state.outputs ?? {});
  const ignoreChanges = old.ignoreChanges ?? [];
  const diff = await run.calls.diff(state, old.inputs ?? {}, { ignoreChanges, unknowns: run.preview });
  return diff.changes;
}
