/** The server's records and requests in the words of the resources' own properties. */
import type {
  DeploymentBody,
  DeploymentSnapshot,
  RequestLog,
  StorageBody,
  StorageSnapshot,
  Violation,
} from "../github";
import { defined } from "../http/defined";
import type {
  TestDeploymentRecord,
  TestDeploymentRecordArgs,
  TestRequest,
  TestStorageRecord,
  TestStorageRecordArgs,
  TestViolation,
} from "./record-types";

export function deploymentBody(record: TestDeploymentRecordArgs): DeploymentBody {
  return defined({
    name: record.name,
    digest: record.digest,
    version: record.version,
    status: record.status ?? "deployed",
    logical_environment: record.logicalEnvironment,
    physical_environment: record.physicalEnvironment,
    cluster: record.cluster,
    deployment_name: record.deploymentName,
    tags: record.tags,
    runtime_risks: record.runtimeRisks,
    github_repository: record.githubRepository,
  });
}

export function deploymentRecord(row: DeploymentSnapshot): TestDeploymentRecord {
  return defined({
    id: row.id,
    org: row.org,
    name: row.name,
    version: row.version,
    digest: row.digest,
    status: row.status,
    logicalEnvironment: row.logical_environment,
    physicalEnvironment: row.physical_environment,
    cluster: row.cluster,
    deploymentName: row.deployment_name,
    tags: row.tags,
    runtimeRisks: row.runtime_risks,
    githubRepository: row.github_repository,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  });
}

export function storageBody(record: TestStorageRecordArgs): StorageBody {
  return defined({
    name: record.name,
    digest: record.digest,
    version: record.version,
    registry_url: record.registryUrl,
    artifact_url: record.artifactUrl,
    path: record.path,
    repository: record.repository,
    status: record.status ?? "active",
    github_repository: record.githubRepository,
  });
}

export function storageRecord(row: StorageSnapshot): TestStorageRecord {
  return defined({
    id: row.id,
    org: row.org,
    name: row.name,
    version: row.version,
    digest: row.digest,
    registryUrl: row.registry_url,
    artifactUrl: row.artifact_url,
    path: row.path,
    repository: row.repository,
    status: row.status,
    githubRepository: row.github_repository,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  });
}

export function request({ method, path, body, status }: RequestLog): TestRequest {
  return { method, path, body, status: status ?? undefined };
}

export function violation({ method, path, problems }: Violation): TestViolation {
  return {
    method,
    path,
    problems: problems.map(({ in: place, field, message }) =>
      [place, field, message].filter((part) => part !== "").join(" "),
    ),
  };
}
