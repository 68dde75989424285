/** Diff: whether there is something to write, and what Pulumi shows of it. */
import { sameField } from "../provider/lifecycle/diff";
import { propertyPath } from "../provider/lifecycle/check";
import type { Values } from "./codec";
import { withoutImages } from "./image";
import type { Resource } from "./resources";
import type { Session } from "./session";

export type Kind = "ADD" | "DELETE" | "UPDATE";

export interface Difference {
  kind: Kind;
  replaces: boolean;
}

export interface Diffed {
  changes: boolean;
  replaces: string[];
  deleteBeforeReplace: boolean;
  /** By the property's path. */
  differences: Record<string, Difference>;
}

export interface Versions {
  id: string;
  urn: string;
  /** The outputs in the state. */
  olds: Values;
  /** The inputs that are declared now. */
  news: Values;
}

export async function diff(session: Session, { id, urn, olds, news }: Versions): Promise<Diffed> {
  const { resource, lifeCycle } = session.resource(urn);
  const before = stateOf(resource, id, olds);
  const declared = withoutImages(resource, news);
  const {
    changes = false,
    replaces = [],
    deleteBeforeReplace = false,
  } = await lifeCycle.diff(id, before, declared);
  if (!changes)
    // What a dynamic resource left in the state becomes complete.
    return { changes: isDynamic(olds), replaces: [], deleteBeforeReplace: false, differences: {} };
  const names = Object.keys(resource.fields);
  const found = new Map<string, Difference>();
  for (const name of names)
    compare(found, { name, path: [name], replaces: replaces.includes(name) }, before[name], declared[name]);
  return { changes, replaces, deleteBeforeReplace, differences: Object.fromEntries(found) };
}

/** A dynamic resource has its code in its state. */
export const isDynamic = (olds: Values): boolean => olds.__provider !== undefined;

/** The outputs in the state, with the record's identity: an earlier version kept it in the ID alone. */
export function stateOf({ identity }: Resource, id: string, { __provider: _, ...olds }: Values): Values {
  return { ...identity.parse(id), ...olds };
}

interface Place {
  /** What is compared: it decides how. */
  name: string;
  path: readonly string[];
  replaces: boolean;
}

/** Maps are compared key by key: a set with a thousand entries shows the one that changed. */
function compare(found: Map<string, Difference>, place: Place, olds: unknown, news: unknown): void {
  const { name, path, replaces } = place;
  if (sameField(name, olds, news)) return;
  if (!isMap(olds) || !isMap(news)) {
    const kind = olds === undefined ? "ADD" : news === undefined ? "DELETE" : "UPDATE";
    found.set(propertyPath(path), { kind, replaces });
    return;
  }
  const keys = new Set([...Object.keys(olds), ...Object.keys(news)]);
  for (const key of keys) {
    const inEntry = path.length === 2 && path[0] === "deployments";
    compare(
      found,
      { name: key, path: [...path, key], replaces },
      own(olds, key, inEntry),
      own(news, key, inEntry),
    );
  }
}

const own = (values: Values, key: string, inEntry: boolean): unknown => {
  const value = Object.hasOwn(values, key) ? values[key] : undefined;
  // A state that an earlier version wrote has no status of an entry that is deployed.
  return inEntry && key === "status" ? (value ?? "deployed") : value;
};

const isMap = (value: unknown): value is Values =>
  typeof value === "object" && value !== null && !Array.isArray(value);
