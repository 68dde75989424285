/**
 * Pulumi's host tells the provider no secret from a plain value, and prints `<nil>` for what is inside a map or a list. So
 * that an error can repeat such a value, the constructor sends the hash of each group of nested values that holds no
 * output: a map or a list, or one entry of a set. What a transform has put there since has another hash.
 */
import { hashOf } from "./declarations";

/** The input in which the constructor sends them, joined. It goes no further than `check`. */
export const PLAIN = "__plain";

const HASH_LENGTH = hashOf("").length;
const SET = "deployments";

/** The groups of nested values in these inputs. */
function groupsOf(inputs: object): object[] {
  return Object.entries(inputs).flatMap(([name, value]: [string, unknown]) => {
    if (!isNested(value)) return [];
    return name === SET ? Object.values(value).filter(isNested) : [value];
  });
}

const isNested = (value: unknown): value is object => typeof value === "object" && value !== null;

/** @param isPlain Whether a group holds only text, numbers, booleans, and lists and maps of them. */
export const plainHashes = (inputs: object, isPlain: (group: object) => boolean): string =>
  groupsOf(inputs)
    .filter(isPlain)
    .map((group) => hashOf(canonical(group)))
    .join("");

/** Whether an error may repeat what is at this path: what is not nested, Pulumi prints itself. */
export function isRepeatable(
  inputs: object,
  [name, entry, ...rest]: readonly PropertyKey[],
  hashes: unknown,
): boolean {
  if (typeof hashes !== "string" || hashes === "" || entry === undefined) return false;
  const values = inputs as Record<PropertyKey, unknown>;
  const property = values[name as string];
  const group = name === SET ? (property as typeof values | undefined)?.[entry] : property;
  if (!isNested(group) || (name === SET && rest.length === 0)) return false;
  const hash = hashOf(canonical(group));
  for (let at = 0; at < hashes.length; at += HASH_LENGTH) if (hashes.startsWith(hash, at)) return true;
  return false;
}

/** Pulumi's protocol keeps no order of keys, and drops what is undefined. */
const canonical = (group: object): string =>
  JSON.stringify(group, (_, value: unknown) =>
    isNested(value) && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
