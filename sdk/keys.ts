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

/**
 * Pulumi makes a text of each input, for its messages about promises, which fails for a map with a key `toString`. Such a
 * map says itself what its text is, under a name that Pulumi does not send.
 */
export function withTexts<T extends object>(inputs: T): T {
  const parts = Object.entries(inputs as Record<string, unknown>);
  return Object.fromEntries(parts.map(([name, value]) => [name, withText(value)])) as T;
}

function withText(value: unknown): unknown {
  if (typeof value !== "object" || value === null || pulumi.Output.isInstance(value)) return value;
  if (!Object.hasOwn(value, "toString")) return value;
  return Object.defineProperty({ ...value }, Symbol.toPrimitive, { value: () => "[object Object]" });
}
