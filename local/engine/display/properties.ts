/** Properties, and how they changed, as indented lines: `+` was added, `-` was removed, `~` has changed. */
import { parsePath, type Path } from "../core/paths";
import { equal, isMap, isSecret } from "../core/values";
import { UNKNOWN, type PropertyMap, type Value } from "../values";

const STEP = "    ";

export function printProperties(properties: PropertyMap, indent: string): string {
  return printParts(partsOf(properties) ?? [], indent, "  ");
}

/** Only what differs. Null counts as absent. */
export function printChanges(old: PropertyMap, now: PropertyMap, indent: string): string {
  return printPartChanges(partsOf(old) ?? [], partsOf(now) ?? [], indent);
}

/** What lies at these property paths, with what it lies in. */
export function onlyAt(paths: string[], properties: PropertyMap): PropertyMap {
  return at(
    paths.map((path) => parsePath(path) ?? [path]),
    properties,
  ) as PropertyMap;
}

function at(paths: Path[], value: Value): Value {
  if (!isMap(value) || paths.some((path) => path.length === 0)) return value;
  const entries = Object.entries(value).flatMap(([key, part]): [string, Value][] => {
    const within = paths.filter(([head]) => head === key).map(([, ...rest]) => rest);
    return within.length > 0 ? [[key, at(within, part)]] : [];
  });
  return Object.fromEntries(entries);
}

type Mark = "+ " | "- " | "~ " | "  ";
type Part = [label: string, value: Value];

/** What a list or a map consists of; `__provider` and its like are the engine's own. */
function partsOf(value: Value): Part[] | undefined {
  if (Array.isArray(value)) return value.map((part, i) => [`[${i}]`, part]);
  if (!isMap(value)) return undefined;
  const keys = Object.keys(value).filter((key) => !key.startsWith("__"));
  return keys.sort().map((key) => [key, value[key] ?? null]);
}

function printParts(parts: Part[], indent: string, mark: Mark): string {
  const width = Math.max(0, ...parts.map(([label]) => label.length));
  return parts.map(([label, value]) => printValue(label.padEnd(width), value, indent, mark)).join("");
}

function printValue(label: string, value: Value, indent: string, mark: Mark): string {
  const parts = partsOf(value);
  if (!parts) return `${indent}${mark}${label}: ${textOf(value)}\n`;
  return printBlock(label, value, indent, mark, printParts(parts, indent + STEP, mark));
}

function printBlock(label: string, value: Value, indent: string, mark: Mark, inner: string): string {
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  return `${indent}${mark}${label}: ${open}${inner && `\n${inner}${indent}  `}${close}\n`;
}

function printPartChanges(old: Part[], now: Part[], indent: string): string {
  const [before, after] = [new Map(old), new Map(now)];
  const labels = [...new Set([...before.keys(), ...after.keys()])];
  const changed = labels.filter((label) => !equal(before.get(label) ?? null, after.get(label) ?? null));
  const width = Math.max(0, ...changed.map((label) => label.length));
  return changed
    .map((label) =>
      printChange(label.padEnd(width), before.get(label) ?? null, after.get(label) ?? null, indent),
    )
    .join("");
}

function printChange(label: string, old: Value, now: Value, indent: string): string {
  const [before, after] = [partsOf(old), partsOf(now)];
  if (before && after && Array.isArray(old) === Array.isArray(now)) {
    return printBlock(label, now, indent, "~ ", printPartChanges(before, after, indent + STEP));
  }
  if (!before && !after && old !== null && now !== null) {
    return `${indent}~ ${label}: ${textOf(old)} => ${textOf(now)}\n`;
  }
  const removed = old === null ? "" : printValue(label, old, indent, "- ");
  return removed + (now === null ? "" : printValue(label, now, indent, "+ "));
}

function textOf(value: Value): string {
  if (isSecret(value)) return "[secret]";
  if (value === UNKNOWN) return "[unknown]";
  // A terminal would obey control characters, and not show invisible ones.
  return JSON.stringify(value).replace(
    /\p{C}/gu,
    (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
}
