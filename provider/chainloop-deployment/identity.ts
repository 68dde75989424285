import type { ArtifactKind } from "../chainloop/deployments";
import type { ChainloopAnswer } from "../chainloop/schemas";
import { knownStatus } from "../chainloop/statuses";
import type { ChainloopStatus } from "../chainloop/statuses";
import { defineIdentity } from "../lifecycle/identity";
import { latest } from "../lifecycle/ownership";

export interface ChainloopIdentity {
  environmentName: string;
  deploymentName: string;
  kind: ArtifactKind;
}

/**
 * What makes two of Chainloop's records the same deployment. Its logical environment is its environment's own. Nothing is
 * said of case, so names are taken as they are.
 */
export const chainloopIdentity = defineIdentity<ChainloopIdentity>({
  what: "Chainloop deployment",
  fields: ["environmentName", "deploymentName", "kind"],
  required: ["environmentName", "deploymentName", "kind"],
  example: "production/shop-web-web/CONTAINER_IMAGE",
  describe: ({ environmentName, deploymentName, kind }) =>
    `Chainloop deployment "${deploymentName}" (${environmentName}, ${kind})`,
});

export const isDeploymentOf = (identity: ChainloopIdentity, record: ChainloopAnswer): boolean =>
  record.environment_name === identity.environmentName &&
  record.deployment_name === identity.deploymentName &&
  record.artifact.kind === identity.kind;

/**
 * The record that says what runs there now: each digest that was ever deployed has one. It is the one that is deployed;
 * else one with a status that is not known here, for it may be a kind of deployed; else the last one of those that are
 * no more.
 */
export function findDeployment(
  identity: ChainloopIdentity,
  records: ChainloopAnswer[],
): ChainloopAnswer | undefined {
  const own = records.filter((record) => isDeploymentOf(identity, record));
  const withStatus = (status: ChainloopStatus | undefined) =>
    own.filter((record) => knownStatus(record) === status);
  return latest(withStatus("DEPLOYED")) ?? latest(withStatus(undefined)) ?? latest(own);
}

/**
 * When anybody last wrote it. Chainloop says that the same written again updates "the timestamp", and not which one: the
 * later one counts, so that another writer's repeat is seen in both cases.
 */
export const writtenAt = ({ updated_at, last_seen_at }: ChainloopAnswer): string | undefined =>
  latest([{ updated_at }, { updated_at: last_seen_at }])?.updated_at;

/** Chainloop keeps one artifact of each kind and digest. */
export const ownerOf = (kind: string) => `Chainloop ${kind}`;
