/**
 * What a write sends in the place of a value that a refresh found and no write can repeat: `not listed` as a status, a tag
 * of another writer. `check` accepts such a value as long as it is unchanged, so that `ignoreChanges` goes on.
 */
import type { z } from "zod";
import { holdsUnknown } from "./check";

/**
 * @param identity Fields that stay as they are: with another value it would be another record.
 * @param known What the state has, where a value that it does not have came from the program: such a value stays, and the
 * write refuses it. A check does not see what is not known in the preview.
 */
export function writable<T extends object>(
  fields: Record<string, z.ZodType>,
  identity: readonly string[],
  declared: T,
  known: object = declared,
): T {
  let result = declared;
  for (const [name, schema] of Object.entries(fields)) {
    const value = (declared as Record<string, unknown>)[name];
    if (value === undefined || identity.includes(name)) continue;
    if (schema.safeParse(value).success || holdsUnknown(value)) continue;
    if (result === declared) result = { ...declared };
    const before = (known as Record<string, unknown>)[name];
    (result as Record<string, unknown>)[name] = inPlaceOf(schema, value, before);
  }
  return result;
}

function inPlaceOf(schema: z.ZodType, value: unknown, before: unknown): unknown {
  if (Array.isArray(value)) {
    const found = new Set(Array.isArray(before) ? (before as unknown[]) : []);
    return mostOf(
      schema,
      value as unknown[],
      (part) => found.has(part),
      (some) => some,
    );
  }
  if (typeof value === "object" && value !== null) {
    const found = new Map(Object.entries(before ?? {}));
    const isFound = ([key, part]: [string, unknown]) => found.has(key) && found.get(key) === part;
    return mostOf(schema, Object.entries(value), isFound, (some) => Object.fromEntries(some) as object);
  }
  // The default, or nothing where it can be left out; what is required is left to the write to refuse.
  const without = schema.safeParse(undefined);
  return without.success && value === before ? without.data : value;
}

/** What the program has, and of the parts that a refresh found the first ones that make a valid value with it. */
function mostOf<P>(
  schema: z.ZodType,
  parts: P[],
  isFound: (part: P) => boolean,
  join: (parts: P[]) => object,
): object {
  const fitting = parts.filter((part) => !isFound(part));
  for (const part of parts.filter(isFound))
    if (schema.safeParse(join([...fitting, part])).success) fitting.push(part);
  return join(fitting);
}
