/** The entries that were taken out of a set: which of them are its own to decommission, and how. */
import { deploymentIdentity, findRecord } from "../deployment-record/identity";
import type { DeploymentIdentity } from "../deployment-record/identity";
import { sameDeployment } from "../deployment-record/same-deployment";
import { listDeploymentRecords } from "../github/deployment-records";
import type { GitHubClient } from "../github/client";
import { toEntry } from "../github/wire";
import type { Deployment, DeploymentEntry } from "../github/wire";
import { decideRemovals } from "../lifecycle/removal";
import type { Removal } from "../lifecycle/removal";
import type { RunContext } from "../lifecycle/run-context";
import { artifactKey, entryOf, writableEntry } from "./entry";
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
  /** All that were to be removed. */
  names: Set<string>;
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
  { isSecondPass, isDeletion }: { isSecondPass: boolean; isDeletion: boolean },
): RemovedEntry[] {
  const unfinished = new Set(olds.unfinished);
  return removed.flatMap((name) => {
    const entry = entryOf(olds.deployments, name);
    if (entry === undefined) return [];
    const identity = entryIdentity(set, name);
    const isUnfinished = unfinished.has(name);
    const isRemoved = entry.status === "decommissioned";
    const { updatedAt: ownWrite } = decodeRecord(entryOf(olds.records, name) ?? "");
    return [
      {
        what: deploymentIdentity.describe(identity),
        key: deploymentIdentity.key(identity),
        digest: entry.digest,
        ownWrite,
        already: isRemoved || ownWrite === undefined,
        isRemoved,
        isSecondPass,
        ownerHadRun: isDeletion || isUnfinished,
        identity,
        entry,
        // Of a removal that got no answer nobody knows whether it was the last write.
        isUnfinished: isUnfinished && entry.status !== "not recorded",
      },
    ];
  });
}

const NO_PLAN: RemovalPlan = { names: new Set(), toSend: [], removed: [], open: [], failed: new Map() };

/** Decides again about those of the entries that are removals. What is to be sent in their place is returned. */
export async function replan(
  plan: RemovalPlan,
  entries: DeploymentEntry[],
  decide: (names: Set<string>) => Promise<RemovalPlan>,
): Promise<DeploymentEntry[] | undefined> {
  // What an earlier decision has dropped is not sent after all.
  const toSend = new Set(plan.toSend.map((entry) => entry.deployment_name));
  const isDropped = (name: string) => plan.names.has(name) && !toSend.has(name);
  const before = new Set(entries.map((entry) => entry.deployment_name));
  const names = new Set(plan.removed.filter((name) => before.has(name)));
  const isOther = (name: string) => !names.has(name);
  const next = names.size > 0 ? await decide(names) : NO_PLAN;
  plan.toSend = [...plan.toSend.filter((entry) => isOther(entry.deployment_name)), ...next.toSend];
  plan.removed = [...plan.removed.filter(isOther), ...next.removed];
  plan.open.push(...next.open);
  for (const [name, error] of next.failed) plan.failed.set(name, error);
  const others = entries.filter(({ deployment_name: name }) => isOther(name) && !isDropped(name));
  const sent = [...others, ...next.toSend];
  return sent.length > 0 ? sent : undefined;
}

export async function planRemovals(
  context: RunContext,
  github: GitHubClient,
  news: SetInputs,
  removals: RemovedEntry[],
): Promise<RemovalPlan> {
  const verdicts = await decideRemovals(context, {
    org: news.org,
    removals,
    list: (digest) => listDeploymentRecords(github, news.org, digest),
    readWaits: github.readWaits,
    find: ({ identity }, live) => findRecord(identity, live),
    isSame: ({ entry }, content) => sameDeployment(entry, content as Deployment),
  });
  // Another entry or resource may have the same artifact. GitHub keeps one name and version of it, so the declared ones
  // are sent (see `contradictions`).
  const declared = new Map(Object.values(news.deployments).map((entry) => [artifactKey(entry), entry]));
  const names = new Set(removals.map(({ identity }) => identity.deploymentName));
  const plan: RemovalPlan = { names, toSend: [], removed: [], open: [], failed: new Map() };
  for (const [{ identity, entry }, verdict] of verdicts) {
    const { deploymentName } = identity;
    const send = (deployment: Deployment) => plan.toSend.push(toEntry(deploymentName, deployment, entry));
    const { name, version } =
      declared.get(artifactKey(entry)) ?? context.artifacts.of(news.org, entry) ?? entry;
    switch (verdict.kind) {
      case "remove":
        plan.removed.push(deploymentName);
        send({ ...entry, name, version, status: "decommissioned" });
        break;
      case "restore":
        send(writableEntry(verdict.content as Recorded));
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
