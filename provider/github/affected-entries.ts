/** The entries that a refusal of the whole request is about. */
import { ForbiddenError, MissingArtifactError } from "./errors";
import type { DeploymentEntry } from "./wire";

/** Those whose repositories GitHub names in it; none where it names none. */
export function affectedEntries(error: unknown, entries: DeploymentEntry[]): DeploymentEntry[] {
  if (!(error instanceof MissingArtifactError || error instanceof ForbiddenError)) return [];
  // Named as in the request, or with their owner.
  const repositories = new Set(error.repositories.map((name) => name.toLowerCase().replace(/^[^/]*\//, "")));
  return entries.filter(
    ({ github_repository: name }) => name !== undefined && repositories.has(name.toLowerCase()),
  );
}
