/** Requests against GitHub's OpenAPI description. */
import Ajv from "ajv";
import type { ValidateFunction } from "ajv";
import { z } from "zod";
import {
  describedOperation,
  description,
  type Operation,
  type OperationDescription,
  type Schema,
} from "./description";
import { type Problem, problemsFrom } from "./problems";

const ROOT = "github";
const ACCEPT = "application/vnd.github+json";
const API_VERSION = "2022-11-28";
/** The version that leaves the bundles out. */
const WITHOUT_BUNDLES = "2026-03-10";

/**
 * The description says `format: uri` of a storage record's path and gives `com/github/bar/libfoo-1.2.3` as its
 * example, so a reference without a scheme has to pass. URLs are held to https by their own pattern.
 */
const URI_REFERENCE =
  /^(?:[A-Za-z][A-Za-z0-9+.-]*:)?(?:[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*$/;

const DATE_TIME = z.iso.datetime({ offset: true });

/** With the formats that the description names. The tests check the description itself: at each start that would be slow. */
function newAjv(): Ajv {
  const ajv = new Ajv({ allErrors: true, strict: true, meta: false, validateSchema: false });
  ajv.addFormat("uri", URI_REFERENCE);
  ajv.addFormat("date-time", (text: string) => DATE_TIME.safeParse(text).success);
  ajv.addFormat("int64", true);
  ajv.addVocabulary(["components"]);
  ajv.addSchema({ $id: ROOT, components: description.components }, ROOT);
  return ajv;
}

/** The description does not say so, but a property that it does not name is a mistake of the client's. */
function closed(schema: Schema): Schema {
  const entries = Object.entries(schema).map(([key, value]) => {
    const inner = typeof value === "object" && value !== null && !Array.isArray(value);
    if (key === "properties" && inner) {
      const properties = Object.entries(value).map(([name, one]) => [name, closed(one as Schema)]);
      return [key, Object.fromEntries(properties)] as const;
    }
    return [key, key === "items" && inner ? closed(value as Schema) : value] as const;
  });
  const open = "properties" in schema && !("additionalProperties" in schema);
  return { ...Object.fromEntries(entries), ...(open ? { additionalProperties: false } : {}) };
}

function withRoot(schema: Schema): Schema {
  const text = JSON.stringify(schema).replaceAll('"$ref":"#/', `"$ref":"${ROOT}#/`);
  return JSON.parse(text) as Schema;
}

const ajv = newAjv();
// Compiling costs tens of milliseconds, and a test starts many servers.
const compiled = new Map<string, ValidateFunction>();

function validator(key: string, schema: () => Schema): ValidateFunction {
  const known = compiled.get(key);
  if (known) return known;
  const made = ajv.compile(withRoot(schema()));
  compiled.set(key, made);
  return made;
}

function run(validate: ValidateFunction, value: unknown, place: Problem["in"], root?: string): Problem[] {
  return validate(value) ? [] : problemsFrom(validate.errors ?? [], place, root);
}

function parameterProblems(
  route: OperationDescription,
  place: "path" | "query",
  field: string,
  text: string,
) {
  const schema = route.parameters.find((one) => one.in === place && one.name === field)?.schema;
  if (schema === undefined)
    return [{ in: place, field, code: "invalid" as const, message: "is not a parameter of this operation" }];
  const validate = validator(`${route.operation} ${field}`, () => schema);
  return run(validate, valueOf(schema, text), place, field);
}

export const pathProblems = (route: OperationDescription, params: Record<string, string>): Problem[] =>
  Object.entries(params).flatMap(([name, text]) => parameterProblems(route, "path", name, text));

export const queryProblems = (route: OperationDescription, query: string): Problem[] =>
  [...new URLSearchParams(query)].flatMap(([name, text]) => parameterProblems(route, "query", name, text));

const valueOf = (schema: Schema, text: string): unknown =>
  schema.type === "integer" && /^\d+$/.test(text) ? Number(text) : text;

export function headerProblems(route: OperationDescription, headers: Record<string, string>): Problem[] {
  const problem = (field: string, message: string): Problem => ({
    in: "header",
    field,
    code: headers[field.toLowerCase()] === undefined ? "missing_field" : "invalid",
    message,
  });
  const types = (headers.accept ?? "").split(",").map((type) => type.split(";")[0]?.trim().toLowerCase());
  const problems: Problem[] = [];
  if (!types.includes(ACCEPT)) problems.push(problem("Accept", `must be ${ACCEPT}`));
  const versions =
    route.operation === "list-attestations-bulk" ? [API_VERSION, WITHOUT_BUNDLES] : [API_VERSION];
  if (!versions.includes(headers["x-github-api-version"] ?? ""))
    problems.push(problem("X-GitHub-Api-Version", `must be ${versions.join(" or ")}`));
  const json = /^application\/json\s*(;\s*charset="?utf-8"?\s*)?$/i;
  if (route.body && !json.test(headers["content-type"] ?? ""))
    problems.push(problem("Content-Type", "must be application/json"));
  return problems;
}

/** The description's own words: "The deployment_name must be unique across all entries". */
function repeatedNames(body: unknown): Problem[] {
  const deployments = (body as { deployments?: unknown }).deployments;
  if (!Array.isArray(deployments)) return [];
  const seen = new Set<string>();
  return (deployments as { deployment_name?: unknown }[]).flatMap((entry, index): Problem[] => {
    const name = entry?.deployment_name;
    if (typeof name !== "string" || !seen.has(name)) {
      if (typeof name === "string") seen.add(name);
      return [];
    }
    const field = `deployments[${index}].deployment_name`;
    return [{ in: "body", field, code: "unprocessable", message: "is in the request more than once" }];
  });
}

export function bodyProblems(operation: Operation, body: unknown): Problem[] {
  const schema = describedOperation(operation).body;
  if (!schema) return [];
  const validate = validator(`${operation} body`, () => closed(schema));
  const problems = run(validate, body, "body");
  return typeof body === "object" && body !== null ? [...problems, ...repeatedNames(body)] : problems;
}
