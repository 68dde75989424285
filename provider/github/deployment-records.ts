/** GitHub's operations on deployment records: https://docs.github.com/rest/orgs/artifact-metadata */
import { LARGE_BODY } from "../http/body";
import { readIfEmpty } from "../http/errors";
import { rechecked } from "../http/recheck";
import type { Recheck } from "../http/recheck";
import type { GitHubClient } from "./client";
import { findWritten } from "./find-written";
import type { RecordAnswer } from "./schemas";
import type { DeploymentEntry, Place } from "./wire";

export type RecordBody = DeploymentEntry & Place;

export interface Written {
  records: RecordAnswer[];
  /** The server's time of the answer. */
  date: string | undefined;
}

/** `POST /orgs/{org}/artifacts/metadata/deployment-record`: creates the record, or updates it. @throws NothingLeftError */
export async function writeDeploymentRecord(
  client: GitHubClient,
  org: string,
  body: RecordBody,
  recheck?: Recheck<RecordBody>,
): Promise<Written> {
  const { now, beforeSend } = rechecked(body, recheck);
  const call = client.call({
    route: "POST /orgs/{org}/artifacts/metadata/deployment-record",
    params: { org },
    body: () => now.value,
    beforeSend,
    permission: "write",
    digest: body.digest,
    expected: (schemas) => schemas.deploymentRecords,
  });
  const sent = call.then(({ data, date }): Written => ({ records: data.deployment_records, date }));
  return readIfEmpty(sent, async (error) => {
    const { logical_environment, physical_environment, cluster } = now.value;
    const place = { logical_environment, physical_environment, cluster };
    const list = (digest: string) => listDeploymentRecords(client, org, digest);
    const records = await findWritten(place, [now.value], error, list);
    if (records.length === 0) throw error.notListed("GitHub");
    return { records, date: error.empty.date };
  });
}

/** `GET /orgs/{org}/artifacts/{subject_digest}/metadata/deployment-records`: all records of one digest, no pages. */
export async function listDeploymentRecords(
  client: GitHubClient,
  org: string,
  digest: string,
): Promise<RecordAnswer[]> {
  const { data } = await client.call({
    route: "GET /orgs/{org}/artifacts/{subject_digest}/metadata/deployment-records",
    params: { org, subject_digest: digest },
    permission: "read",
    digest,
    maxBytes: LARGE_BODY,
    expected: (schemas) => schemas.deploymentRecordList,
  });
  return data.deployment_records;
}
