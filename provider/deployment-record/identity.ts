import type { RecordAnswer } from "../github/schemas";
import { isAt, toEnvironments } from "../github/wire";
import { defineIdentity } from "../lifecycle/identity";
import { latest } from "../lifecycle/ownership";
import { groupBy } from "../runtime/values";

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

export const isRecordOf = (identity: DeploymentIdentity, record: RecordAnswer): boolean =>
  record.deployment_name === identity.deploymentName &&
  isAt({ ...toEnvironments(identity), cluster: identity.cluster }, record);

/** Of each list, by deployment name: thousands of entries of a set can have one digest, and so one list. */
const indexes = new WeakMap<RecordAnswer[], Map<string, RecordAnswer[]>>();

function indexOf(records: RecordAnswer[]): Map<string, RecordAnswer[]> {
  const known = indexes.get(records);
  if (known) return known;
  const index = groupBy(records, ({ deployment_name: name }) => name);
  indexes.set(records, index);
  return index;
}

export const findRecord = (identity: DeploymentIdentity, records: RecordAnswer[]): RecordAnswer | undefined =>
  latest(
    (indexOf(records).get(identity.deploymentName) ?? []).filter((record) => isRecordOf(identity, record)),
  );
