/** GitHub's operations on storage records: https://docs.github.com/rest/orgs/artifact-metadata */
import { compact } from "../runtime/values";
import { LARGE_BODY } from "../http/body";
import { rechecked } from "../http/recheck";
import type { Recheck } from "../http/recheck";
import type { GitHubClient } from "./client";
import type { StorageAnswer } from "./schemas";
import type { StorageStatus } from "./wire";

export interface StorageBody {
  name: string;
  digest: string;
  version?: string;
  artifact_url?: string;
  path?: string;
  registry_url: string;
  repository?: string;
  status: StorageStatus;
  github_repository?: string;
}

/** What is recorded of an artifact in a registry. */
export interface Storage {
  name: string;
  digest: string;
  version?: string;
  artifactUrl?: string;
  path?: string;
  registryUrl: string;
  repository?: string;
  status: StorageStatus;
  githubRepository?: string;
}

export const toStorageBody = (record: Storage): StorageBody =>
  compact({
    name: record.name,
    digest: record.digest,
    version: record.version || undefined,
    artifact_url: record.artifactUrl,
    path: record.path,
    registry_url: record.registryUrl,
    repository: record.repository,
    status: record.status,
    github_repository: record.githubRepository,
  });

/** `POST /orgs/{org}/artifacts/metadata/storage-record`. @throws NothingLeftError */
export async function writeStorageRecord(
  client: GitHubClient,
  org: string,
  body: StorageBody,
  { recheck, isUndecided }: { recheck?: Recheck<StorageBody>; isUndecided?: boolean } = {},
) {
  const { now, beforeSend } = rechecked(body, recheck, isUndecided);
  const { data, date } = await client.call({
    route: "POST /orgs/{org}/artifacts/metadata/storage-record",
    params: { org },
    body: () => now.value,
    beforeSend,
    permission: "write",
    digest: body.digest,
    expected: (schemas) => schemas.storageRecords,
  });
  return { records: data.storage_records, date };
}

/** `GET /orgs/{org}/artifacts/{subject_digest}/metadata/storage-records`: all that the token may read, no pages. */
export async function listStorageRecords(
  client: GitHubClient,
  org: string,
  digest: string,
): Promise<StorageAnswer[]> {
  const { data } = await client.call({
    route: "GET /orgs/{org}/artifacts/{subject_digest}/metadata/storage-records",
    params: { org, subject_digest: digest },
    permission: "read",
    digest,
    maxBytes: LARGE_BODY,
    expected: (schemas) => schemas.storageRecordList,
  });
  return data.storage_records;
}
