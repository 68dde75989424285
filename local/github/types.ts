import type { RequestLog as AnyRequest } from "../http/requests";
import type { Operation } from "./description";
import type { Problem } from "./problems";

export type { Json } from "../http/requests";

export type DeploymentStatus = "deployed" | "decommissioned";
export type StorageStatus = "active" | "eol" | "deleted";
export type Tags = Record<string, string>;

/** One entry of a cluster call, and the part that a single deployment record shares with it. */
export interface DeploymentEntry {
  name: string;
  digest: string;
  deployment_name: string;
  version?: string;
  status?: DeploymentStatus;
  tags?: Tags;
  runtime_risks?: string[];
  github_repository?: string;
}

export interface Environments {
  logical_environment: string;
  physical_environment?: string;
}

export interface DeploymentBody extends DeploymentEntry, Environments {
  status: DeploymentStatus;
  cluster?: string;
  return_records?: boolean;
}

export interface ClusterBody extends Environments {
  deployments: DeploymentEntry[];
  partial_success?: boolean;
  return_records?: boolean;
}

export interface StorageBody {
  name: string;
  digest: string;
  registry_url: string;
  version?: string;
  artifact_url?: string;
  path?: string;
  repository?: string;
  status?: StorageStatus;
  github_repository?: string;
  return_records?: boolean;
}

/** A deployment record as the server keeps it, with what GitHub's answers leave out. */
export interface DeploymentSnapshot extends Omit<DeploymentBody, "return_records"> {
  id: string;
  org: string;
  tags: Tags;
  runtime_risks: string[];
  /** The repository that the attestation names, or the request's `github_repository`. */
  github_repository: string;
  attestation_id: string | null;
  created_at: string;
  updated_at: string;
}

export interface StorageSnapshot extends Omit<StorageBody, "return_records"> {
  id: string;
  org: string;
  status: StorageStatus;
  github_repository: string;
  created_at: string;
  updated_at: string;
}

/** Of a pull request. */
export interface Comment {
  id: number;
  body: string;
  login: string;
  created_at: string;
  updated_at: string;
}

export interface JobSnapshot {
  id: string;
  org: string;
  cluster: string;
  status: "pending" | "processing" | "completed" | "failed" | "vanished";
  /** How many deployments were accepted into the job. */
  deployments: number;
}

export type RequestLog = AnyRequest<Operation>;

/** A request that GitHub's description does not allow. */
export interface Violation {
  request: number;
  method: string;
  path: string;
  operation?: Operation;
  problems: Problem[];
}
