/** Traces and replays in a form in which equal means: the same as far as a provider and a user can see. */
import { SECRET, SIGNATURE, type ResourceState } from "../../local/engine/types";
import type { StackExport } from "../../local/stack";
import { isEngineOwn } from "./replay";
import type { Call, Declaration, TraceFile, TraceStep } from "./trace-file";

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export interface Comparable {
  exit: number;
  /** In the order in which they were made, for each resource. */
  calls: Record<string, Call[]>;
  /** Who was called when, for each pair of which one depends on the other. */
  order: Record<string, string[]>;
  resources: Json[];
  pendingOperations: Json[];
}

export interface Run {
  exit: number;
  calls: Call[];
  deployment: Pick<StackExport["deployment"], "resources" | "pending_operations">;
}

export function comparable(run: Run, step: TraceStep, before: ResourceState[], file: TraceFile): Comparable {
  const calls = run.calls.map((call) => comparableCall(call, file));
  const pending = (run.deployment.pending_operations ?? []).filter(
    ({ resource }) => !isEngineOwn(resource.urn),
  );
  return {
    exit: run.exit,
    calls: Object.fromEntries(
      [...new Set(calls.map(({ request }) => request.urn))]
        .sort()
        .map((urn) => [urn, calls.filter(({ request }) => request.urn === urn)]),
    ),
    order: orders(calls, step, before),
    resources: comparableResources(run.deployment.resources ?? [], file),
    pendingOperations: pending.map(({ type, resource }) => ({
      type,
      resource: comparableResource(resource, file),
    })),
  };
}

function comparableCall({ method, request }: Call, file: TraceFile): Call {
  const fields = Object.entries(request)
    .filter(([field, value]) => file.requestFields[method]?.has(field) && !isEmptyList(value))
    .map(([field, value]) => [field, plain(value as Json, file)]);
  return { method, request: Object.fromEntries(fields) as Call["request"] };
}

const isEmptyList = (value: unknown): boolean => Array.isArray(value) && value.length === 0;

/** Sorted: the order of resources that do not depend on each other is not fixed. */
function comparableResources(resources: ResourceState[], file: TraceFile): Json[] {
  return resources
    .filter(({ urn }) => !isEngineOwn(urn))
    .map((resource) => comparableResource(resource, file))
    .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

function comparableResource(resource: ResourceState, file: TraceFile): Json {
  const entries = Object.entries(resource)
    .filter(([field, value]) => file.resourceFields.has(field) && value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return plain(Object.fromEntries(entries) as Json, file);
}

/** Without `__provider`, which the traces leave out; secrets as their plain text, where the file has it. */
function plain(value: Json, file: TraceFile): Json {
  if (Array.isArray(value)) return value.map((element) => plain(element, file));
  if (value === null || typeof value !== "object") return value;
  if (value[SIGNATURE] === SECRET) {
    const { plaintext } = value;
    return {
      secret: file.showsSecrets && typeof plaintext === "string" ? (JSON.parse(plaintext) as Json) : "",
    };
  }
  const entries = Object.entries(value).filter(([key]) => key !== "__provider");
  return Object.fromEntries(entries.map(([key, inner]) => [key, plain(inner, file)]));
}

function orders(calls: Call[], step: TraceStep, before: ResourceState[]): Record<string, string[]> {
  const declared = declaredPairs(step.program ?? []).map(({ name, on }) => ({
    pair: [name, on].map((n) => `::${n}`),
    relevant: calls.filter(({ method }) => method !== "Delete"),
  }));
  // What is deleted was ordered by the program that made it.
  const saved = savedPairs(before).map((pair) => ({
    pair,
    relevant: calls.filter(({ method }) => method === "Delete"),
  }));
  return Object.fromEntries(
    [...declared, ...saved].map(({ pair, relevant }) => [
      pair.join(" after "),
      relevant
        .filter(({ request }) => pair.some((end) => request.urn.endsWith(end)))
        .map(({ method, request }) => `${method} ${request.urn}`),
    ]),
  );
}

function declaredPairs(program: Declaration[]): { name: string; on: string }[] {
  return program.flatMap(({ name, props, opts = {} }) => {
    const references = Object.values(props).filter((v): v is string => typeof v === "string");
    const on = [
      ...references.filter((value) => value.startsWith("$")).map((value) => value.slice(1)),
      ...(opts.dependsOn ?? []),
      ...(opts.parent ? [opts.parent] : []),
    ];
    return on.map((other) => ({ name, on: other }));
  });
}

function savedPairs(resources: ResourceState[]): string[][] {
  return resources.flatMap(({ urn, parent, dependencies = [] }) =>
    [...dependencies, ...(parent ? [parent] : [])].map((on) => [urn, on]),
  );
}
