import * as pulumi from "@pulumi/pulumi";
import { programError } from "./errors";

/**
 * Pulumi drops a key called `__proto__` without a word when it sends inputs to the engine: a deployment or a tag of
 * that name would never be recorded. So it is refused while it can still be seen.
 */
export function refuseLostKeys<T>(resource: string, property: string, value: T): T {
  if (pulumi.Output.isInstance(value))
    return value.apply((known: unknown) => refuseLostKeys(resource, property, known)) as T;
  if (value instanceof Promise)
    return value.then((known: unknown) => refuseLostKeys(resource, property, known)) as T;
  const lost = findLostKey(value, property);
  if (lost === undefined) return value;
  throw programError(
    `${resource}: ${lost} has a key "__proto__", which Pulumi cannot carry. Use another name.`,
  );
}

function findLostKey(value: unknown, path: string): string | undefined {
  if (typeof value !== "object" || value === null || pulumi.Output.isInstance(value)) return undefined;
  if (Object.hasOwn(value, "__proto__")) return path;
  for (const [key, part] of Object.entries(value)) {
    const lost = findLostKey(part, `${path}[${JSON.stringify(key)}]`);
    if (lost !== undefined) return lost;
  }
  return undefined;
}
