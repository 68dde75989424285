/** What the display needs to know about property values, and how two of them differ. */
import { SECRET, SIGNATURE, UNKNOWN, type PropertyMap, type Value } from "../types";
import { compareKeys } from "./text";

export type ValueDiff =
  | { kind: "array"; old: Value; new: Value; array: ArrayDiff }
  | { kind: "object"; old: Value; new: Value; object: ObjectDiff }
  | { kind: "value"; old: Value; new: Value };

/** One entry for each key of either side. */
export type Change =
  | { op: "add"; value: Value }
  | { op: "delete"; value: Value }
  | { op: "same"; value: Value }
  | { op: "update"; diff: ValueDiff };

export type ObjectDiff = Map<string, Change>;
export type ArrayDiff = Change[];

export const isSecret = (value: Value): boolean =>
  value !== null && typeof value === "object" && !Array.isArray(value) && value[SIGNATURE] === SECRET;
export const isUnknown = (value: Value): boolean => value === UNKNOWN;
export const isArray = (value: Value): value is Value[] => Array.isArray(value);
export const isObject = (value: Value): value is PropertyMap =>
  value !== null && typeof value === "object" && !Array.isArray(value) && !isSecret(value);
export const isPrimitive = (value: Value): boolean => !isArray(value) && !isObject(value);
/** `__provider` and its like are the engine's own. */
export const isInternalKey = (key: string): boolean => key.startsWith("__");
export const sortedKeys = (keys: Iterable<string>): string[] => [...keys].sort(compareKeys);

/** Empty values are left out where they would only clutter. */
export function isWorthPrinting(value: Value): boolean {
  if (value === null || value === "") return false;
  if (isArray(value)) return value.length > 0;
  return !isObject(value) || Object.keys(value).length > 0;
}

/** Undefined where nothing differs; null counts as absent. */
export function diffObjects(
  old: PropertyMap,
  now: PropertyMap,
  skipInternal: boolean,
): ObjectDiff | undefined {
  const diff: ObjectDiff = new Map();
  for (const key of sortedKeys(new Set([...Object.keys(old), ...Object.keys(now)]))) {
    if (skipInternal && isInternalKey(key)) continue;
    const change = diffProperty(old[key], now[key], skipInternal);
    if (change) diff.set(key, change);
  }
  return [...diff.values()].some((change) => change.op !== "same") ? diff : undefined;
}

function diffProperty(
  old: Value | undefined,
  now: Value | undefined,
  skipInternal: boolean,
): Change | undefined {
  if (old === undefined) return now === undefined || now === null ? undefined : { op: "add", value: now };
  if (now === undefined) return old === null ? undefined : { op: "delete", value: old };
  const diff = diffValues(old, now, skipInternal);
  if (!diff) return { op: "same", value: old };
  if (old === null) return { op: "add", value: now };
  return now === null ? { op: "delete", value: old } : { op: "update", diff };
}

export function diffValues(old: Value, now: Value, skipInternal: boolean): ValueDiff | undefined {
  if (isArray(old) && isArray(now)) {
    const array = diffArrays(old, now, skipInternal);
    return array && { kind: "array", old, new: now, array };
  }
  if (isObject(old) && isObject(now)) {
    const object = diffObjects(old, now, skipInternal);
    return object && { kind: "object", old, new: now, object };
  }
  return equal(old, now) ? undefined : { kind: "value", old, new: now };
}

function diffArrays(old: Value[], now: Value[], skipInternal: boolean): ArrayDiff | undefined {
  const changes = Array.from({ length: Math.max(old.length, now.length) }, (_, i): Change => {
    const [before, after] = [old[i], now[i]];
    if (before === undefined) return { op: "add", value: after ?? null };
    if (after === undefined) return { op: "delete", value: before };
    const diff = diffValues(before, after, skipInternal);
    return diff ? { op: "update", diff } : { op: "same", value: before };
  });
  return changes.some((change) => change.op !== "same") ? changes : undefined;
}

export function equal(a: Value, b: Value): boolean {
  if (isArray(a) && isArray(b)) return a.length === b.length && a.every((v, i) => equal(v, b[i] ?? null));
  if (isObject(a) && isObject(b)) {
    return [...Object.keys(a), ...Object.keys(b)].every((key) => equal(a[key] ?? null, b[key] ?? null));
  }
  if (isSecret(a) || isSecret(b)) return JSON.stringify(a) === JSON.stringify(b);
  return a === b;
}
