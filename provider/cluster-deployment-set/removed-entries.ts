/** The entries that were taken out of a set: which of them are its own to decommission, and how. */
import type { GitHubClient } from "../github/client";
import { listDeploymentRecords } from "../github/deployment-records";
import { toEntry } from "../github/wire";
import type { DeploymentEntry } from "../github/wire";
import type { RunContext } from "../lifecycle/run-context";
import { deploymentIdentity, findRecord } from "../deployment-record/identity";
import type { DeploymentIdentity } from "../deployment-record/identity";
import { removable } from "../lifecycle/removal";
import type { Removal } from "../lifecycle/removal";
import { artifactKey, entryOf } from "./entry";
import { recordOf } from "./identity";
import type { SetIdentity } from "./identity";
import { decodeRecord } from "./record-codec";
import type { Recorded, SetInputs, SetOutputs } from "./fields";

export interface Leaving extends Removal {
  identity: DeploymentIdentity;
  entry: Recorded;
}

/** Those that were taken out, and that no other resource of this run declares. */
export function removedEntries(
  context: RunContext,
  set: SetIdentity,
  olds: SetOutputs,
  removed: string[],
): Leaving[] {
  return removed.flatMap((name) => {
    const entry = entryOf(olds.deployments, name);
    const identity = recordOf(set, name);
    const key = deploymentIdentity.key(identity);
    if (entry === undefined || context.claims.claimed(key)) return [];
    const { updatedAt: ownWrite } = decodeRecord(entryOf(olds.records, name) ?? "");
    const what = deploymentIdentity.describe(identity);
    const already = entry.status === "decommissioned";
    return [{ what, key, digest: entry.digest, ownWrite, already, identity, entry }];
  });
}

/** Those that are the set's own, as GitHub is to be told. */
export async function entriesToDecommission(
  context: RunContext,
  github: GitHubClient,
  news: SetInputs,
  leaving: Leaving[],
): Promise<DeploymentEntry[]> {
  const list = (digest: string) => listDeploymentRecords(github, news.org, digest);
  const ours = await removable(context, news.org, leaving, list, ({ identity }, live) =>
    findRecord(identity, live),
  );
  // The artifact may be one that still runs elsewhere: its name and version are those that are declared now.
  const declared = new Map(Object.values(news.deployments).map((entry) => [artifactKey(entry), entry]));
  return ours.map(({ identity, entry }) => {
    const { name, version } = declared.get(artifactKey(entry)) ?? entry;
    return toEntry(identity.deploymentName, { ...entry, name, version, status: "decommissioned" });
  });
}
