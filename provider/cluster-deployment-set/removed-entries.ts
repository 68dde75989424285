/** The entries that were taken out of a set: which of them are its own to decommission, and how. */
import { deploymentIdentity, findRecord } from "../deployment-record/identity";
import type { DeploymentIdentity } from "../deployment-record/identity";
import { sameDeployment } from "../deployment-record/same-deployment";
import { listDeploymentRecords } from "../github/deployment-records";
import { toEntry } from "../github/wire";
import type { Deployment, DeploymentEntry } from "../github/wire";
import { decideRemovals } from "../lifecycle/removal";
import type { Removal, Verdict } from "../lifecycle/removal";
import type { RunContext } from "../lifecycle/run-context";
import { artifactKey, entryOf } from "./entry";
import type { Recorded, SetInputs, SetOutputs } from "./fields";
import { recordOf } from "./identity";
import type { SetIdentity } from "./identity";
import { decodeRecord } from "./record-codec";

export interface Leaving extends Removal {
  identity: DeploymentIdentity;
  entry: Recorded;
}

/** What becomes of the entries that were taken out. */
export interface Retired {
  /** Sent: as decommissioned, or as the resource that has them now declares them. */
  entries: DeploymentEntry[];
  /** Another resource declares them and has not written them: they stay in the state. */
  open: string[];
  /** Their lists failed. */
  failed: Map<string, unknown>;
}

export function removedEntries(
  set: SetIdentity,
  olds: SetOutputs,
  removed: string[],
  isLast: boolean,
): Leaving[] {
  return removed.flatMap((name) => {
    const entry = entryOf(olds.deployments, name);
    if (entry === undefined) return [];
    const identity = recordOf(set, name);
    const { updatedAt: ownWrite } = decodeRecord(entryOf(olds.records, name) ?? "");
    return [
      {
        what: deploymentIdentity.describe(identity),
        key: deploymentIdentity.key(identity),
        digest: entry.digest,
        ownWrite,
        already: entry.status === "decommissioned",
        isLast,
        identity,
        entry,
      },
    ];
  });
}

export async function retire(context: RunContext, news: SetInputs, leaving: Leaving[]): Promise<Retired> {
  const github = context.github();
  const verdicts = await decideRemovals(context, {
    org: news.org,
    removals: leaving,
    list: (digest) => listDeploymentRecords(github, news.org, digest),
    find: ({ identity }, live) => findRecord(identity, live),
    isSame: ({ entry }, content) => sameDeployment(entry, content as Deployment),
  });
  // The artifact may be one that still runs elsewhere: its name and version are those that are declared now.
  const declared = new Map(Object.values(news.deployments).map((entry) => [artifactKey(entry), entry]));
  const retired: Retired = { entries: [], open: [], failed: new Map() };
  for (const [{ identity, entry }, verdict] of verdicts) {
    const send = (deployment: Deployment) =>
      retired.entries.push(toEntry(identity.deploymentName, deployment, entry));
    const { name, version } = declared.get(artifactKey(entry)) ?? entry;
    apply(verdict, identity.deploymentName, retired, {
      remove: () => send({ ...entry, name, version, status: "decommissioned" }),
      restore: (content) => send(content as Deployment),
    });
  }
  return retired;
}

function apply(
  verdict: Verdict,
  name: string,
  { open, failed }: Retired,
  send: { remove: () => void; restore: (content: object) => void },
): void {
  if (verdict.kind === "remove") send.remove();
  else if (verdict.kind === "restore") send.restore(verdict.content);
  else if (verdict.kind === "open") open.push(name);
  else if (verdict.kind === "failed") failed.set(name, verdict.error);
}
