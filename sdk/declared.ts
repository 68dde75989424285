import * as pulumi from "@pulumi/pulumi";
import { isDryRun } from "@pulumi/pulumi/runtime";
import { setImmediate } from "node:timers/promises";
import { hashOf } from "../provider/lifecycle/declarations";
import type { Identity } from "../provider/lifecycle/identity";
import { programError } from "./errors";
import { codeInput } from "./form";
import type { Form } from "./form";
import { perRun } from "./run";
import { warnOfUnknownKeys } from "./unknown-keys";

/** What the resources of this run declare. */
interface Declared {
  /** By the record's key, the resource that declares it. */
  resources: Map<string, string>;
  /** How many resources there are. */
  count: number;
  /** The hashes of the keys: of all records, and of those of each group. */
  all: Hashes;
  groups: Map<string, Hashes>;
}

/** By the provider instance of the resource that declares the record. */
type Hashes = Map<unknown, string[]>;

const declaredRecords = perRun((): Declared => ({
  resources: new Map(),
  count: 0,
  all: new Map(),
  groups: new Map(),
}));

export interface Declaration {
  /** How an error names the resource: `DeploymentRecord "web"`. */
  resource: string;
  kind: "deployment" | "storage" | "Chainloop deployment";
  /** What identifies the record. */
  identity: Pick<Identity<never>, "fields" | "key">;
  /** The parts of the record's identity; for a set, those that its entries share. */
  parts: pulumi.Input<string | undefined>[];
  /** For a set: what its entries add to that. */
  names?: pulumi.Input<readonly string[]>;
  /** Of its form, the code and the provider instance. */
  form: Pick<Form, "code" | "instance">;
}

/** They are inputs of the resource. */
export interface DeclaredInputs {
  /** Absent for a native resource. */
  __provider?: pulumi.Input<string>;
  /** What the program declares, for the provider's `check`: see `declarations.ts`. It is in no state and in no preview. */
  __declared: pulumi.Input<string>;
}

/**
 * One record has one declaration: two would overwrite each other at every `up`. The error comes at preview; what is
 * unknown there is compared once it is known, and then the second resource is not registered.
 *
 * Where part of the identity is not known yet, what it returns waits for the comparison, so that a duplicate is not
 * registered.
 */
export function declareOnce(declaration: Declaration): DeclaredInputs {
  warnOfUnknownKeys();
  const run = declaredRecords();
  run.count++;
  const { parts, names, form } = declaration;
  const declareAll = (known: Part[], knownNames: readonly string[] | undefined) => {
    const records = knownNames === undefined ? [known] : knownNames.map((name) => [...known, name]);
    return records.map((record) => declare(run, declaration, record)).join("");
  };
  const code = codeInput(form);
  // What is known is compared at once: each output that Pulumi makes costs it a stack trace.
  if (parts.every(isKnown) && (names === undefined || Array.isArray(names))) {
    const own = declareAll(parts, names);
    return { ...code, __declared: announced(run, declaration, { group: groupOf(parts, names), own }) };
  }
  const __declared = announced(run, declaration);
  const compared = pulumi.all([pulumi.all(parts), names]).apply(([known, all]): Promise<string> => {
    declareAll(known, all);
    return form.code === undefined ? __declared : Promise.resolve(form.code);
  });
  // Only a preview has unknown values, and an unknown input would help nobody: there the error alone will do.
  if (isDryRun()) return { ...code, __declared };
  const checked = pulumi.unsecret(compared);
  return form.code === undefined ? { __declared: checked } : { __provider: checked, __declared };
}

type Part = string | undefined;

const isKnown = (part: pulumi.Input<Part>): part is Part => part === undefined || typeof part === "string";

/** Records that differ in the last part of their identity alone are one group. */
const groupOf = (parts: Part[], names: unknown): string =>
  JSON.stringify(names === undefined ? parts.slice(0, -1) : parts);

/** Returns the record's hash. */
function declare(run: Declared, { resource, kind, identity, form }: Declaration, parts: Part[]): string {
  // The organisation that a record does not name is known to its provider: the plugin compares its records itself.
  if (!parts[0]) return "";
  const { fields, key: keyOf } = identity;
  const key = keyOf(Object.fromEntries(fields.map((field, index) => [field, parts[index]])) as never);
  const earlier = run.resources.get(key);
  if (earlier !== undefined) {
    throw programError(
      `${earlier} and ${resource} declare the same ${kind} record (${parts.filter(Boolean).join(", ")}): ` +
        `each would overwrite the other. Remove one of them.`,
    );
  }
  run.resources.set(key, resource);
  const hash = hashOf(key);
  add(run.all, form.instance, hash);
  const group = groupOf(parts, undefined);
  const beside = run.groups.get(group) ?? new Map();
  run.groups.set(group, beside);
  add(beside, form.instance, hash);
  return hash;
}

function add(hashes: Hashes, instance: unknown, hash: string): void {
  const own = hashes.get(instance);
  if (own) own.push(hash);
  else hashes.set(instance, [hash]);
}

/** Each resource announces all records, up to this many characters in a program; beyond it, only those of its group. */
const MOST_CHARACTERS = 10_000_000;

/**
 * Resolves in the next macrotask, when the constructors of the program have run.
 *
 * @param known Of a resource whose records are known: their group, and their own hashes, which a transform can make wrong.
 */
async function announced(
  run: Declared,
  { form: { instance } }: Declaration,
  known?: { group: string; own: string },
): Promise<string> {
  await setImmediate();
  const all = textOf(run.all, instance);
  if (known === undefined) return all;
  if (all.length * run.count <= MOST_CHARACTERS) return `${all}|${known.own}`;
  return `${textOf(run.groups.get(known.group) ?? new Map(), instance)}|${known.own}`;
}

/** After a dot, what is declared by resources of other instances: each instance sees its own writes alone. */
function textOf(hashes: Hashes, instance: unknown): string {
  const others = [...hashes].filter(([one]) => one !== instance).flatMap(([, those]) => those);
  const own = (hashes.get(instance) ?? []).join("");
  return others.length === 0 ? own : `${own}.${others.join("")}`;
}
