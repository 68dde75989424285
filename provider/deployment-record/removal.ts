/** Removes a deployment record whose resource is deleted. */
import { toEntry } from "../github/wire";
import type { Deployment } from "../github/wire";
import { acceptMissing } from "../lifecycle/missing-artifact";
import { removeInTwoPasses } from "../lifecycle/remove-declared";
import type { RunContext } from "../lifecycle/run-context";
import { UNKNOWN_TIME } from "../lifecycle/unknown-outcome";
import { keepForReplacement, wasNeverWritten } from "../lifecycle/write-declared";
import type { BatchedWrite } from "./batched-write";
import { deploymentIdentity } from "./identity";
import type { DeploymentIdentity } from "./identity";

/** What the state has of it. */
type RemovedRecord = Omit<Deployment, "status"> & { status?: string; updatedAt?: string };

export async function remove(
  context: RunContext & { batchedWrite: BatchedWrite },
  identity: DeploymentIdentity,
  content: RemovedRecord,
): Promise<void> {
  if (wasNeverWritten(content)) return;
  const key = deploymentIdentity.key(identity);
  const what = deploymentIdentity.describe(identity);
  if (keepForReplacement(context, deploymentIdentity, { record: identity, props: content })) return;
  const { name, version } = context.artifacts.of(identity.org, content) ?? content;
  const removed = { ...content, name, version, status: "decommissioned" as const };
  const entry = toEntry(identity.deploymentName, removed);
  const isRemoved = content.status === "decommissioned";
  const already = isRemoved || content.updatedAt === UNKNOWN_TIME;
  // Its deadline counts both passes, and the wait between them.
  const github = context.github();
  const pass = async (isSecondPass: boolean) => {
    const removes = { ownWrite: content.updatedAt, already, isRemoved, isSecondPass, content };
    const answer = await context.batchedWrite({ github, identity, entry, removes });
    return answer.isOpen === true;
  };
  try {
    await removeInTwoPasses(context, { key, what }, pass);
  } catch (error) {
    acceptMissing(context, error, `${what} was not decommissioned`, content.updatedAt);
  }
}
