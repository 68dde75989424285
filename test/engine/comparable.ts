/** Traces and replays in a form in which equal means: the same as far as a provider and a user can see. */
import {
  isDefaultProvider,
  isProviderType,
  providerUrn,
  STACK_TYPE,
  typeOf,
} from "../../local/engine/core/urn";
import { SECRET, SIGNATURE, type ResourceState, type Urn } from "../../local/engine/types";
import type { StackExport } from "../../local/stack";
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
  const chance = undecided(step);
  const calls = run.calls.map((call) => comparableCall(call, file, chance));
  const pending = (run.deployment.pending_operations ?? []).filter(
    ({ resource }) => !isImplicit(resource.urn),
  );
  return {
    exit: run.exit,
    calls: Object.fromEntries(
      [...new Set(calls.map(({ request }) => request.urn))]
        .sort()
        .map((urn) => [urn, withoutRaces(calls.filter(({ request }) => request.urn === urn))]),
    ),
    order: orders(calls, step, before),
    resources: comparableResources(run.deployment.resources ?? [], file),
    pendingOperations: pending.map(({ type, resource }) => ({
      type,
      resource: comparableResource(resource, file),
    })),
  };
}

/** Several states of one resource that are to be deleted are deleted in any order. */
function withoutRaces(calls: Call[]): Call[] {
  const deletes = calls
    .filter(({ method }) => method === "Delete")
    .sort((a, b) => compareJson(a.request, b.request));
  return calls.map((call) => (call.method === "Delete" ? (deletes.shift() ?? call) : call));
}

function compareJson(a: unknown, b: unknown): number {
  return sortedJson(a) < sortedJson(b) ? -1 : 1;
}

function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_, v: unknown) =>
    v !== null && typeof v === "object" && !Array.isArray(v)
      ? Object.fromEntries(Object.entries(v).sort(([a], [b]) => (a < b ? -1 : 1)))
      : v,
  );
}

/**
 * What is to be deleted and does not depend on each other is deleted in any order, and the first failure ends it:
 * which of these fails is chance.
 */
function undecided({ providerCalls, resources }: TraceStep): string[] {
  const kept = new Set(
    providerCalls.filter(({ method }) => method !== "Delete").map(({ request }) => request.urn),
  );
  const left = resources.filter((state) => state.delete === true || !kept.has(state.urn));
  const needed = new Set(left.flatMap((state) => [...(state.dependencies ?? []), state.parent ?? ""]));
  const free = left.map(({ urn }) => urn).filter((urn) => !needed.has(urn));
  return free.length > 1 ? free : [];
}

function comparableCall(call: Call, file: TraceFile, chance: string[]): Call {
  const { method, request, errors } = call;
  if (method === "Delete" && errors !== undefined && chance.includes(request.urn)) {
    return { method, request: { urn: `one of ${chance.join(", ")}` } };
  }
  const fields = Object.entries(request)
    .filter(([field, value]) => file.requestFields[method]?.has(field) && !isEmptyList(value))
    .map(([field, value]) => [field, plain(value as Json, file)]);
  return { method, request: Object.fromEntries(fields) as Call["request"] };
}

const isEmptyList = (value: unknown): boolean => Array.isArray(value) && value.length === 0;

/** Sorted: the order of resources that do not depend on each other is not fixed. */
function comparableResources(resources: ResourceState[], file: TraceFile): Json[] {
  return resources
    .filter(({ urn }) => !isImplicit(urn))
    .map((resource) => comparableResource(resource, file))
    .sort(compareJson);
}

function comparableResource(resource: ResourceState, file: TraceFile): Json {
  const entries = Object.entries(resource).filter(
    ([field, value]) => file.resourceFields.has(field) && value !== undefined,
  );
  const fields = Object.fromEntries(entries) as ResourceState;
  // The local engine keeps no `customTimeouts`: dynamic providers are not told of them.
  delete fields.customTimeouts;
  // A provider's id is random.
  if (isProviderType(fields.type)) delete fields.id;
  if (fields.provider !== undefined) fields.provider = providerUrn(fields.provider);
  return plain(fields as Json, file);
}

/** What no program declares: the stack itself and the default provider. */
const isImplicit = (urn: Urn): boolean => typeOf(urn) === STACK_TYPE || isDefaultProvider(urn);

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
