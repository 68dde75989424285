/**
 * Pulumi's host tells the provider no secret from a plain value, and prints `<nil>` for what is inside a map or a list. So
 * that an error can repeat such a value, the constructor sends the hash of each group of nested values that holds no
 * output: a map or a list, or one entry of a set. What a transform has put there since has another hash.
 */
import { addHashes, hashOf } from "./declarations";

/** The input in which the constructor sends them, joined. It goes no further than `check`. */
export const PLAIN = "__plain";

const SET = "deployments";

type Path = readonly PropertyKey[];

const isNested = (value: unknown): value is object => typeof value === "object" && value !== null;

const nestedIn = (values: object): [string, object][] =>
  Object.entries(values).filter((part): part is [string, object] => isNested(part[1]));

/** The groups of nested values in these inputs, with their paths. */
const groupsOf = (inputs: object): [path: string[], group: object][] =>
  nestedIn(inputs).flatMap(([name, value]): [string[], object][] =>
    name === SET ? nestedIn(value).map(([entry, group]) => [[name, entry], group]) : [[[name], value]],
  );

const hashOfGroup = (group: object): string => hashOf(canonical(group));

/** @param isPlain Whether a group holds only text, numbers, booleans, and lists and maps of them. */
export const plainHashes = (inputs: object, isPlain: (group: object, path: string[]) => boolean): string =>
  groupsOf(inputs)
    .filter(([path, group]) => isPlain(group, path))
    .map(([, group]) => hashOfGroup(group))
    .join("");

/** Tells whether an error may repeat the value at a path of these inputs. Pulumi itself prints values that are not nested. */
export function repeatableIn(inputs: object, hashes: unknown): (path: Path) => boolean {
  let groups: Set<string> | undefined;
  return (path) => {
    groups ??= typeof hashes === "string" ? plainGroups(inputs, hashes) : new Set();
    const depth = path[0] === SET ? 2 : 1;
    return path.length > depth && groups.has(JSON.stringify(path.slice(0, depth)));
  };
}

function plainGroups(inputs: object, hashes: string): Set<string> {
  const known = new Set<string>();
  addHashes(known, hashes);
  const plain = groupsOf(inputs).filter(([, group]) => known.has(hashOfGroup(group)));
  return new Set(plain.map(([path]) => JSON.stringify(path)));
}

/** Pulumi's protocol keeps no order of keys, and drops what is undefined. */
const canonical = (group: object): string =>
  JSON.stringify(group, (_, value: unknown) =>
    isNested(value) && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
