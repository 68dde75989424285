/** Property values and their changes as indented lines. */
import type { PropertyMap, Value } from "../types";
import { diffLines } from "./lines";
import { formatNumber, padTitle, quote, truncate } from "./text";
import {
  diffValues,
  equal,
  isArray,
  isInternalKey,
  isObject,
  isPrimitive,
  isSecret,
  isUnknown,
  isWorthPrinting,
  sortedKeys,
  type Change,
  type ObjectDiff,
  type ValueDiff,
} from "./values";

/** The two characters before a line's text: added, taken out, changed, or none. */
type Mark = "+ " | "- " | "~ " | "  ";
/** Where a value stands: how deep, how its lines are marked, and whether long texts are shown in full. */
export interface Place {
  indent: number;
  mark: Mark;
  full: boolean;
}
type Title = (place: Place) => string;

const marked = ({ indent, mark }: Place): string => "    ".repeat(indent).slice(0, -2) + mark;
const plain = ({ indent }: Place): string => "    ".repeat(indent);
export const deeper = (place: Place, by: number): Place => ({ ...place, indent: place.indent + by });
const as = (mark: Mark, place: Place): Place => ({ ...place, mark });
const shown = (text: string, place: Place): string => (place.full ? text : truncate(text));

function propertyTitle(key: string, width: number): Title {
  return (place) => `${marked(place)}${padTitle(shown(key, place), width)}: `;
}

function titleWidth(keys: string[]): number {
  return Math.max(0, ...keys.map((key) => Buffer.byteLength(key)));
}

export function printObject(properties: PropertyMap, place: Place): string {
  const keys = sortedKeys(Object.keys(properties));
  const width = titleWidth(keys);
  return keys
    .filter((key) => !isInternalKey(key))
    .map((key) => propertyTitle(key, width)(place) + printLine(properties[key] ?? null, place))
    .join("");
}

export function printProperty(key: string, width: number, value: Value, place: Place): string {
  return propertyTitle(key, width)(place) + printLine(value, place);
}

function printLine(value: Value, place: Place): string {
  return `${printValue(value, place)}\n`;
}

function printValue(value: Value, place: Place): string {
  if (isArray(value)) {
    if (value.length === 0) return "[]";
    const elements = value.map((v, i) => `${marked(place)}    [${i}]: ${printLine(v, deeper(place, 1))}`);
    return `[\n${elements.join("")}${plain(place)}]`;
  }
  if (isObject(value)) {
    if (Object.keys(value).length === 0) return "{}";
    return `{\n${printObject(value, deeper(place, 1))}${plain(place)}}`;
  }
  return printPrimitive(value, place);
}

function printPrimitive(value: Value, place: Place): string {
  if (value === null) return "<null>";
  if (isSecret(value)) return "[secret]";
  if (isUnknown(value)) return "[unknown]";
  if (typeof value === "number") return formatNumber(value);
  if (typeof value === "boolean") return String(value);
  if (typeof value !== "string") return "";
  const decoded = decodeJson(value);
  // The line break inside is Pulumi's own: an empty line follows a decoded text.
  return decoded === undefined ? quote(shown(value, place)) : `(json) ${printLine(decoded, place)}`;
}

/** A text that holds a JSON object or list is shown as what it holds. */
function decodeJson(text: string): Value | undefined {
  if (!/^\s*[{[]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as Value;
  } catch {
    return undefined;
  }
}

export function printObjectDiff(diff: ObjectDiff, place: Place): string {
  const keys = sortedKeys(diff.keys());
  const width = titleWidth(keys);
  return keys.map((key) => printPropertyDiff(key, width, diff, place)).join("");
}

export function printPropertyDiff(key: string, width: number, diff: ObjectDiff, place: Place): string {
  const change = diff.get(key);
  if (!change || (change.op === "same" && !isWorthPrinting(change.value))) return "";
  return printChange(change, propertyTitle(key, width), place);
}

function printChange(change: Change, title: Title, place: Place): string {
  if (change.op === "update") return printValueDiff(change.diff, title, place);
  const own = as(change.op === "add" ? "+ " : change.op === "delete" ? "- " : "  ", place);
  return title(own) + printLine(change.value, own);
}

function printValueDiff(diff: ValueDiff, title: Title, at: Place): string {
  const place = as("~ ", at);
  if (diff.kind === "object") {
    return `${title(place)}{\n${printObjectDiff(diff.object, deeper(place, 1))}${plain(place)}}\n`;
  }
  if (diff.kind === "array") {
    const elements = diff.array.map((change, i) =>
      printChange(change, (p) => `${marked(deeper(p, -1))}[${i}]: `, deeper(place, 2)),
    );
    return `${title(place)}[\n${elements.join("")}${plain(place)}]\n`;
  }
  return printReplacement(diff.old, diff.new, title, place);
}

function printReplacement(old: Value, now: Value, title: Title, place: Place): string {
  if (isWorthPrinting(old) && isWorthPrinting(now) && isPrimitive(old) && isPrimitive(now)) {
    if (typeof old === "string" && typeof now === "string" && !isUnknown(old) && !isUnknown(now)) {
      return title(place) + printTextDiff(old, now, place);
    }
    return `${title(place)}${printPrimitive(old, as("- ", place))} => ${printPrimitive(now, as("+ ", place))}\n`;
  }
  return (
    (isWorthPrinting(old) ? printChange({ op: "delete", value: old }, title, place) : "") +
    (isWorthPrinting(now) ? printChange({ op: "add", value: now }, title, place) : "")
  );
}

function printTextDiff(old: string, now: string, place: Place): string {
  const [oldJson, newJson] = [decodeJson(old), decodeJson(now)];
  if (oldJson !== undefined && newJson !== undefined) {
    if (equal(oldJson, newJson)) return printTextDiff(quote(old), quote(now), place);
    const diff = diffValues(oldJson, newJson, true);
    return `(json) ${diff ? printValueDiff(diff, () => "", place) : printLine(oldJson, as("  ", place))}`;
  }
  if (!old.includes("\n") && !now.includes("\n")) return `${quote(old)} => ${quote(now)}\n`;
  const lines = diffLines(old, now).map(({ op, text }) => {
    const mark: Mark = op === "add" ? "+ " : op === "delete" ? "- " : "  ";
    return `${marked(as(mark, deeper(place, 1)))}${shown(text, place)}\n`;
  });
  return `\n${lines.join("")}`;
}
