/** GitHub's operations, as its OpenAPI description has them (see scripts/extract-openapi.ts). */
import * as openapi from "./openapi.json";

/** The description's operation IDs, without their `orgs/` or `issues/`. */
export const OPERATIONS = [
  "create-artifact-deployment-record",
  "set-cluster-deployment-records",
  "create-cluster-deployment-records-job",
  "get-cluster-deployment-records-job",
  "create-artifact-storage-record",
  "list-artifact-deployment-records",
  "list-artifact-storage-records",
  "list-attestations",
  "list-attestations-bulk",
  "list-comments",
  "create-comment",
  "update-comment",
] as const;
export type Operation = (typeof OPERATIONS)[number];

export type Schema = { [keyword: string]: unknown };
interface Ref {
  $ref: string;
}
export interface Parameter {
  in: string;
  name: string;
  required?: boolean;
  schema: Schema;
}
interface Content {
  content?: { "application/json": { schema: Schema } };
}
interface PathItem {
  operationId: string;
  externalDocs: { url: string };
  parameters: (Parameter | Ref)[];
  requestBody?: Content;
}
interface OpenApi {
  paths: Record<string, Record<string, PathItem>>;
  components: {
    parameters: Record<string, Parameter>;
    schemas: Record<string, Schema>;
  };
}

export const description: OpenApi = openapi;

export interface OperationDescription {
  operation: Operation;
  method: string;
  /** The path's segments; those in braces are parameters. */
  template: string[];
  parameters: Parameter[];
  body: Schema | undefined;
  documentationUrl: string;
}

function parameterOf(parameter: Parameter | Ref): Parameter {
  if (!("$ref" in parameter)) return parameter;
  const name = parameter.$ref.replace("#/components/parameters/", "");
  const found = description.components.parameters[name];
  if (!found) throw new Error(`The description has no parameter ${name}`);
  return found;
}

function describe(path: string, method: string, item: PathItem): OperationDescription {
  const operation = OPERATIONS.find((name) => item.operationId.replace(/^\w+\//, "") === name);
  if (!operation) throw new Error(`Unknown operation ${item.operationId}`);
  return {
    operation,
    method: method.toUpperCase(),
    template: path.split("/").slice(1),
    parameters: item.parameters.map(parameterOf),
    body: item.requestBody?.content?.["application/json"].schema,
    documentationUrl: item.externalDocs.url,
  };
}

const described = Object.entries(description.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, item]) => describe(path, method, item)),
);

export function describedOperation(operation: Operation): OperationDescription {
  const found = described.find((d) => d.operation === operation);
  if (!found) throw new Error(`The description has no operation ${operation}`);
  return found;
}

export interface Route {
  description: OperationDescription;
  params: Record<string, string>;
}

function paramsOf(template: string[], segments: string[]): Record<string, string> | undefined {
  if (template.length !== segments.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of template.entries()) {
    const value = segments[index] ?? "";
    if (part.startsWith("{")) params[part.slice(1, -1)] = value;
    else if (part !== value) return undefined;
    if (value === "") return undefined;
  }
  return params;
}

/** The operation of a request; undefined where the path matches none, or has a broken escape. */
export function routeOf(method: string, path: string): Route | undefined {
  let segments: string[];
  try {
    segments = path.split("/").slice(1).map(decodeURIComponent);
  } catch {
    return undefined;
  }
  for (const one of described) {
    const params = one.method === method ? paramsOf(one.template, segments) : undefined;
    if (params) return { description: one, params };
  }
  return undefined;
}
