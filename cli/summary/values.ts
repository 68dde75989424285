/** Values as a preview writes them: what is secret or unknown must be told from what is a name. */
import { SECRET, UNKNOWN } from "./types";
import type { Value } from "./types";

/** How Pulumi writes a value that only the apply brings, and how its protocol marks a secret. */
const UNKNOWN_TEXT = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const SECRET_TEXT = "[secret]";
const SIGNATURE = "4dabf18193072939515e22adb298388d";

export function toValue(raw: unknown): Value | undefined {
  if (raw === undefined || raw === null) return undefined;
  if (raw === UNKNOWN_TEXT) return UNKNOWN;
  if (isSecret(raw)) return SECRET;
  return typeof raw === "string" ? raw : JSON.stringify(withoutSecrets(raw));
}

/** For a list or map that stands where a text belongs. */
function withoutSecrets(raw: unknown): unknown {
  if (raw === UNKNOWN_TEXT) return `[${UNKNOWN.description}]`;
  if (isSecret(raw)) return SECRET_TEXT;
  if (Array.isArray(raw)) return raw.map(withoutSecrets);
  return isObject(raw) ? mapValues(raw, withoutSecrets) : raw;
}

/** No property of a record is a tenth as deep; what follows would exhaust the stack of those who walk it. */
const DEEPEST = 32;

/** Without what is nested too deeply. */
export const bounded = (raw: unknown): unknown => (isDeeper(raw, DEEPEST) ? cutOff(raw, DEEPEST) : raw);

/** Hardly anything is, and a copy of a large state would take longer than all the rest. */
function isDeeper(raw: unknown, depth: number): boolean {
  if (typeof raw !== "object" || raw === null) return false;
  if (depth === 0) return true;
  for (const key in raw) if (isDeeper((raw as Record<string, unknown>)[key], depth - 1)) return true;
  return false;
}

function cutOff(raw: unknown, depth: number): unknown {
  if (typeof raw !== "object" || raw === null) return raw;
  if (depth === 0) return "…";
  if (Array.isArray(raw)) return raw.map((part) => cutOff(part, depth - 1));
  return mapValues(raw, (part) => cutOff(part, depth - 1));
}

export const isObject = (raw: unknown): raw is object => typeof raw === "object" && raw !== null;

const mapValues = (of: object, change: (value: unknown) => unknown): Record<string, unknown> =>
  Object.fromEntries(Object.entries(of).map(([key, value]) => [key, change(value)]));

export const isSecret = (raw: unknown): boolean =>
  raw === SECRET_TEXT || (isObject(raw) && Object.hasOwn(raw, SIGNATURE));

/** A secret anywhere in it. */
export const holdsSecret = (raw: unknown): boolean =>
  isSecret(raw) || (isObject(raw) && Object.values(raw).some(holdsSecret));

export const toValues = (raw: unknown): Value[] | Value | undefined =>
  Array.isArray(raw) ? raw.map((part) => toValue(part) ?? "") : toValue(raw);

export const isSpecial = (value: Value | undefined): value is typeof UNKNOWN | typeof SECRET =>
  typeof value === "symbol";

/** A map as it stands in the preview; undefined where all of it is secret or unknown. */
export function toEntries(raw: unknown): [string, Record<string, unknown>][] | undefined {
  if (typeof raw !== "object" || raw === null || isSecret(raw)) return undefined;
  return Object.entries(raw).map(([name, entry]) => [name, toFields(entry)]);
}

/** A whole entry that is secret or unknown is so in each of its fields. */
function toFields(entry: unknown): Record<string, unknown> {
  if (typeof entry === "object" && entry !== null && !isSecret(entry))
    return entry as Record<string, unknown>;
  return { name: entry, version: entry, digest: entry };
}
