import { MissingArtifactError } from "../github/errors";
import type { DeploymentEntry } from "../github/wire";
import { ProviderError } from "../runtime/errors";
import { listAtMost } from "../runtime/list-at-most";

/** The error of a call that was refused as a whole, with the entries whose repositories GitHub names in it. */
export function withAffectedEntries(stopped: unknown, entries: DeploymentEntry[]): unknown {
  if (!(stopped instanceof MissingArtifactError)) return stopped;
  const repositories = new Set(stopped.repositories.map((name) => name.toLowerCase()));
  const named = entries
    .filter(({ github_repository: repository }) => repositories.has(repository?.toLowerCase() ?? ""))
    .map(({ deployment_name: name }) => `deployments[${JSON.stringify(name)}]`);
  if (named.length === 0) return stopped;
  return new ProviderError(`${listAtMost(named, ", ", " and")}: ${stopped.message}`);
}
