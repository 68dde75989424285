/** The steps that change a resource: what each asks of the provider, and what it makes of the answer. */
import { PartialFailure, type DetailedDiff, type PropertyMap, type ResourceState, type Urn } from "../types";
import type { Run } from "./run";
import { failure, now, OK, ProtectedError, stepOn, type Outcome, type Reply, type Step } from "./step";
import { isProviderType } from "./urn";
import { annotateSecrets } from "./values";

/** Runs a create or update; one that was done in part gives the resource its outputs and its errors. */
async function attempt(
  state: ResourceState,
  call: () => Promise<{ id?: string; properties: PropertyMap }>,
): Promise<Outcome> {
  const take = (id: string | undefined, outputs: PropertyMap): void => {
    state.id ??= id;
    state.outputs = outputs;
  };
  try {
    const { id, properties } = await call();
    take(id, properties);
    return OK;
  } catch (error) {
    if (!(error instanceof PartialFailure)) return failure(error);
    take(error.id, annotateSecrets(error.properties, state.inputs ?? {}));
    state.initErrors = error.reasons;
    return { partial: true, error: new Error(reasonsText(error.reasons)) };
  }
}

function wasDone(outcome: Outcome): boolean {
  return !outcome.error || outcome.partial === true;
}

function reasonsText(reasons: string[]): string {
  if (reasons.length === 0) return "resource init failed";
  const heading = reasons.length === 1 ? "1 error occurred:" : `${reasons.length} errors occurred:`;
  return [heading, ...reasons.map((reason) => `\t* ${reason}`), "\n"].join("\n");
}

export function sameStep(run: Run, old: ResourceState, state: ResourceState, reply: Reply): Step {
  return {
    ...stepOn(state, "same"),
    old,
    new: state,
    logical: true,
    async apply() {
      Object.assign(state, { id: old.id, outputs: old.outputs });
      if (isProviderType(state.type)) run.providers.keep(state);
      return OK;
    },
    // Nothing was done that a crash must not forget: the next write of the state takes it along.
    change: () => ({ done: old, added: state, write: false }),
    complete: (result) => reply({ state, result }),
  };
}

/** A new resource that this run leaves out. */
export function skipStep(state: ResourceState, reply: Reply): Step {
  return {
    ...stepOn(state, "same"),
    new: state,
    logical: true,
    apply: async () => OK,
    change: () => ({ write: false }),
    complete: () => reply({ state, result: "skip" }),
  };
}

/** `--run-program`: the program says how providers are configured now, and nothing of it is made real. */
export function observeStep(old: ResourceState | undefined, state: ResourceState, reply: Reply): Step {
  const isNew = old === undefined && state.custom;
  return {
    ...skipStep(state, reply),
    internal: true,
    async apply() {
      Object.assign(state, { id: old?.id, outputs: old?.outputs });
      return OK;
    },
    complete: () => reply({ state, result: isNew ? "skip" : "success" }),
  };
}

export interface Replacement {
  old: ResourceState;
  /** The old resource outlives the new one's creation. */
  deleteLater: boolean;
  detailedDiff?: DetailedDiff;
}

export function createStep(run: Run, state: ResourceState, reply: Reply, replacement?: Replacement): Step {
  return {
    ...stepOn(state, replacement ? "create-replacement" : "create"),
    ...replacement,
    new: state,
    logical: !replacement,
    operation: { state, type: "creating" },
    async apply() {
      const create = () => run.calls(state).create(state);
      const outcome = state.custom ? await attempt(state, create) : OK;
      if (!wasDone(outcome)) return outcome;
      state.created = state.modified = now();
      if (replacement?.deleteLater) {
        replacement.old.delete = true;
      }
      return outcome;
    },
    change: () => ({
      operation: state,
      added: state,
      ...(replacement?.old.pendingReplacement && { done: replacement.old }),
      write: true,
    }),
    complete: (result) => reply({ state, result }),
  };
}

/** The logical step of which create-replacement and delete-replaced are the parts. */
export function replaceStep(state: ResourceState, old: ResourceState, detailedDiff?: DetailedDiff): Step {
  return {
    ...stepOn(state, "replace"),
    old,
    detailedDiff,
    new: state,
    logical: true,
    apply: async () => OK,
    change: () => ({ write: false }),
  };
}

export function updateStep(
  run: Run,
  old: ResourceState,
  state: ResourceState,
  reply: Reply,
  { ignoreChanges, detailedDiff }: { ignoreChanges: string[]; detailedDiff?: DetailedDiff },
): Step {
  let partial = false;
  return {
    ...stepOn(state, "update"),
    old,
    detailedDiff,
    new: state,
    logical: true,
    operation: { state, type: "updating" },
    async apply() {
      Object.assign(state, { id: old.id, created: old.created, modified: old.modified });
      if (!state.custom) return OK;
      const update = async () => ({ properties: await run.calls(state).update(old, state, ignoreChanges) });
      const outcome = await attempt(state, update);
      if (!wasDone(outcome)) return outcome;
      state.modified = now();
      partial = outcome.partial === true;
      return outcome;
    },
    change() {
      // The new inputs did not take effect as a whole: the next run must see them as a change again.
      if (partial) state.inputs = old.inputs;
      return { operation: state, done: old, added: state, write: true };
    },
    complete: (result) => reply({ state, result }),
  };
}

/** `replaced`: part of a replacement, `before` or `after` the creation of the new resource. */
export function deleteStep(run: Run, old: ResourceState, replaced?: "before" | "after"): Step {
  const kind = old.external ? "discard" : "delete";
  return {
    ...stepOn(old, replaced ? (`${kind}-replaced` as const) : kind),
    old,
    logical: !replaced,
    operation: { state: old, type: "deleting" },
    async apply() {
      if (!replaced && old.protect) return failure(new ProtectedError(protectedText(old.urn, "deleted")));
      try {
        // Pulumi starts the provider for those that it only forgets, too.
        if (old.provider && !run.preview) void run.providers.of(old.provider);
        const ours = old.custom && !old.external && !old.retainOnDelete;
        if (ours && !run.preview) await run.calls(old).delete(old);
      } catch (error) {
        return failure(error);
      }
      // Only now: what failed to be deleted must be deleted by the next run.
      if (replaced === "before") old.pendingReplacement = true;
      return OK;
    },
    change: () => ({ operation: old, ...(!old.pendingReplacement && { done: old }), write: true }),
  };
}

/** A resource that an earlier run deleted in order to replace it, and that is not wanted any more. */
export function forgetStep(old: ResourceState): Step {
  return {
    ...stepOn(old, "delete"),
    old,
    logical: false,
    internal: true,
    apply: async () => OK,
    change: () => ({ done: old, write: true }),
  };
}

export function protectedText(urn: Urn, what: "deleted" | `replaced${string}`): string {
  return (
    `resource ${JSON.stringify(urn)} cannot be ${what}\n` +
    "because it is protected. To unprotect the resource, remove the `protect` flag from the resource " +
    `in your Pulumi program and run \`pulumi up\`, or use the command:\n\`pulumi state unprotect '${urn}'\``
  );
}
