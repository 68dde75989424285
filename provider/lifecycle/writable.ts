/**
 * What a write sends in the place of a value that a refresh found and no write can repeat: `not listed` as a status, a tag
 * of another writer. `check` accepts such a value as long as it is unchanged, so that `ignoreChanges` goes on.
 */
import type { z } from "zod";
import { holdsUnknown } from "./check";

/** @param identity Fields that stay as they are: with another value it would be another record. */
export function writable<T extends object>(
  fields: Record<string, z.ZodType>,
  identity: readonly string[],
  declared: T,
): T {
  let result = declared;
  for (const [name, schema] of Object.entries(fields)) {
    const value = (declared as Record<string, unknown>)[name];
    if (value === undefined || identity.includes(name)) continue;
    if (schema.safeParse(value).success || holdsUnknown(value)) continue;
    if (result === declared) result = { ...declared };
    (result as Record<string, unknown>)[name] = inPlaceOf(schema, value);
  }
  return result;
}

function inPlaceOf(schema: z.ZodType, value: unknown): unknown {
  if (Array.isArray(value)) return mostOf(schema, value as unknown[], (some) => some);
  if (typeof value === "object" && value !== null)
    return mostOf(schema, Object.entries(value), (some) => Object.fromEntries(some) as object);
  // The default, or nothing where it can be left out; what is required is left to the write to refuse.
  const without = schema.safeParse(undefined);
  return without.success ? without.data : value;
}

/** The first parts that make a valid value: the same ones in each diff and in each write. */
function mostOf<P>(schema: z.ZodType, parts: P[], join: (parts: P[]) => object): object {
  const fitting: P[] = [];
  for (const part of parts) if (schema.safeParse(join([...fitting, part])).success) fitting.push(part);
  return join(fitting);
}
