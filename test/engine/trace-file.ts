/** The form of traces.json: what the real engine called and saved (see traces/README.md). */
import { readFileSync } from "node:fs";
import type { Operation, PropertyMap, ResourceState, Urn } from "../../local/engine/types";

export type Method = "Check" | "Diff" | "Create" | "Read" | "Update" | "Delete";

export interface Call {
  method: Method;
  request: { urn: string; [field: string]: unknown };
  response?: { failures?: unknown[] };
  errors?: string[];
}

export interface Declaration {
  name: string;
  /** An explicit provider. */
  provider?: true;
  props: PropertyMap;
  opts?: { dependsOn?: string[]; parent?: string; [option: string]: unknown };
}

export interface TraceStep {
  command: Operation;
  /** Null where the operation runs no program. */
  program: Declaration[] | null;
  env: Record<string, string>;
  /** Set before the step. */
  config?: Record<string, string>;
  options?: { target?: Urn[]; continueOnError?: boolean; runProgram?: boolean };
  exit: number;
  providerCalls: Call[];
  resources: ResourceState[];
  pendingOperations: { type: string; resource: ResourceState }[];
}

export interface TraceFile {
  scenarios: Record<string, TraceStep[]>;
  /** The fields that were recorded; others stand in a state or a request, but not in this file. */
  requestFields: Record<string, Set<string>>;
  resourceFields: Set<string>;
  /** Ciphertexts cannot be compared, plaintexts (`--show-secrets`) can. */
  showsSecrets: boolean;
}

export function readTraces(path: string): TraceFile {
  const text = readFileSync(path, "utf8");
  const scenarios = JSON.parse(text) as Record<string, TraceStep[]>;
  const steps = Object.values(scenarios).flat();
  const requestFields: Record<string, Set<string>> = {};
  for (const { method, request } of steps.flatMap((step) => step.providerCalls)) {
    const fields = (requestFields[method] ??= new Set());
    Object.keys(request).forEach((field) => fields.add(field));
  }
  const resources = steps.flatMap((step) => [
    ...step.resources,
    ...step.pendingOperations.map(({ resource }) => resource),
  ]);
  return {
    scenarios,
    requestFields,
    resourceFields: new Set(resources.flatMap((resource) => Object.keys(resource))),
    showsSecrets: !text.includes('"ciphertext"'),
  };
}
