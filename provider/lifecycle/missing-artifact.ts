import { MissingArtifactError, missingArtifactCauses } from "../github/errors";
import type { Host } from "./host";

/** A warning in the place of the error, where GitHub knows no artifact and the user accepts that; the first has the causes. */
export function acceptMissing(host: Host, error: unknown, what: string): void {
  const accepted = error instanceof MissingArtifactError && host.settings().onMissingArtifact === "warn";
  if (!accepted) throw error;
  host.warn(`The ${what}. ${error.withoutCauses}${host.once(` ${missingArtifactCauses}`)}`);
}
