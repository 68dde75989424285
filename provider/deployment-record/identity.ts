import type { RecordAnswer } from "../github/schemas";
import { defineIdentity } from "../lifecycle/identity";
import { latest } from "../lifecycle/ownership";

export interface DeploymentIdentity {
  org: string;
  logicalEnvironment: string;
  physicalEnvironment?: string;
  cluster?: string;
  deploymentName: string;
}

/**
 * What makes two deployment records the same record for GitHub: "the same again updates it, also with another
 * digest" (API documentation). GitHub does not tell `Acme` from `acme`; of the other parts nothing is said, so they are
 * taken as they are.
 */
export const deploymentIdentity = defineIdentity<DeploymentIdentity>({
  what: "deployment record",
  fields: ["org", "logicalEnvironment", "physicalEnvironment", "cluster", "deploymentName"],
  required: ["org", "logicalEnvironment", "deploymentName"],
  example: "acme/production/eu-west-1/prod-eu/shop-web-web",
  describe({ org, logicalEnvironment, physicalEnvironment, cluster, deploymentName }) {
    const where = [logicalEnvironment, physicalEnvironment, cluster].filter(Boolean);
    return `deployment record "${deploymentName}" (${where.join(", ")}) of ${org}`;
  },
});

/** All writes to one cluster share a lane; records without a cluster share that of their environments. */
export function laneOf(
  where: Omit<DeploymentIdentity, "deploymentName"> & { deploymentName?: string },
): string {
  const clusterOrEnvironments = where.cluster ?? [where.logicalEnvironment, where.physicalEnvironment];
  return JSON.stringify([where.org.toLowerCase(), clusterOrEnvironments]);
}

/** GitHub can give an absent part as null or as an empty string: both are absent here. */
export const isRecordOf = (identity: DeploymentIdentity, record: RecordAnswer): boolean =>
  record.logical_environment === identity.logicalEnvironment &&
  (record.physical_environment || undefined) === identity.physicalEnvironment &&
  (record.cluster || undefined) === identity.cluster &&
  record.deployment_name === identity.deploymentName;

export const findRecord = (identity: DeploymentIdentity, records: RecordAnswer[]): RecordAnswer | undefined =>
  latest(records.filter((record) => isRecordOf(identity, record)));
