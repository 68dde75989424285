import type * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";

/** What Pulumi puts in the place of a value that is not known in a preview. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export type Fields = Record<string, z.ZodType>;

const holdsUnknown = (value: unknown): boolean =>
  value === UNKNOWN ||
  (typeof value === "object" && value !== null && Object.values(value).some(holdsUnknown));

/** Is the value at this path, or one that holds it, unknown? */
function unknownAt(value: unknown, path: readonly PropertyKey[]): boolean {
  let here = value;
  for (const key of path) {
    if (here === UNKNOWN) return true;
    here = (here as Record<PropertyKey, unknown> | undefined)?.[key];
  }
  return here === UNKNOWN;
}

/** `deployments["shop-web-web"].digest`: the path as the user would write it. */
export function propertyPath(path: readonly PropertyKey[]): string {
  return path
    .map((key, index) => {
      if (typeof key === "number") return `[${key}]`;
      const name = String(key);
      if (!/^[A-Za-z_$][\w$]*$/.test(name)) return `[${JSON.stringify(name)}]`;
      return index === 0 ? name : `.${name}`;
    })
    .join("");
}

/**
 * Checks what the program declared, field by field, so that an unknown value keeps no other field from being
 * checked. Defaults are filled in, so that they stand in the inputs and a drift of theirs is seen.
 */
export function checkInputs(fields: Fields, news: Record<string, unknown>): pulumi.dynamic.CheckResult {
  const inputs: Record<string, unknown> = {};
  const failures: pulumi.dynamic.CheckFailure[] = [];
  for (const [name, schema] of Object.entries(fields)) {
    const value = news[name] ?? undefined;
    if (value === UNKNOWN) {
      inputs[name] = value;
      continue;
    }
    const result = schema.safeParse(value);
    const unknown = holdsUnknown(value);
    if (result.success) {
      if (result.data !== undefined) inputs[name] = result.data;
    } else {
      if (value !== undefined) inputs[name] = value;
      for (const issue of result.error.issues) {
        if (unknown && unknownAt(value, issue.path)) continue;
        failures.push({ property: propertyPath([name, ...issue.path]), reason: issue.message });
      }
    }
  }
  for (const name of Object.keys(news)) {
    if (name === "__provider" || Object.hasOwn(fields, name)) continue;
    failures.push({
      property: propertyPath([name]),
      reason: `is not a property of this resource; it has ${Object.keys(fields).join(", ")}`,
    });
  }
  return { inputs, failures };
}
