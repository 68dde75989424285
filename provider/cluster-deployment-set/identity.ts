/** What makes two sets the same set, and the records of its entries. */
import { deploymentIdentity } from "../deployment-record/identity";
import type { DeploymentIdentity } from "../deployment-record/identity";
import { defineIdentity } from "../lifecycle/identity";

export type SetIdentity = Omit<DeploymentIdentity, "deploymentName" | "cluster"> & { cluster: string };

export const setIdentity = defineIdentity<SetIdentity>({
  what: "set of a cluster's deployments",
  fields: ["org", "logicalEnvironment", "physicalEnvironment", "cluster"],
  required: ["org", "logicalEnvironment", "cluster"],
  example: "acme/production/eu-west-1/prod-eu",
  describe({ org, logicalEnvironment, physicalEnvironment, cluster }) {
    const where = [logicalEnvironment, physicalEnvironment].filter(Boolean);
    return `set of cluster ${cluster} (${where.join(", ")}) of ${org}`;
  },
});

/** The identity of one entry's record. */
export const entryIdentity = (set: SetIdentity, deploymentName: string): DeploymentIdentity => {
  const { org, logicalEnvironment, physicalEnvironment, cluster } = set;
  return { org, logicalEnvironment, physicalEnvironment, cluster, deploymentName };
};

export const entryKey = (set: SetIdentity, deploymentName: string): string =>
  deploymentIdentity.key(entryIdentity(set, deploymentName));
