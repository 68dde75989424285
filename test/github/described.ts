/** GitHub's description read by the tests themselves, so that the server is not its own judge. */
import Ajv from "ajv";
import addFormats from "ajv-formats";

import openapi from "../../local/github/openapi.json";

export interface Schema {
  $ref?: string;
  type?: string;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | false;
  items?: Schema;
  required?: string[];
  enum?: string[];
  pattern?: string;
  format?: string;
  minLength?: number;
  maxLength?: number;
  maxItems?: number;
  maxProperties?: number;
  uniqueItems?: boolean;
}

export interface Described {
  operation: string;
  method: string;
  path: string;
  parameters: { name: string; schema: Schema }[];
  body: Schema | undefined;
  responses: Record<string, Schema>;
}

interface Content {
  content: { "application/json": { schema: unknown } };
}

/** The description with every reference replaced by what it refers to. */
function resolved(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(resolved);
  if (typeof value !== "object" || value === null) return value;
  if ("$ref" in value && typeof value.$ref === "string") {
    const keys = value.$ref.slice(2).split("/");
    return resolved(keys.reduce<unknown>((place, key) => (place as Record<string, unknown>)[key], openapi));
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolved(item)]));
}

const schemaOf = (content: unknown) => (content as Content).content["application/json"].schema as Schema;

export const DESCRIBED: Described[] = Object.entries(openapi.paths).flatMap(([path, methods]) =>
  Object.entries(methods as Record<string, unknown>).map(([method, item]) => {
    const { operationId, parameters, requestBody, responses } = resolved(item) as {
      operationId: string;
      parameters: Described["parameters"];
      requestBody?: Content;
      responses: Record<string, Content>;
    };
    const answers = Object.entries(responses).map(([status, answer]) => [status, schemaOf(answer)] as const);
    return {
      operation: operationId.replace(/^\w+\//, ""),
      method: method.toUpperCase(),
      path,
      parameters,
      body: requestBody && schemaOf(requestBody),
      responses: Object.fromEntries(answers),
    };
  }),
);

export function described(operation: string): Described {
  const found = DESCRIBED.find((one) => one.operation === operation);
  if (!found) throw new Error(`the description has no operation ${operation}`);
  return found;
}

/** With no property but those that the description names: an answer that says more is not GitHub's. */
function closed(schema: Schema): Schema {
  const { properties, items, additionalProperties } = schema;
  return {
    ...schema,
    ...(items ? { items: closed(items) } : {}),
    ...(properties
      ? {
          properties: Object.fromEntries(Object.entries(properties).map(([key, one]) => [key, closed(one)])),
          additionalProperties: additionalProperties ?? false,
        }
      : {}),
  };
}

const ajv = addFormats(new Ajv({ allErrors: true }));
const compiled = new Map<string, (value: unknown) => string[]>();

function validator(key: string, schema: () => Schema): (value: unknown) => string[] {
  const known = compiled.get(key);
  if (known) return known;
  const validate = ajv.compile(schema());
  const made = (value: unknown) =>
    validate(value) ? [] : (validate.errors ?? []).map((e) => `${key}: ${e.instancePath} ${e.message}`);
  compiled.set(key, made);
  return made;
}

/**
 * What an answer breaks of the description. A status that it does not have takes GitHub's common error form.
 * `exact`: nor may an answer say more than the description.
 */
export function brokenBy(
  operation: string | undefined,
  status: number,
  body: unknown,
  exact = status < 400,
): string[] {
  const own = operation === undefined ? undefined : described(operation).responses[String(status)];
  if (own)
    return validator(`${operation} ${status}${exact ? " exactly" : ""}`, () => (exact ? closed(own) : own))(
      body,
    );
  if (status < 400) return [`${operation} does not answer ${status}`];
  const name = status === 422 ? "validation-error" : "basic-error";
  return validator(name, () => resolved({ $ref: `#/components/schemas/${name}` }) as Schema)(body);
}
