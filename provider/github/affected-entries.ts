/** Refusals of entries: of a whole request because of some of them, or of one in an answer. */
import { ForbiddenError, MissingArtifactError, UnexpectedAnswerError } from "./errors";
import type { FailedEntry } from "./schemas";
import type { DeploymentEntry } from "./wire";

/** Those entries whose repositories GitHub names in it; none where it names none. */
export function affectedEntries(error: unknown, entries: DeploymentEntry[]): DeploymentEntry[] {
  if (!(error instanceof MissingArtifactError || error instanceof ForbiddenError)) return [];
  // Named as in the request, or with their owner.
  const repositories = new Set(error.repositories.map((name) => name.toLowerCase().replace(/^[^/]*\//, "")));
  return entries.filter(
    ({ github_repository: name }) => name !== undefined && repositories.has(name.toLowerCase()),
  );
}

/** The error of one entry that an answer names as failed. */
export function entryRefusal(requestLine: string, entry: DeploymentEntry, { cause }: FailedEntry): Error {
  const failure = { requestLine, status: 207, message: cause };
  if (cause === "not_found") return new MissingArtifactError(entry.digest, failure);
  if (cause === "unauthorized")
    return new ForbiddenError(
      failure,
      `The token is not allowed to write records of ${entry.github_repository ?? "the artifact's repository"}.`,
    );
  return new UnexpectedAnswerError(
    failure,
    `Deployment "${entry.deployment_name}" was refused.`,
    "Run the same command again: it sends this record once more.",
  );
}
