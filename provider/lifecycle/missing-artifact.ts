import { MissingArtifactError, missingArtifactCauses } from "../github/errors";
import type { RunContext } from "./run-context";
import { UNKNOWN_TIME } from "./unknown-outcome";

/**
 * Warns instead of throwing if GitHub has no artifact and the user accepts that. The first warning has the causes.
 * `updatedAt`: of a record that was to be removed. If its only write may have been carried out, it was not: nothing is there.
 */
export function acceptMissing(context: RunContext, error: unknown, what: string, updatedAt?: string): void {
  if (!(error instanceof MissingArtifactError)) throw error;
  if (updatedAt === UNKNOWN_TIME) return;
  if (context.settings().onMissingArtifact !== "warn") throw error;
  context.warn(`The ${what}. ${error.withoutCauses}${context.once(` ${missingArtifactCauses}`)}`);
}
