/** Values at a schema's limits and one past them, derived from the schema. */
import { entry } from "./client";
import type { Schema } from "./described";

export interface Try {
  /** Where the value stands, as a programmer writes it; empty: the body itself. */
  field: string;
  value: unknown;
  valid: boolean;
  why: string;
}

/** A valid value with so many characters; undefined where the pattern has none that short. */
function text({ pattern, format }: Schema, length: number): string | undefined {
  if (length === 0) return "";
  if (pattern?.startsWith("^sha256:")) return `sha256:${"a".repeat(length - 7)}`;
  if (pattern === "^https://") return length < 9 ? undefined : `https://${"a".repeat(length - 8)}`;
  // Two UTF-16 units each: lengths are counted in characters.
  return (pattern === undefined && format === undefined ? "𝒜" : "a").repeat(length);
}

function triesOfText(schema: Schema, field: string): Try[] {
  const { minLength = 0, maxLength, pattern, format } = schema;
  const tries: [value: unknown, valid: boolean, why: string][] = [];
  if (schema.enum)
    for (const value of [...schema.enum, "Deployed", ""])
      tries.push([value, schema.enum.includes(value), value]);
  else {
    const shortest = Math.max(minLength, pattern ? 1 : 0);
    tries.push([text(schema, shortest), true, `at least ${shortest}`]);
    if (shortest > 0) tries.push([text(schema, shortest - 1), false, `below ${shortest}`]);
  }
  if (maxLength !== undefined) tries.push([text(schema, maxLength), true, `at most ${maxLength}`]);
  if (maxLength !== undefined) tries.push([text(schema, maxLength + 1), false, `above ${maxLength}`]);
  if (pattern === "^https://")
    tries.push(["http://a.example", false, "http"], [" https://a.example", false, "space"]);
  else if (pattern) tries.push([`${text(schema, minLength || 1)?.slice(0, -1)}/`, false, pattern]);
  if (format === "uri") tries.push(["https://a b", false, "no URI"], ["https://%zz", false, "broken escape"]);
  return tries.flatMap(([value, valid, why]) => (value === undefined ? [] : [{ field, value, valid, why }]));
}

function triesOfList(schema: Schema, field: string): Try[] {
  const { items = {}, maxItems = 0, uniqueItems } = schema;
  const item = (index: number) =>
    items.enum ? (items.enum[index] ?? items.enum[0]) : entry({ deployment_name: `d${index}` });
  const list = (length: number) => Array.from({ length }, (_, index) => item(index));
  return [
    { field, value: [], valid: true, why: "empty" },
    { field, value: list(maxItems), valid: true, why: `at most ${maxItems}` },
    { field, value: list(maxItems + 1), valid: false, why: `above ${maxItems}` },
    ...(uniqueItems ? [{ field, value: [item(0), item(0)], valid: false, why: "repeated" }] : []),
    ...triesOf(items, `${field}[0]`),
  ];
}

function triesOfMap({ maxProperties }: Schema, field: string): Try[] {
  const map = (length: number) =>
    Object.fromEntries(Array.from({ length }, (_, index) => [`k${index}`, "v"]));
  const most = maxProperties ?? 50;
  return [
    { field, value: {}, valid: true, why: "empty" },
    { field, value: map(most), valid: true, why: `at most ${most}` },
    ...(maxProperties === undefined
      ? []
      : [{ field, value: map(most + 1), valid: false, why: `above ${most}` }]),
    { field: `${field}.a`, value: 1, valid: false, why: "a number" },
    { field: `${field}["a/b~c"]`, value: null, valid: false, why: "null" },
  ];
}

export function triesOf(schema: Schema, field: string): Try[] {
  const wrongTypes = [null, 1, "x", [1], {}, true].filter((value) => typeOf(value) !== schema.type);
  const wrong = wrongTypes.map((value) => ({
    field,
    value,
    valid: false,
    why: `as ${JSON.stringify(value)}`,
  }));
  if (schema.type === "string") return [...wrong, ...triesOfText(schema, field)];
  if (schema.type === "boolean")
    return [...wrong, ...[true, false].map((value) => ({ field, value, valid: true, why: String(value) }))];
  if (schema.type === "array") return [...wrong, ...triesOfList(schema, field)];
  if (schema.additionalProperties) return [...wrong, ...triesOfMap(schema, field)];
  const inside = Object.entries(schema.properties ?? {}).flatMap(([name, one]) =>
    triesOf(one, field === "" ? name : `${field}.${name}`),
  );
  // A body that is no object is a matter of its own: 400.
  return field === "" ? inside : [...wrong, ...inside];
}

const typeOf = (value: unknown) => (value === null ? "null" : Array.isArray(value) ? "array" : typeof value);

/** The body with another value at a place such as `deployments[0].tags["a/b"]`. */
export function withValue(body: Record<string, unknown>, field: string, value: unknown): unknown {
  const keys = [...field.matchAll(/\["(.+?)"\]|\[(\d+)\]|([^.[\]]+)/g)].map(([, quoted, index, name]) =>
    index === undefined ? (quoted ?? name ?? "") : Number(index),
  );
  const put = (place: unknown, [key, ...rest]: (string | number)[]): unknown => {
    if (key === undefined) return value;
    if (typeof key === "string") {
      const object = (place ?? {}) as Record<string, unknown>;
      return { ...object, [key]: put(object[key], rest) };
    }
    const list = Array.isArray(place) ? [...(place as unknown[])] : [];
    list[key] = put(list[key], rest);
    return list;
  };
  return put(body, keys);
}
