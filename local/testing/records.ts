/** The server's records and requests in the words of the resources' own properties. */
import type {
  DeploymentBody,
  DeploymentSnapshot,
  RequestLog,
  StorageBody,
  StorageSnapshot,
  Violation,
} from "../github";
import { toCamel, toSnake } from "./case";
import type {
  TestDeploymentRecord,
  TestDeploymentRecordArgs,
  TestRequest,
  TestStorageRecord,
  TestStorageRecordArgs,
  TestViolation,
} from "./record-types";

export const deploymentBody = ({ org: _, ...record }: TestDeploymentRecordArgs): DeploymentBody =>
  toSnake({ ...record, status: record.status ?? "deployed" });

export const deploymentRecord = ({ attestation_id: _, ...row }: DeploymentSnapshot): TestDeploymentRecord =>
  toCamel(row);

export const storageBody = ({ org: _, ...record }: TestStorageRecordArgs): StorageBody =>
  toSnake({ ...record, status: record.status ?? "active" });

export const storageRecord = (row: StorageSnapshot): TestStorageRecord => toCamel(row);

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
