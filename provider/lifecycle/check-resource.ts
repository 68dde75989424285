/** What `check` does for every resource: its inputs are checked, and the run notes what they declare. */
import type * as pulumi from "@pulumi/pulumi";
import { checkInputs } from "./check";
import type { Fields } from "./check";
import type { Identity } from "./identity";
import { PLAIN, repeatableIn } from "./plain-values";
import type { Candidate, RunContext } from "./run-context";

export interface ResourceChecks<I extends object, K extends object> {
  fields: Fields;
  identity: Identity<K>;
  /** What is wrong with inputs that are valid one by one. */
  contradictions?: (inputs: I) => pulumi.dynamic.CheckFailure[];
  /** The keys of the records that these inputs declare. */
  keysOf: (inputs: I) => string[];
  /** Notes the artifacts that these inputs name. */
  noteArtifacts: (artifacts: RunContext["artifacts"], inputs: I) => void;
  /** The artifacts that GitHub will look up and has not seen before. */
  candidates?: (olds: Partial<I>, inputs: I) => Candidate[];
}

/** The input in which each constructor says what the program declares. It goes no further than `check`. */
const DECLARED = "__declared";

export async function checkResource<I extends object, K extends object>(
  context: RunContext,
  { fields, identity, contradictions, keysOf, noteArtifacts, candidates }: ResourceChecks<I, K>,
  olds: object,
  news: object,
): Promise<pulumi.dynamic.CheckResult<I>> {
  const { [DECLARED]: hashes, [PLAIN]: plain, ...given } = news as Record<string, unknown>;
  context.declarations.announce(hashes);
  const result = checkInputs(fields, given, olds, repeatableIn(given, plain));
  const inputs = result.inputs as I;
  const failures = result.failures ?? [];
  if (failures.length === 0) failures.push(...(contradictions?.(inputs) ?? []));
  if (failures.length > 0 || !identity.isKnown(inputs)) return { inputs, failures };
  const how = Object.keys(olds).length === 0 ? "as new" : undefined;
  const keys = keysOf(inputs);
  context.declarations.withdrawOthers(hashes, keys);
  for (const key of keys) context.declarations.declare(key, how);
  noteArtifacts(context.artifacts, inputs);
  if (candidates && context.settings().verifyArtifacts !== "off")
    failures.push(...(await context.verifyArtifacts(candidates(olds, inputs))));
  return { inputs, failures };
}
