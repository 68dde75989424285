/** Removes a Chainloop deployment whose resource is deleted. */
import type { ChainloopClient } from "../chainloop/client";
import { writeDeployment } from "../chainloop/deployments";
import type { ChainloopWrite } from "../chainloop/deployments";
import type { ChainloopAnswer } from "../chainloop/schemas";
import { knownStatus } from "../chainloop/statuses";
import { diffInputs } from "../lifecycle/diff";
import { takenOver } from "../lifecycle/ownership";
import { leftAlone, OF_ANOTHER_PROVIDER } from "../lifecycle/removal";
import { removeInTwoPasses, sendDecided } from "../lifecycle/remove-declared";
import type { Verdict } from "../lifecycle/removal";
import type { RunContext } from "../lifecycle/run-context";
import { UNKNOWN_TIME } from "../lifecycle/unknown-outcome";
import { keepForReplacement } from "../lifecycle/write-declared";
import { untrustedText } from "../runtime/untrusted-text";
import { chainloopIdentity, ownerOf, writtenAt } from "./identity";
import type { ChainloopIdentity } from "./identity";
import { liveIfAllowed } from "./live";

export interface ChainloopRemoval {
  identity: ChainloopIdentity;
  /** What the state has of it. */
  props: { artifactName?: string; artifactVersion?: string; artifactDigest: string; updatedAt?: string };
  /** The part of this content that a write sends. */
  deploymentOf: (content: object) => ChainloopWrite["deployment"];
}

export async function remove(context: RunContext, removal: ChainloopRemoval): Promise<void> {
  const { identity, props } = removal;
  const key = chainloopIdentity.key(identity);
  if (keepForReplacement(context, chainloopIdentity, { record: identity, props })) return;
  const client = context.chainloop();
  const what = chainloopIdentity.describe(identity);
  await removeInTwoPasses(context, { key, what }, (isSecondPass) =>
    context.queue(key, async () => (await removeInLane(context, client, removal, isSecondPass)) === "open"),
  );
}

async function removeInLane(
  context: RunContext,
  client: ChainloopClient,
  { identity, props, deploymentOf }: ChainloopRemoval,
  isSecondPass: boolean,
): Promise<Verdict["kind"]> {
  const key = chainloopIdentity.key(identity);
  const question = { identity, content: props, isSecondPass };
  const writeOf = (content: object, status: ChainloopWrite["status"]): ChainloopWrite => ({
    deployment: { ...deploymentOf(content), ...identity },
    status,
  });
  const artifact = context.artifacts.of(ownerOf(identity.kind), { digest: props.artifactDigest });
  const named = artifact && { artifactName: artifact.name, artifactVersion: artifact.version };
  const removed = writeOf({ ...props, ...named }, "DECOMMISSIONED");
  return sendDecided(context, {
    ...{ key, removed, restored: (content) => writeOf(content, "DEPLOYED") },
    async decide() {
      const verdict = await decideRemoval(context, client, question);
      // It concerns this digest alone: another resource can have another one to remove.
      if (verdict.kind === "remove") context.declarations.markLost(key);
      return verdict;
    },
    send: (first, options) => writeDeployment(client, first, options),
  });
}

interface Question {
  identity: ChainloopIdentity;
  /** What this resource has recorded, and when it last wrote it, by the server's clock. */
  content: ChainloopRemoval["props"];
  /** Second pass, after waiting for other resources' writes: what is still open is decided by what is listed. */
  isSecondPass: boolean;
}

/** Chainloop keeps one name and one version for each artifact: what this resource wrote last is there, whoever declares it. */
const CONTENT = ["artifactName", "artifactVersion", "artifactDigest"];

/**
 * What to do about the record: no other resource of this run declares it, it is there no more or not deployed already,
 * and no other writer has written it since.
 */
async function decideRemoval(
  context: RunContext,
  client: ChainloopClient,
  { identity, content, isSecondPass }: Question,
): Promise<Verdict> {
  const declared = context.declarations.of(chainloopIdentity.key(identity));
  if (declared?.kind === "written") return { kind: "leave" };
  if (declared?.kind === "unchanged")
    return diffInputs(CONTENT, [], content, declared.content).changes
      ? { kind: "restore", content: declared.content }
      : { kind: "leave" };
  const isOpen = declared?.kind === "open";
  if (isOpen && !isSecondPass) return { kind: "open" };
  if (!isOpen && !context.chainloopSettings().verifyOwnership) return { kind: "remove" };
  const consequence = "records are removed without a check whether another writer has taken them over";
  const listed = await liveIfAllowed(context, client, identity, consequence);
  if (listed === undefined) return { kind: isOpen ? "leave" : "remove" };
  const [live] = listed;
  const status = live && knownStatus(live);
  if (status === "DECOMMISSIONED" || status === "SUPERSEDED") return { kind: "leave" };
  if (live === undefined && content.updatedAt === UNKNOWN_TIME) return { kind: "leave" };
  const reason = notOurs(live, content.artifactDigest, content.updatedAt);
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
