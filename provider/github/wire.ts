/** A record in GitHub's words: what is written of a deployment, alone or as one of a cluster's. */
import { compact } from "../runtime/values";

export const DEPLOYMENT_STATUSES = ["deployed", "decommissioned"] as const;
export type DeploymentStatus = (typeof DEPLOYMENT_STATUSES)[number];

export const STORAGE_STATUSES = ["active", "eol", "deleted"] as const;
export type StorageStatus = (typeof STORAGE_STATUSES)[number];

export const RUNTIME_RISKS = [
  "critical-resource",
  "internet-exposed",
  "lateral-movement",
  "sensitive-data",
] as const;
export type RuntimeRisk = (typeof RUNTIME_RISKS)[number];

/** What is recorded of one deployment, beside where it runs. */
export interface Deployment {
  name: string;
  digest: string;
  version?: string;
  status: DeploymentStatus;
  tags?: Record<string, string>;
  runtimeRisks?: RuntimeRisk[];
  githubRepository?: string;
}

export interface DeploymentEntry {
  name: string;
  digest: string;
  version?: string;
  status: DeploymentStatus;
  deployment_name: string;
  tags?: Record<string, string>;
  runtime_risks?: RuntimeRisk[];
  github_repository?: string;
}

/** Where a deployment runs: the same for all entries of a cluster call. */
export interface Environments {
  logical_environment: string;
  physical_environment?: string;
}

/**
 * `before`: what was last written. The API does not say whether an update keeps fields it leaves out, so tags and risks
 * that are to be removed are sent empty.
 */
export function toEntry(
  deploymentName: string,
  deployment: Deployment,
  before?: { tags?: object; runtimeRisks?: object },
): DeploymentEntry {
  return compact({
    name: deployment.name,
    digest: deployment.digest,
    // An empty version in the state means unknown (`unwritten`).
    version: deployment.version || undefined,
    status: deployment.status,
    deployment_name: deploymentName,
    tags: deployment.tags ?? (before?.tags ? {} : undefined),
    runtime_risks: deployment.runtimeRisks ?? (before?.runtimeRisks ? [] : undefined),
    github_repository: deployment.githubRepository,
  });
}

/**
 * The entry with undeclared tags and risks that GitHub still shows set to empty; undefined if there are none. GitHub may
 * keep what a write leaves out, and a record must be as declared.
 */
export function clearingEntry(
  entry: DeploymentEntry,
  record: { tags?: object; runtime_risks?: object } | undefined,
): DeploymentEntry | undefined {
  const stands = (given: object | undefined, shown: object | undefined) =>
    given === undefined && shown !== undefined && Object.keys(shown).length > 0;
  const left = compact({
    tags: stands(entry.tags, record?.tags) ? {} : undefined,
    runtime_risks: stands(entry.runtime_risks, record?.runtime_risks) ? [] : undefined,
  });
  return entry.status === "deployed" && Object.keys(left).length > 0 ? { ...entry, ...left } : undefined;
}

export function toEnvironments(identity: {
  logicalEnvironment: string;
  physicalEnvironment?: string;
}): Environments {
  return compact({
    logical_environment: identity.logicalEnvironment,
    physical_environment: identity.physicalEnvironment,
  });
}

/** Where a record is: all that identifies it but its deployment name. */
export type Place = Environments & { cluster?: string };

/** GitHub can give an absent part as null or as an empty string: both are absent here. */
export const isAt = (
  place: Place,
  record: { logical_environment: string; physical_environment?: string; cluster?: string },
): boolean =>
  record.logical_environment === place.logical_environment &&
  (record.physical_environment || undefined) === place.physical_environment &&
  (record.cluster || undefined) === place.cluster;
