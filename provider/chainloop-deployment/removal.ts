/** What is there of a Chainloop deployment, and whether a removal may touch it. */
import { knownStatus, listDeployments } from "../chainloop/deployments";
import type { ChainloopClient } from "../chainloop/client";
import { NoEnvironmentError } from "../chainloop/errors";
import type { ChainloopAnswer } from "../chainloop/schemas";
import { chainloopIdentity, findDeployment, writtenAt } from "./identity";
import type { ChainloopIdentity } from "./identity";
import type { RunContext } from "../lifecycle/run-context";
import { takenOver } from "../lifecycle/ownership";
import { leftAlone, listIfAllowed, OF_ANOTHER_PROVIDER } from "../lifecycle/removal";
import type { Verdict } from "../lifecycle/removal";
import { untrustedText } from "../runtime/untrusted-text";

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
  const deployed = await listDeployments(client, { ...filter, status: "DEPLOYED" });
  return (
    findDeployment(identity, deployed) ?? findDeployment(identity, await listDeployments(client, filter))
  );
}

function noneWithoutEnvironment(error: unknown): undefined {
  if (!(error instanceof NoEnvironmentError)) throw error;
}

/** What is live, in a list of one or none; undefined where the token may not see it. */
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

export interface ChainloopRemoval {
  identity: ChainloopIdentity;
  /** The digest that was recorded. */
  digest: string;
  /** When this resource last wrote it, by the server's clock. */
  ownWrite: string | undefined;
  /** Second pass, after waiting for other resources' writes: what is still open is decided by what is listed. */
  isSecondPass: boolean;
}

/**
 * What to do about the record: no other resource of this run declares it, it is there no more or not deployed already,
 * and no other writer has written it since.
 */
export async function decideRemoval(
  context: RunContext,
  client: ChainloopClient,
  { identity, digest, ownWrite, isSecondPass }: ChainloopRemoval,
): Promise<Verdict> {
  const declared = context.declarations.of(chainloopIdentity.key(identity));
  if (declared?.kind === "written") return { kind: "leave" };
  if (declared?.kind === "unchanged") {
    const { artifactDigest } = declared.content as { artifactDigest?: string };
    return artifactDigest === digest ? { kind: "leave" } : { kind: "restore", content: declared.content };
  }
  const isOpen = declared?.kind === "open";
  if (isOpen && !isSecondPass) return { kind: "open" };
  if (!isOpen && !context.chainloopSettings().verifyOwnership) return { kind: "remove" };
  const consequence = "it is not known whether another writer took over what is removed now";
  const listed = await liveIfAllowed(context, client, identity, consequence);
  if (listed === undefined) return { kind: isOpen ? "leave" : "remove" };
  const [live] = listed;
  const status = live && knownStatus(live);
  if (status === "DECOMMISSIONED" || status === "SUPERSEDED") return { kind: "leave" };
  const reason = notOurs(live, digest, ownWrite);
  if (isOpen && reason !== undefined) return { kind: "leave" };
  if (isOpen && !declared.isElsewhere) return { kind: "open" };
  if (reason === undefined && !isOpen) return { kind: "remove" };
  const what = chainloopIdentity.describe(identity);
  context.warn(leftAlone(context, [{ what, reason: reason ?? OF_ANOTHER_PROVIDER }]));
  return { kind: "leave" };
}

function notOurs(live: ChainloopAnswer | undefined, digest: string, ownWrite: string | undefined) {
  if (live === undefined) return "Chainloop does not list it";
  if (live.artifact.digest !== digest)
    return `${untrustedText(live.artifact.digest, 80)} is deployed there now, and this resource has deployed ${digest}`;
  return takenOver({ updated_at: writtenAt(live) }, ownWrite, "Chainloop");
}
