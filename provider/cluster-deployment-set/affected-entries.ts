import { affectedEntries } from "../github/affected-entries";
import type { DeploymentEntry } from "../github/wire";
import { ProviderError } from "../runtime/errors";
import { listAtMost } from "../runtime/list-at-most";

/** The error of a call that was refused as a whole, with the entries whose repositories GitHub names in it. */
export function withAffectedEntries(stopped: unknown, entries: DeploymentEntry[]): unknown {
  const named = affectedEntries(stopped, entries).map(
    ({ deployment_name: name }) => `deployments[${JSON.stringify(name)}]`,
  );
  if (named.length === 0 || !(stopped instanceof Error)) return stopped;
  const error = new ProviderError(`${listAtMost(named, ", ", " and")}: ${stopped.message}`);
  error.mayBeWritten = stopped instanceof ProviderError && stopped.mayBeWritten;
  return error;
}
