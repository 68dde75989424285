/** Property paths as users write them in `ignoreChanges` and `replaceOnChanges`: `a.b["c d"][0].*`. */
import type { PropertyMap, Value } from "../types";
import { isMap, isSecret, own, secret, setOwn } from "./values";

export type Path = (string | number)[];

const PART = /\["((?:[^"\\]|\\.)*)"\]|\[(\*|\d+)\]|\.?([^.[\]]+)/y;

/** Undefined where the path is malformed. */
export function parsePath(text: string): Path | undefined {
  const path: Path = [];
  PART.lastIndex = 0;
  while (PART.lastIndex < text.length) {
    const match = PART.exec(text);
    if (!match || (path.length === 0 && text.startsWith("."))) return undefined;
    const [, quoted, index, name] = match;
    if (quoted !== undefined) path.push(quoted.replaceAll('\\"', '"'));
    else if (index !== undefined) path.push(index === "*" ? "*" : Number(index));
    else path.push(name ?? "");
  }
  return path;
}

/** Whether `other` lies at `path` or below it; `*` stands for any one key or index. */
export function covers(path: Path, other: Path): boolean {
  return path.length <= other.length && path.every((key, i) => key === "*" || key === other[i]);
}

/** `inputs` with each path put back to its old value, as far as that adds and removes no elements of lists. */
export function resetPaths(old: PropertyMap, inputs: PropertyMap, paths: string[]): PropertyMap {
  const result = structuredClone(inputs);
  for (const path of paths.map(parsePath))
    if (path) reset(path, { value: old, secret: false }, { value: result, secret: false });
  return result;
}

/** A value and whether it or something around it is secret. */
interface Place {
  value: Value;
  secret: boolean;
}

function open(place: Place): Place {
  return isSecret(place.value) ? open({ value: place.value.value, secret: true }) : place;
}

function reset([key = "*", ...rest]: Path, oldPlace: Place, newPlace: Place): void {
  const [old, target] = [open(oldPlace), open(newPlace)];
  const isLast = rest.length === 0;
  for (const each of key === "*" ? keysOf(old.value, target.value, isLast) : [key]) {
    if (isLast) resetAt(each, old, target);
    else {
      const [before, after] = [partOf(old.value, each), partOf(target.value, each)];
      const exists = after !== undefined && (before !== undefined || isMap(old.value));
      if (exists) reset(rest, { ...old, value: before ?? null }, { ...target, value: after });
    }
  }
}

/** What `*` stands for. Keys that are new count where they themselves are put back: they go. */
function keysOf(old: Value, target: Value, withNew: boolean): Path {
  if (Array.isArray(old) && Array.isArray(target)) return [...old.slice(0, target.length).keys()];
  if (!isMap(old) || !isMap(target)) return [];
  return [...Object.keys(old), ...(withNew ? Object.keys(target) : [])];
}

function partOf(value: Value, key: string | number): Value | undefined {
  if (typeof key === "number") return Array.isArray(value) ? value[key] : undefined;
  return isMap(value) ? own(value, key) : undefined;
}

function resetAt(key: string | number, old: Place, target: Place): void {
  const before = partOf(old.value, key);
  // It stays secret where only the old place was.
  const moved = (value: Value) => structuredClone(old.secret && !target.secret ? secret(value) : value);
  if (typeof key === "number") {
    const list = Array.isArray(target.value) ? target.value : [];
    if (before !== undefined && key < list.length) list[key] = moved(before);
  } else if (isMap(target.value)) {
    if (before === undefined) delete target.value[key];
    else setOwn(target.value, key, moved(before));
  }
}
