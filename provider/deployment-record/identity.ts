import type { RecordAnswer } from "../github/schemas";
import { joinId, splitId } from "../lifecycle/resource-id";
import { latest } from "../lifecycle/ownership";

/**
 * What makes two deployment records the same record for GitHub: "the same again updates it, also with another
 * digest" (API documentation). This one list drives the resource's ID, what replaces, and what is looked up.
 */
export const identityFields = [
  "org",
  "logicalEnvironment",
  "physicalEnvironment",
  "cluster",
  "deploymentName",
] as const;
export type IdentityField = (typeof identityFields)[number];

export interface DeploymentIdentity {
  org: string;
  logicalEnvironment: string;
  physicalEnvironment?: string;
  cluster?: string;
  deploymentName: string;
}

export const formatId = (identity: DeploymentIdentity): string =>
  joinId(identityFields.map((field) => identity[field]));

/** The inverse of `formatId`. */
export const parseId = (id: string): DeploymentIdentity =>
  splitId(
    id,
    "deployment record",
    identityFields,
    ["org", "logicalEnvironment", "deploymentName"],
    "acme/production/eu-west-1/prod-eu/shop-web-web",
  ) as DeploymentIdentity;

/** GitHub does not tell `Acme` from `acme`; of the other parts nothing is said, so they are taken as they are. */
export const identityKey = (identity: DeploymentIdentity): string =>
  formatId({ ...identity, org: identity.org.toLowerCase() });

/** The record in a user's words. */
export function describeIdentity(identity: DeploymentIdentity): string {
  const where = [identity.logicalEnvironment, identity.physicalEnvironment, identity.cluster].filter(Boolean);
  return `deployment record "${identity.deploymentName}" (${where.join(", ")}) of ${identity.org}`;
}

/** All writes to one cluster share a lane; records without a cluster share that of their environments. */
export function laneOf(
  where: Omit<DeploymentIdentity, "deploymentName"> & { deploymentName?: string },
): string {
  const place = where.cluster ?? [where.logicalEnvironment, where.physicalEnvironment];
  return JSON.stringify([where.org.toLowerCase(), place]);
}

/** GitHub may give an absent part as null or as an empty string: both are absent here. */
export const isRecordOf = (identity: DeploymentIdentity, record: RecordAnswer): boolean =>
  record.logical_environment === identity.logicalEnvironment &&
  (record.physical_environment || undefined) === identity.physicalEnvironment &&
  (record.cluster || undefined) === identity.cluster &&
  record.deployment_name === identity.deploymentName;

export const findRecord = (identity: DeploymentIdentity, records: RecordAnswer[]): RecordAnswer | undefined =>
  latest(records.filter((record) => isRecordOf(identity, record)));
