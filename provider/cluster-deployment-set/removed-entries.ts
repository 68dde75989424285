/** The entries that were taken out of a set: which of them are its own to decommission, and how. */
import { deploymentIdentity, findRecord } from "../deployment-record/identity";
import type { DeploymentIdentity } from "../deployment-record/identity";
import { sameDeployment } from "../deployment-record/same-deployment";
import { listDeploymentRecords } from "../github/deployment-records";
import { toEntry } from "../github/wire";
import type { Deployment, DeploymentEntry } from "../github/wire";
import { decideRemovals } from "../lifecycle/removal";
import type { Removal } from "../lifecycle/removal";
import type { RunContext } from "../lifecycle/run-context";
import { artifactKey, entryOf } from "./entry";
import type { Recorded, SetInputs, SetOutputs } from "./fields";
import { entryIdentity } from "./identity";
import type { SetIdentity } from "./identity";
import { decodeRecord } from "./record-codec";

export interface RemovedEntry extends Removal {
  identity: DeploymentIdentity;
  entry: Recorded;
}

/** How entries leave a set. Nothing is sent yet. */
export interface RemovalPlan {
  /** To be sent: as decommissioned, or with what another resource declares (restore). */
  toSend: DeploymentEntry[];
  /** Those of them that are decommissioned. What is restored stays another resource's. */
  removed: string[];
  /** Another resource declares them and has not written them: they stay in the state. */
  open: string[];
  /** GitHub could not be asked who wrote these last. */
  failed: Map<string, unknown>;
}

export function removedEntries(
  set: SetIdentity,
  olds: SetOutputs,
  removed: string[],
  isSecondPass: boolean,
): RemovedEntry[] {
  return removed.flatMap((name) => {
    const entry = entryOf(olds.deployments, name);
    if (entry === undefined) return [];
    const identity = entryIdentity(set, name);
    const { updatedAt: ownWrite } = decodeRecord(entryOf(olds.records, name) ?? "");
    return [
      {
        what: deploymentIdentity.describe(identity),
        key: deploymentIdentity.key(identity),
        digest: entry.digest,
        ownWrite,
        already: entry.status === "decommissioned",
        isSecondPass,
        identity,
        entry,
      },
    ];
  });
}

export async function planRemovals(
  context: RunContext,
  news: SetInputs,
  removals: RemovedEntry[],
): Promise<RemovalPlan> {
  // The lists have a deadline of their own, as each background job that may follow them has.
  const github = context.github();
  const verdicts = await decideRemovals(context, {
    org: news.org,
    removals,
    list: (digest) => listDeploymentRecords(github, news.org, digest),
    find: ({ identity }, live) => findRecord(identity, live),
    isSame: ({ entry }, content) => sameDeployment(entry, content as Deployment),
  });
  // Another entry of this set may have the same artifact. GitHub keeps one name and version of it, so the declared ones
  // are sent (see `contradictions`).
  const declared = new Map(Object.values(news.deployments).map((entry) => [artifactKey(entry), entry]));
  const plan: RemovalPlan = { toSend: [], removed: [], open: [], failed: new Map() };
  for (const [{ identity, entry }, verdict] of verdicts) {
    const { deploymentName } = identity;
    const send = (deployment: Deployment) => plan.toSend.push(toEntry(deploymentName, deployment, entry));
    const { name, version } = declared.get(artifactKey(entry)) ?? entry;
    switch (verdict.kind) {
      case "remove":
        plan.removed.push(deploymentName);
        send({ ...entry, name, version, status: "decommissioned" });
        break;
      case "restore":
        send(verdict.content as Deployment);
        break;
      case "open":
        plan.open.push(deploymentName);
        break;
      case "failed":
        plan.failed.set(deploymentName, verdict.error);
        break;
      case "leave":
    }
  }
  return plan;
}
