/** Reads the live state of a Chainloop deployment. */
import type { ChainloopClient } from "../chainloop/client";
import { listDeployments } from "../chainloop/list";
import { NoEnvironmentError } from "../chainloop/errors";
import type { ChainloopAnswer } from "../chainloop/schemas";
import { listIfAllowed } from "../lifecycle/removal";
import type { RunContext } from "../lifecycle/run-context";
import { findDeployment } from "./identity";
import type { ChainloopIdentity } from "./identity";

/**
 * Read with its filters: what is deployed first, which is the shorter list; all the rest only where it is not there. A
 * Chainloop that does not know the filter by name lists the whole environment: longer, and as good.
 */
export async function findLive(
  client: ChainloopClient,
  identity: ChainloopIdentity,
): Promise<ChainloopAnswer | undefined> {
  const { environmentName, deploymentName } = identity;
  const filter = { environmentName, deploymentName };
  const find = (records: ChainloopAnswer[]) => findDeployment(identity, records);
  const isFound = (records: ChainloopAnswer[]) => find(records) !== undefined;
  const deployed = await listDeployments(client, { ...filter, status: "DEPLOYED" }, isFound);
  return find(deployed) ?? find(await listDeployments(client, filter));
}

function noneWithoutEnvironment(error: unknown): undefined {
  if (!(error instanceof NoEnvironmentError)) throw error;
}

/** The live deployment as a list with at most one item; undefined if the token is not allowed to read it. */
export const liveIfAllowed = (
  context: RunContext,
  client: ChainloopClient,
  identity: ChainloopIdentity,
  consequence: string | undefined,
): Promise<ChainloopAnswer[] | undefined> =>
  listIfAllowed(context, `Chainloop's environment "${identity.environmentName}"`, consequence, async () => {
    const live = await findLive(client, identity).catch(noneWithoutEnvironment);
    return live === undefined ? [] : [live];
  });
