/**
 * What the state file holds while a deployment runs: the old resources, those that were operated on, and the
 * operations under way. Resources are distinguished by object identity: during a replacement two have the same URN.
 */
import type { PendingOperationType, ResourceState, Snapshot } from "../types";
import { normalizeUrns } from "./normalize";

export interface Journal {
  /** The resources of the last run; a refresh puts others in their place. */
  base: ResourceState[];
  begin(state: ResourceState, type: PendingOperationType): Promise<void>;
  /** The operation is over, and these resources are no longer, or newly, part of the state. */
  end(change: Change): Promise<void>;
  save(): Promise<void>;
  /** Saves what was left for later. */
  flush(): Promise<void>;
  snapshot(): Snapshot;
}

export interface Change {
  operation?: ResourceState;
  done?: ResourceState;
  added?: ResourceState;
  /** False where nothing changed that is worth a write of its own. */
  write: boolean;
}

export function createJournal(
  initial: Snapshot,
  base: ResourceState[],
  write: (snapshot: Snapshot) => Promise<void>,
): Journal {
  const added: ResourceState[] = [];
  const done = new Set<ResourceState>();
  const pending = new Map<ResourceState, PendingOperationType>();
  // Only the user can know what became of an interrupted create: it stays until they say so.
  const interrupted = initial.pendingOperations.filter((operation) => operation.type === "creating");
  let unsaved = true;
  let writing = Promise.resolve();
  let queued: Promise<void> | undefined;

  const snapshot = (): Snapshot => {
    const current = [...added, ...journal.base].filter((state) => !done.has(state));
    const operations = [...pending].map(([state, type]) => ({ resource: withoutEmptyFields(state), type }));
    return normalizeUrns({
      resources: current.map(withoutEmptyFields),
      pendingOperations: [...operations, ...interrupted],
    });
  };
  const save = (): Promise<void> => {
    unsaved = false;
    // Steps end at the same time: one write after the other, each with what holds when its turn comes.
    queued ??= writing = writing.then(() => {
      queued = undefined;
      return write(snapshot());
    });
    return queued;
  };
  const journal: Journal = {
    base,
    begin(state, type) {
      pending.set(state, type);
      return save();
    },
    async end(change) {
      if (change.operation) pending.delete(change.operation);
      if (change.done) done.add(change.done);
      if (change.added) added.push(change.added);
      if (change.write) await save();
      else unsaved = true;
    },
    save,
    flush: () => (unsaved ? save() : writing),
    snapshot,
  };
  return journal;
}

/** The state file leaves out what is empty. */
function withoutEmptyFields(state: ResourceState): ResourceState {
  const kept = Object.entries(state).filter(([key, value]) => key === "custom" || !isEmpty(value));
  return { urn: state.urn, custom: state.custom, type: state.type, ...Object.fromEntries(kept) };
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === "") return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}
