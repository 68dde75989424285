import * as pulumi from "@pulumi/pulumi";
import { isDryRun } from "@pulumi/pulumi/runtime";
import { programError } from "./errors";
import { perRun } from "./run";

/** Which resource of this run declared which record. */
const declaredRecords = perRun(() => new Map<string, string>());

export interface Declaration {
  /** How an error names the resource: `DeploymentRecord "web"`. */
  resource: string;
  kind: "deployment" | "storage" | "Chainloop deployment";
  /** The parts of the record's identity, GitHub's organisation first; for a set, those that its entries share. */
  identity: pulumi.Input<string | undefined>[];
  /** For a set: what its entries add to that. */
  names?: pulumi.Input<readonly string[]>;
}

/**
 * One record has one declaration: two would overwrite each other at every `up`. The error comes at preview; what is
 * unknown there is compared once it is known, and then the second resource is not registered.
 *
 * @param provider The resource's `__provider`.
 * @returns the same, once it is known that no other resource declares the record.
 */
export function assertDeclaredOnce(declaration: Declaration, provider: string): pulumi.Input<string> {
  const records = declaredRecords();
  const { identity, names } = declaration;
  const check = (parts: Part[], known: readonly string[] | undefined) => {
    const all = known === undefined ? [parts] : known.map((name) => [...parts, name]);
    for (const one of all) declare(records, declaration, one);
    return provider;
  };
  // What is known is compared at once: each output that Pulumi makes costs it a stack trace.
  if (identity.every(isKnown) && (names === undefined || Array.isArray(names))) return check(identity, names);
  const checked = pulumi.all([pulumi.all(identity), names]).apply(([parts, known]) => check(parts, known));
  // Only a preview has unknown values, and an unknown provider would help nobody: there the error alone will do.
  return isDryRun() ? provider : pulumi.unsecret(checked);
}

type Part = string | undefined;

const isKnown = (part: pulumi.Input<Part>): part is Part => part === undefined || typeof part === "string";

function declare(records: Map<string, string>, { resource, kind }: Declaration, parts: Part[]) {
  const [first = "", ...rest] = parts.map((part) => part ?? "");
  // GitHub does not tell `Acme` from `acme`; of Chainloop's environments nothing is said.
  const key = JSON.stringify([kind, kind === "Chainloop deployment" ? first : first.toLowerCase(), ...rest]);
  const earlier = records.get(key);
  if (earlier !== undefined) {
    throw programError(
      `${earlier} and ${resource} declare the same ${kind} record (${[first, ...rest].filter(Boolean).join(", ")}): ` +
        `each would overwrite the other. Take one of them out.`,
    );
  }
  records.set(key, resource);
}
