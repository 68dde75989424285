/** What a stack's state says of its records. */
import type { ResourceState, Snapshot } from "../../local/engine/types";
import type { ChainloopDeployment } from "../../provider/chainloop/deployments";
import { decodeRecord } from "../../provider/cluster-deployment-set/record-codec";
import type { SetOutputs } from "../../provider/cluster-deployment-set/fields";
import { chainloopKeyOf } from "./chainloop-layout";

export interface Known {
  /** The resource that has it. */
  urn?: string;
  /** It was deleted to make room for a replacement, which did not come. */
  isDeleted?: boolean;
  digest?: string;
  /** Empty: not known, after a write that was not done. */
  version?: string;
  /** GitHub's time of the stack's own last write. */
  updatedAt?: string;
}

export interface Place {
  logicalEnvironment?: string;
  physicalEnvironment?: string;
  cluster?: string;
}

export const keyIn = (place: Place, deploymentName: string): string =>
  JSON.stringify([
    place.logicalEnvironment,
    place.physicalEnvironment ?? null,
    place.cluster ?? null,
    deploymentName,
  ]);

/** By the record's key; the same record may stand there more than once, in a move or a replacement. */
export function knownBy(snapshot: Snapshot): Map<string, Known[]> {
  const known = new Map<string, Known[]>();
  for (const state of snapshot.resources)
    for (const [key, one] of knownOf(state))
      known.set(key, [
        ...(known.get(key) ?? []),
        { ...one, urn: state.urn, isDeleted: state.pendingReplacement },
      ]);
  return known;
}

function knownOf({ type, inputs, outputs }: ResourceState): [string, Known][] {
  const { deploymentName, ...place } = (inputs ?? {}) as object as Place & { deploymentName: string };
  if (type.endsWith(":DeploymentRecord")) return [[keyIn(place, deploymentName), outputs as Known]];
  if (type.endsWith(":StorageRecord")) return [storageKnown(inputs, outputs)];
  if (type.endsWith(":ChainloopDeployment")) return [chainloopKnown(inputs, outputs)];
  if (!type.endsWith(":ClusterDeploymentSet")) return [];
  const { deployments = {}, records = {} } = (outputs ?? {}) as object as Partial<SetOutputs>;
  return Object.entries(deployments).map(([name, { digest, version }]) => {
    return [keyIn(place, name), { digest, version, ...decodeRecord(records[name] ?? "") }];
  });
}

function storageKnown(inputs: object | undefined, outputs: object | undefined): [string, Known] {
  const { digest, registryUrl, repository, path, name } = (inputs ?? {}) as Record<
    string,
    string | undefined
  >;
  const key = JSON.stringify([digest, registryUrl, repository ?? null, path ?? null, name]);
  return [key, { digest, ...outputs }];
}

function chainloopKnown(inputs: object | undefined, outputs: object | undefined): [string, Known] {
  const { artifactDigest, updatedAt } = (outputs ?? {}) as { artifactDigest?: string; updatedAt?: string };
  return [chainloopKeyOf(inputs as ChainloopDeployment), { digest: artifactDigest, updatedAt }];
}

/** Whether this is the record as it was written last. */
export const isLast = (known: Known, row: { digest: string; updated_at: string }): boolean =>
  known.digest === row.digest && known.updatedAt === row.updated_at;
