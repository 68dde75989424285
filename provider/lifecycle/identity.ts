import { ProviderError } from "./errors";

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

/** The resource's ID: the identity's parts, percent-encoded, with an empty part for one that is absent. */
export function formatId(identity: DeploymentIdentity): string {
  return identityFields.map((field) => encodeURIComponent(identity[field] ?? "")).join("/");
}

/** The inverse of `formatId`. */
export function parseId(id: string): DeploymentIdentity {
  const parts = id.split("/").map(decode);
  const [org, logicalEnvironment, physicalEnvironment, cluster, deploymentName] = parts;
  if (!org || !logicalEnvironment || !deploymentName || parts.length > 5 || parts.includes(undefined)) {
    throw new ProviderError(
      `"${id}" is not the ID of a deployment record. It has five parts, percent-encoded: ` +
        `org/logicalEnvironment/physicalEnvironment/cluster/deploymentName, ` +
        `for example acme/production/eu-west-1/prod-eu/shop-web-web; what a record does not have stays empty.`,
    );
  }
  return {
    org,
    logicalEnvironment,
    ...(physicalEnvironment ? { physicalEnvironment } : {}),
    ...(cluster ? { cluster } : {}),
    deploymentName,
  };
}

function decode(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    // Not something that formatId wrote: reported as a malformed ID.
    return undefined;
  }
}

/** GitHub does not tell `Acme` from `acme`; of the other parts nothing is said, so they are taken as they are. */
export const identityKey = (identity: DeploymentIdentity): string =>
  formatId({ ...identity, org: identity.org.toLowerCase() });

/** The record in a user's words. */
export function describeIdentity(identity: DeploymentIdentity): string {
  const where = [identity.logicalEnvironment, identity.physicalEnvironment, identity.cluster].filter(Boolean);
  return `deployment record "${identity.deploymentName}" (${where.join(", ")}) of ${identity.org}`;
}
