export const KINDS = ["CONTAINER_IMAGE", "HELM_CHART"] as const;
export const STATUSES = ["DEPLOYED", "DECOMMISSIONED", "SUPERSEDED"] as const;
/** The name of an unset status, which a list can be filtered by too. */
export const UNSPECIFIED = "DEPLOYMENT_STATUS_UNSPECIFIED";
export type Kind = (typeof KINDS)[number];
export type Status = (typeof STATUSES)[number];
export type Operation = "record-deployment" | "list-deployments";

/** The request that writes. */
export interface DeploymentBody {
  environment_name: string;
  artifact_digest: string;
  kind: Kind;
  artifact_name: string;
  artifact_version?: string;
  status: Status;
  deployment_name: string;
}

/** A record as answers show it. */
export interface DeploymentRecord {
  id: string;
  artifact: { kind: Kind; name: string; digest: string; version: string };
  artifact_id: string;
  environment_id: string;
  environment_name: string;
  deployment_name: string;
  status: Status;
  created_at: string;
  updated_at: string;
  last_seen_at: string;
}

/** A request that the API's documentation does not allow. It was refused. */
export interface Violation {
  request: number;
  method: string;
  path: string;
  problems: string[];
}
