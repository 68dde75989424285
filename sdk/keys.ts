import * as pulumi from "@pulumi/pulumi";
import { programError } from "./errors";

/**
 * Pulumi drops a key called `__proto__` without a word when it sends inputs to the engine: a deployment or a tag of
 * that name would never be recorded. So it is refused while it can still be seen; what is not known yet, at any depth,
 * once it is known.
 */
export function rejectProtoKeys<T>(resource: string, path: string, value: T): T {
  const refuse = (known: unknown) => rejectProtoKeys(resource, path, known);
  if (pulumi.Output.isInstance(value)) return value.apply(refuse) as T;
  if (value instanceof Promise) return value.then(refuse) as T;
  if (typeof value !== "object" || value === null) return value;
  if (Object.hasOwn(value, "__proto__"))
    throw programError(
      `${resource}: ${path} has a key "__proto__", which Pulumi cannot carry. Use another name.`,
    );
  const parts = Object.entries(value as Record<string, unknown>);
  const checked = parts.map(([key, part]): [string, unknown] => [
    key,
    rejectProtoKeys(resource, `${path}[${JSON.stringify(key)}]`, part),
  ]);
  // Only what holds something that is not known yet is built anew.
  if (checked.every(([, part], index) => part === parts[index]?.[1])) return value;
  return (Array.isArray(value) ? checked.map(([, part]) => part) : Object.fromEntries(checked)) as T;
}
