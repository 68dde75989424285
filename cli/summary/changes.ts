/** What happens to which record: the records before are matched with those after, whichever resources have them. */
import { sameField } from "../../provider/lifecycle/diff";
import { actionOf, staysAsItIs } from "./actions";
import type { Step } from "./read";
import { recordsOf } from "./records";
import type { Recorded } from "./records";
import type { Change } from "./types";
import { holdsSecret } from "./values";

/** Operations whose old state is written over or removed, and those whose new state is written. The rest writes nothing. */
const LEAVING = new Set(["update", "replace", "delete", "delete-replaced", "create-replacement"]);
const ENTERING = new Set(["create", "update", "replace", "create-replacement"]);
const REMOVING = new Set(["delete", "delete-replaced", "replace", "create-replacement"]);

type Before = Recorded & { isKept: boolean };
type After = Recorded & { writes: "nothing" | "what differs" | "all" };

export function changesOf(steps: Step[]): Change[] {
  const { before, after } = matched(steps);
  const whole = new Set([...before.values(), ...after.values()].filter(isWhole).map(({ urn }) => urn));
  const gone = [...before.values()].filter(({ key, urn }) => !after.has(key) && !whole.has(urn));
  const removed = gone.flatMap((record) => removedRecord(record));
  const written = [...after.values()].flatMap((record) =>
    writtenRecord(before.get(record.key), record, whole),
  );
  return inOrder([...removed, ...written]);
}

const isWhole = (record: Recorded) => record.isWhole === true;

function matched(steps: Step[]) {
  const removed = new Set(steps.filter(({ op }) => REMOVING.has(op)).map(({ urn }) => urn));
  const before = new Map<string, Before>();
  const after = new Map<string, After>();
  for (const { op, urn, oldState, newState } of steps) {
    // What stays as it is still has its record: a removal of an earlier resource does not end it.
    const stays = op === "same" && oldState ? recordsOf(urn, oldState, true) : [];
    for (const record of stays) {
      before.set(record.key, { ...record, isKept: false });
      after.set(record.key, { ...record, writes: "nothing" });
    }
    if (oldState && LEAVING.has(op)) {
      const isWithOther = oldState.deletedWith ? removed.has(oldState.deletedWith) : false;
      const isKept = REMOVING.has(op) && (oldState.retainOnDelete === true || isWithOther);
      for (const record of recordsOf(urn, oldState, true))
        if (!before.has(record.key)) before.set(record.key, { ...record, isKept });
    }
    if (newState && ENTERING.has(op)) {
      const isSetsUpdate = op === "update" && newState.type.endsWith(":ClusterDeploymentSet");
      const writes = isSetsUpdate ? "what differs" : "all";
      for (const record of recordsOf(urn, newState, false)) after.set(record.key, { ...record, writes });
    }
  }
  return { before, after };
}

function removedRecord({ isKept, ...record }: Before): Change[] {
  if (staysAsItIs(record)) return [];
  const { kind, place, name, resource, side } = record;
  const action = isKept ? "kept" : actionOf(record, undefined);
  return [{ kind, action, place, name, resource, before: side, changed: [] }];
}

function writtenRecord(before: Before | undefined, after: After, whole: Set<string>): Change[] {
  const { kind, place, name, resource, side, urn, writes } = after;
  if (writes === "nothing") return [];
  const change: Pick<Change, "kind" | "place" | "name" | "resource"> = { kind, place, name, resource };
  if (before === undefined) {
    // Of a set whose entries were secret, nobody can say whether this one was among them.
    const action = whole.has(urn) ? "updated" : actionOf(undefined, after);
    return [{ ...change, action, after: side, changed: [] }];
  }
  const changed = changedFields(before, after);
  const moved = before.urn !== urn;
  if (!moved && changed.length === 0 && writes === "what differs" && !after.isWhole) return [];
  const movedFrom = moved ? { movedFrom: before.resource } : {};
  const action = actionOf(before, after);
  return [{ ...change, action, ...movedFrom, before: before.side, after: side, changed }];
}

/** Where nothing that can be seen differs, a secret may: nobody can tell, so it is named. */
function changedFields(before: Before, after: After): string[] {
  const names = Object.keys(after.fields);
  const changed = names.filter((field) => !sameField(field, before.fields[field], after.fields[field]));
  if (changed.length > 0 || before.urn !== after.urn) return changed;
  return names.filter((field) => holdsSecret(before.fields[field]) && holdsSecret(after.fields[field]));
}

const kinds = ["deployment", "chainloop", "storage"];

/** In the order of environments and names, whatever order the preview had. */
function inOrder(changes: Change[]): Change[] {
  const keyed = changes.map((change) => ({ change, key: sortKey(change) }));
  keyed.sort(({ key: a }, { key: b }) => (a < b ? -1 : a > b ? 1 : 0));
  return keyed.map(({ change }) => change);
}

const sortKey = ({ kind, place, name, resource }: Change): string =>
  JSON.stringify([kinds.indexOf(kind), Object.values(place).map(String), String(name), resource]);
