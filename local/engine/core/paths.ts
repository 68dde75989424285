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
    // A dot may stand before a bracket: old providers write it so.
    if (text[PART.lastIndex] === "." && text[PART.lastIndex + 1] === "[") PART.lastIndex += 1;
  }
  return path;
}

/** Whether `other` lies at `path` or below it; `*` stands for any one key or index. */
export function covers(path: Path, other: Path): boolean {
  return path.length <= other.length && path.every((key, i) => key === "*" || key === other[i]);
}

/**
 * `inputs` with each path put back to its old value, and the paths for which that cannot be done because it
 * would add or remove elements.
 */
export function resetPaths(
  old: PropertyMap,
  inputs: PropertyMap,
  paths: string[],
): { inputs: PropertyMap; invalid: string[] } {
  const result = structuredClone(inputs);
  const invalid = paths.filter((text) => {
    const path = parsePath(text);
    return (
      path !== undefined && !reset(path, { value: old, secret: false }, { value: result, secret: false })
    );
  });
  return { inputs: result, invalid };
}

/** A value and whether it or something around it is secret. */
interface Place {
  value: Value;
  secret: boolean;
}

function open(place: Place): Place {
  return isSecret(place.value) ? open({ value: place.value.value, secret: true }) : place;
}

/** An old value as it is put in the new place: it stays secret if only the old place was. */
function moved(value: Value, old: Place, target: Place): Value {
  return structuredClone(old.secret && !target.secret ? secret(value) : value);
}

function reset(path: Path, oldPlace: Place, newPlace: Place): boolean {
  const [key, ...rest] = path;
  if (key === undefined) return false;
  const old = open(oldPlace);
  const target = open(newPlace);
  if (key === "*") return rest.length === 0 ? resetAll(old, target) : resetBelowAll(rest, old, target);
  if (typeof key === "number") return resetIndex(key, rest, old, target);
  return rest.length === 0 ? resetKey(key, old, target) : resetBelowKey(key, rest, old, target);
}

function resetIndex(index: number, rest: Path, old: Place, target: Place): boolean {
  if (!Array.isArray(old.value) || !Array.isArray(target.value)) {
    return !Array.isArray(old.value) && !Array.isArray(target.value);
  }
  const before = old.value[index];
  const after = target.value[index];
  if (before === undefined || after === undefined) {
    return rest.length === 0 && before === undefined && after === undefined;
  }
  if (rest.length > 0) {
    return reset(rest, { value: before, secret: old.secret }, { value: after, secret: target.secret });
  }
  target.value[index] = moved(before, old, target);
  return true;
}

function resetKey(key: string, old: Place, target: Place): boolean {
  const before = isMap(old.value) ? own(old.value, key) : undefined;
  if (!isMap(target.value)) return before === undefined;
  if (before === undefined) delete target.value[key];
  else setOwn(target.value, key, moved(before, old, target));
  return true;
}

function resetBelowKey(key: string, rest: Path, old: Place, target: Place): boolean {
  if (!isMap(old.value) || !isMap(target.value)) return !isMap(old.value) && !isMap(target.value);
  const before = own(old.value, key);
  const after = own(target.value, key);
  if (after === undefined) return before === undefined;
  return reset(rest, { value: before ?? null, secret: old.secret }, { value: after, secret: target.secret });
}

function resetAll(old: Place, target: Place): boolean {
  if (isMap(target.value)) {
    if (!isMap(old.value)) return true;
    for (const key of Object.keys(target.value)) if (!Object.hasOwn(old.value, key)) delete target.value[key];
    for (const [key, value] of Object.entries(old.value)) {
      setOwn(target.value, key, moved(value, old, target));
    }
    return true;
  }
  if (!Array.isArray(target.value)) return false;
  if (!Array.isArray(old.value)) return true;
  const elements = target.value;
  old.value.slice(0, elements.length).forEach((value, i) => (elements[i] = moved(value, old, target)));
  return old.value.length === elements.length;
}

function resetBelowAll(rest: Path, old: Place, target: Place): boolean {
  const under = (before: Value, after: Value): boolean =>
    reset(rest, { value: before, secret: old.secret }, { value: after, secret: target.secret });
  if (isMap(old.value) && isMap(target.value)) {
    const after = target.value;
    return Object.entries(old.value).every(([key, value]) => {
      const other = own(after, key);
      return other !== undefined && under(value, other);
    });
  }
  if (!Array.isArray(old.value) || !Array.isArray(target.value)) return false;
  const after = target.value;
  const common = old.value.slice(0, after.length);
  return common.every((value, i) => under(value, after[i] ?? null)) && old.value.length === after.length;
}
