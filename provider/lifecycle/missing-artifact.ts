import { MissingArtifactError, missingArtifactCauses } from "../github/errors";
import type { RunContext } from "./run-context";

/** A warning in the place of the error, where GitHub has no artifact and the user accepts that; the first has the causes. */
export function acceptMissing(context: RunContext, error: unknown, what: string): void {
  const accepted = error instanceof MissingArtifactError && context.settings().onMissingArtifact === "warn";
  if (!accepted) throw error;
  context.warn(`The ${what}. ${error.withoutCauses}${context.once(` ${missingArtifactCauses}`)}`);
}
