/** The entries that were taken out of a set and are the set's own to decommission. */
import type { GitHubClient } from "../../github/client";
import { listDeploymentRecords } from "../../github/deployment-records";
import { toEntry } from "../../github/wire";
import type { DeploymentEntry } from "../../github/wire";
import type { Host } from "../host";
import { describeIdentity, findRecord, identityKey } from "../identity";
import { removable } from "../removal";
import { entryOf } from "./entry";
import { recordOf } from "./identity";
import type { SetIdentity, SetOutputs } from "./types";

export async function retiredEntries(
  host: Host,
  github: GitHubClient,
  set: SetIdentity,
  olds: SetOutputs,
  removed: string[],
): Promise<DeploymentEntry[]> {
  const removals = removed.flatMap((name) => {
    const entry = entryOf(olds.deployments, name);
    if (entry === undefined || entry.status === "decommissioned") return [];
    const identity = recordOf(set, name);
    const ownWrite = entryOf(olds.records, name)?.updatedAt;
    const what = describeIdentity(identity);
    return [{ what, key: identityKey(identity), digest: entry.digest, ownWrite, identity, entry }];
  });
  const list = (digest: string) => listDeploymentRecords(github, set.org, digest);
  const ours = await removable(host, set.org, removals, list, ({ identity }, live) =>
    findRecord(identity, live),
  );
  return ours.map(({ identity, entry }) =>
    toEntry(identity.deploymentName, { ...entry, status: "decommissioned" }),
  );
}
