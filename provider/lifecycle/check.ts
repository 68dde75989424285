import { isDeepStrictEqual } from "node:util";
import type * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { ProviderError } from "../runtime/errors";
import { quoted, safeMessage } from "../runtime/untrusted-text";

/** What Pulumi puts in the place of a value that is not known in a preview. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** A field's schema, or a map from names that the user chooses to values that have fields of their own. */
export type Field = z.ZodType | MapOf;
export interface MapOf {
  key: z.ZodType<string>;
  entry: Record<string, z.ZodType>;
}
export type Fields = Record<string, Field>;

type Values = Record<string, unknown>;
type Path = readonly PropertyKey[];
type Failures = pulumi.dynamic.CheckFailure[];

/** Whether an error may repeat the value at this path. */
type IsRepeatable = (path: Path) => boolean;

interface Report {
  failures: Failures;
  isRepeatable: IsRepeatable;
}

const isMap = (field: Field): field is MapOf => "entry" in field;

export const holdsUnknown = (value: unknown): boolean =>
  value === UNKNOWN ||
  (typeof value === "object" && value !== null && Object.values(value).some(holdsUnknown));

function valueAt(value: unknown, path: Path): unknown {
  let here = value;
  for (const key of path)
    here =
      typeof here === "object" && here !== null && Object.hasOwn(here, key)
        ? (here as Values)[key as string]
        : undefined;
  return here;
}

/** A refresh can have found it, and `ignoreChanges` keeps it: the program does not have it, and could not change it. */
function isKept(value: unknown, old: unknown, path: Path): boolean {
  const before = valueAt(old, path);
  return before !== undefined && isDeepStrictEqual(valueAt(value, path), before);
}

/** `deployments["shop-web-web"].digest`: the path as the user would write it. */
export function propertyPath(path: Path): string {
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
 * checked. Defaults are filled in, so that they stand in the inputs and a drift of theirs is seen. A value that is the same
 * as in the old inputs is accepted as it is (see `writable`).
 *
 * @param isRepeatable Of what is nested, whether an error may repeat it. Pulumi itself prints only the other values.
 */
export function checkInputs(
  fields: Fields,
  news: object,
  olds: object = {},
  isRepeatable: IsRepeatable = () => false,
): pulumi.dynamic.CheckResult {
  const failures: Failures = [];
  const inputs = checkFields(fields, { news: news as Values, olds }, [], { failures, isRepeatable });
  // Names of properties are the program's, and may come from a manifest.
  return {
    inputs,
    failures: failures.map(({ property, reason }) => ({
      property: safeMessage(property),
      reason: safeMessage(reason),
    })),
  };
}

interface Versions<T = unknown> {
  news: T;
  olds: unknown;
}

function checkFields(fields: Fields, { news, olds }: Versions<Values>, path: Path, report: Report): Values {
  const inputs: Values = {};
  for (const [name, field] of Object.entries(fields)) {
    const value = { news: news[name] ?? undefined, olds: valueAt(olds, [name]) };
    const checked = isMap(field)
      ? checkMap(field, value, [...path, name], report)
      : checkValue(field, value, [...path, name], report);
    if (checked !== undefined) inputs[name] = checked;
  }
  for (const name of Object.keys(news)) {
    if (Object.hasOwn(fields, name) || (name === "__provider" && path.length === 0)) continue;
    const what = path.length === 0 ? "this resource" : propertyPath(path);
    const reason = `is not a property of ${what}; it has ${Object.keys(fields).join(", ")}`;
    report.failures.push({ property: propertyPath([...path, name]), reason });
  }
  return inputs;
}

function checkValue(schema: z.ZodType, { news, olds }: Versions, path: Path, report: Report): unknown {
  if (news === UNKNOWN) return news;
  const result = schema.safeParse(news);
  if (result.success) return result.data;
  for (const issue of result.error.issues) {
    const value = valueAt(news, issue.path);
    if (value === UNKNOWN || isKept(news, olds, issue.path)) continue;
    const here = [...path, ...issue.path];
    const isShown = isScalar(value) && here.length > 1 && report.isRepeatable(here);
    const reason = isShown ? `${shownValue(value)} ${issue.message}` : issue.message;
    report.failures.push({ property: propertyPath(here), reason });
  }
  return news;
}

type Scalar = string | number | boolean;

const isScalar = (value: unknown): value is Scalar => ["string", "number", "boolean"].includes(typeof value);

const shownValue = (value: Scalar): string =>
  typeof value === "string" ? quoted(value, 100) : String(value);

function checkMap(field: MapOf, { news, olds }: Versions, path: Path, report: Report): unknown {
  const { failures } = report;
  if (news === UNKNOWN) return news;
  if (typeof news !== "object" || news === null || Array.isArray(news)) {
    const reason = news === undefined ? "is required" : "must be a map";
    failures.push({ property: propertyPath(path), reason });
    return news;
  }
  const entries = Object.entries(news).map(([key, entry]: [string, unknown]) => {
    const here = [...path, key];
    const name = field.key.safeParse(key);
    for (const issue of name.error?.issues ?? [])
      failures.push({ property: propertyPath(here), reason: `its name ${issue.message}` });
    // As a name in an object this key is lost without a word.
    if (key === "__proto__") failures.push({ property: propertyPath(here), reason: "cannot be a name here" });
    if (entry === UNKNOWN) return [key, entry];
    const versions = { news: entry as Values, olds: valueAt(olds, [key]) };
    if (typeof entry === "object" && entry !== null && !Array.isArray(entry))
      return [key, checkFields(field.entry, versions, here, report)];
    failures.push({
      property: propertyPath(here),
      reason: `must have ${Object.keys(field.entry).join(", ")}`,
    });
    return [key, entry];
  });
  return Object.fromEntries(entries) as Values;
}

/** For values that no check has seen: those that were unknown in the preview, of a state from elsewhere, or given to `.get`. */
export function parseOrThrow<T>(what: string, schema: z.ZodType<T>, value: object): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) => `${propertyPath(path)} ${message}`);
  throw new ProviderError(`The ${what} is not valid: ${problems.join("; ")}.`);
}
