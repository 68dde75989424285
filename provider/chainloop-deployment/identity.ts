import { knownStatus } from "../chainloop/deployments";
import type { ArtifactKind, ChainloopStatus } from "../chainloop/deployments";
import type { ChainloopAnswer } from "../chainloop/schemas";
import { joinId, splitId } from "../lifecycle/resource-id";
import { latest } from "../lifecycle/ownership";

/** What makes two of Chainloop's records the same deployment. Its logical environment is its environment's own. */
export const chainloopIdentity = ["environmentName", "deploymentName", "kind"] as const;

export interface ChainloopIdentity {
  environmentName: string;
  deploymentName: string;
  kind: ArtifactKind;
}

export const formatChainloopId = (identity: ChainloopIdentity): string =>
  joinId(chainloopIdentity.map((field) => identity[field]));

/** The inverse of `formatChainloopId`. */
export const parseChainloopId = (id: string): ChainloopIdentity =>
  splitId(
    id,
    "Chainloop deployment",
    chainloopIdentity,
    chainloopIdentity,
    "production/shop-web-web/CONTAINER_IMAGE",
  ) as object as ChainloopIdentity;

/** Nothing is said of case, so names are taken as they are. */
export const chainloopKey = (identity: ChainloopIdentity): string =>
  `chainloop ${formatChainloopId(identity)}`;

/** The record in a user's words. */
export const describeChainloop = ({ environmentName, deploymentName, kind }: ChainloopIdentity): string =>
  `Chainloop deployment "${deploymentName}" (${environmentName}, ${kind})`;

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
