/** What makes two sets the same set, and the records of its entries. */
import type { DeploymentIdentity } from "../deployment-record/identity";
import { joinId, splitId } from "../lifecycle/resource-id";
import type { SetIdentity } from "./types";

export const setIdentity = ["org", "logicalEnvironment", "physicalEnvironment", "cluster"] as const;

export const formatSetId = (identity: SetIdentity): string =>
  joinId(setIdentity.map((field) => identity[field]));

/** The inverse of `formatSetId`. */
export const parseSetId = (id: string): SetIdentity =>
  splitId(
    id,
    "set of a cluster's deployments",
    setIdentity,
    ["org", "logicalEnvironment", "cluster"],
    "acme/production/eu-west-1/prod-eu",
  ) as SetIdentity;

/** The record of one entry. */
export const recordOf = (set: SetIdentity, deploymentName: string): DeploymentIdentity => {
  const { org, logicalEnvironment, physicalEnvironment, cluster } = set;
  return { org, logicalEnvironment, physicalEnvironment, cluster, deploymentName };
};
