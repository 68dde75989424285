/**
 * Nobody's record is undone. Pulumi renames, moves and replaces by "create the new, then delete the old", and
 * on an API that upserts, the delete would undo the create. So a removal decommissions only what its resource
 * was the last to write (docs/decisions/0002-ownership.md).
 */
import type { RecordAnswer } from "../github/schemas";
import type { DeploymentIdentity } from "./identity";
import { describeIdentity } from "./identity";

/**
 * What this run knows: the provider host lives as long as one run of Pulumi, and a resource that is to stay is
 * checked before anything is removed. So whatever was claimed here is declared by a resource that stays.
 */
export interface Claims {
  claim(key: string): void;
  claimed(key: string): boolean;
}

export function createClaims(): Claims {
  const keys = new Set<string>();
  return { claim: (key) => void keys.add(key), claimed: (key) => keys.has(key) };
}

/** Runs what is given for one key one after the other, in the order of its arrival. */
export type Lanes = <T>(key: string, work: () => Promise<T>) => Promise<T>;

export function createLanes(): Lanes {
  const last = new Map<string, Promise<unknown>>();
  return (key, work) => {
    const before = last.get(key) ?? Promise.resolve();
    const result = before.then(work);
    const settled = result.catch(() => undefined);
    last.set(key, settled);
    void settled.then(() => {
      if (last.get(key) === settled) last.delete(key);
    });
    return result;
  };
}

/** All writes to one cluster share a lane; records without a cluster share that of their environments. */
export function laneOf(identity: DeploymentIdentity): string {
  const where = identity.cluster ?? [identity.logicalEnvironment, identity.physicalEnvironment ?? ""];
  return JSON.stringify([identity.org.toLowerCase(), where]);
}

/** GitHub may give an absent part as null or as an empty string: both are absent here. */
export function isRecordOf(identity: DeploymentIdentity, record: RecordAnswer): boolean {
  return (
    record.logical_environment === identity.logicalEnvironment &&
    (record.physical_environment || undefined) === identity.physicalEnvironment &&
    (record.cluster || undefined) === identity.cluster &&
    record.deployment_name === identity.deploymentName
  );
}

/** The record of this identity among those listed; the one written last, should there be several. */
export function findRecord(identity: DeploymentIdentity, records: RecordAnswer[]): RecordAnswer | undefined {
  return records.filter((record) => isRecordOf(identity, record)).sort((a, b) => timeOf(b) - timeOf(a))[0];
}

/** A record without a time comes last: NaN would leave the order to chance. */
const timeOf = (record: RecordAnswer): number => Date.parse(record.updated_at ?? "") || 0;

/**
 * Why the live record is not ours to decommission; undefined where it is. Only the server's times are compared:
 * `ownWrite` is what it said when this resource last wrote. In doubt the record is left: that is seen.
 */
export function takenOver(
  identity: DeploymentIdentity,
  live: RecordAnswer | undefined,
  ownWrite: string | undefined,
): string | undefined {
  const left = `The ${describeIdentity(identity)} was left as it is: `;
  const wayOut =
    " Whoever writes it now has to decommission it; if nobody does, write it once with status " +
    '"decommissioned". (artifact-metadata:verifyOwnership=false decommissions without looking.)';
  if (live === undefined)
    return `${left}GitHub does not list it for the digest that was recorded, so another writer may have moved it to another digest.${wayOut}`;
  const [theirs, ours] = [Date.parse(live.updated_at ?? ""), Date.parse(ownWrite ?? "")];
  if (theirs <= ours) return undefined;
  const when = live.updated_at ? `was written at ${live.updated_at}` : "does not say when it was written";
  return `${left}it ${when}, and this resource wrote it last ${ownWrite ? `at ${ownWrite}` : "at an unknown time"}.${wayOut}`;
}
