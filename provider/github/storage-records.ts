/** GitHub's operations on storage records: https://docs.github.com/rest/orgs/artifact-metadata */
import { compact, withoutSlash } from "../runtime/values";
import { LARGE_BODY } from "../http/body";
import { readIfEmpty } from "../http/errors";
import type { EmptyAnswerError } from "../http/errors";
import { rechecked } from "../http/recheck";
import type { Recheck } from "../http/recheck";
import type { GitHubClient } from "./client";
import { readAll } from "./find-written";
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
  const call = client.call({
    route: "POST /orgs/{org}/artifacts/metadata/storage-record",
    params: { org },
    body: () => now.value,
    beforeSend,
    permission: "write",
    digest: body.digest,
    expected: (schemas) => schemas.storageRecords,
  });
  const sent = call.then(({ data, date }) => ({ records: data.storage_records, date }));
  return readIfEmpty(sent, async (error) => ({
    records: await findWritten(client, org, now.value, error),
    date: error.empty.date,
  }));
}

/** A list may leave out deleted records, so a record that this write deletes and that is not listed counts as written. */
async function findWritten(
  client: GitHubClient,
  org: string,
  body: StorageBody,
  error: EmptyAnswerError,
): Promise<StorageAnswer[]> {
  const [listed = []] = await readAll([body.digest], error, (digest) =>
    listStorageRecords(client, org, digest),
  );
  const own = listed.filter(
    (record) =>
      record.name === body.name &&
      withoutSlash(record.registry_url) === withoutSlash(body.registry_url) &&
      (record.repository || undefined) === body.repository &&
      (record.artifact_url || undefined) === body.artifact_url,
  );
  const written = own.filter(({ updated_at: time = "" }) => Date.parse(time) >= error.empty.sentAt);
  if (written.length === 0 && !(own.length === 0 && body.status !== "active"))
    throw error.notListed("GitHub");
  return written;
}

/** `GET /orgs/{org}/artifacts/{subject_digest}/metadata/storage-records`: all that the token is allowed to read, no pages. */
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
