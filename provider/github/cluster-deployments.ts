/** GitHub's operations on all deployments of a cluster: https://docs.github.com/rest/orgs/artifact-metadata */
import { LARGE_BODY } from "../http/body";
import { readIfEmpty } from "../http/errors";
import type { EmptyAnswerError } from "../http/errors";
import { rechecked, unlessNothingLeft } from "../http/recheck";
import type { Recheck } from "../http/recheck";
import type { GitHubClient } from "./client";
import { listDeploymentRecords } from "./deployment-records";
import { findWritten } from "./find-written";
import type { FailedEntry, JobAnswer, RecordAnswer } from "./schemas";
import type { DeploymentEntry, Environments } from "./wire";

/** Most entries that one request, and one background job, may have. */
export const MAX_ENTRIES = 1_000;
export const MAX_JOB_ENTRIES = 5_000;

export interface Target {
  org: string;
  cluster: string;
  environments: Environments;
}

/** What is sent to a cluster. */
export interface Sending {
  entries: DeploymentEntry[];
  /** Decides again about what is removed. */
  recheck?: Recheck<DeploymentEntry[]>;
}

export interface ClusterAnswer {
  /** Those that were sent. */
  entries: DeploymentEntry[];
  records: RecordAnswer[];
  failed: FailedEntry[];
  /** The answer says that all were written, unless it names failures. */
  isSuccess: boolean;
  /** The answer was empty: `records` are those that are listed as written since. */
  empty?: EmptyAnswerError;
  /** The request that was answered, for messages. */
  requestLine: string;
  /** The server's time of the answer. */
  date: string | undefined;
}

/** The one digest that a message can name, where there is just one. */
const digestOf = (entries: DeploymentEntry[]) =>
  entries.length === 1 && entries[0] ? entries[0].digest : "for these entries";

/** `POST …/cluster/{cluster}`: up to 1,000 entries. Entries that are not named are not touched. Undefined: nothing was left to send. */
export async function setClusterDeployments(
  client: GitHubClient,
  target: Target,
  { entries, recheck }: Sending,
  partialSuccess: boolean,
): Promise<ClusterAnswer | undefined> {
  const { org, cluster, environments } = target;
  const { now, beforeSend } = rechecked(entries, recheck);
  const sent = client.call({
    route: "POST /orgs/{org}/artifacts/metadata/deployment-record/cluster/{cluster}",
    params: { org, cluster },
    body: () => ({ ...environments, deployments: now.value, partial_success: partialSuccess }),
    beforeSend,
    permission: "write",
    digest: digestOf(entries),
    success: [200, 207],
    maxBytes: LARGE_BODY,
    expected: (schemas) => schemas.clusterRecords,
  });
  const answered = unlessNothingLeft(sent).then((answer): ClusterAnswer | undefined => {
    if (answer === undefined) return undefined;
    const { data, status, requestLine, date } = answer;
    const { deployment_records: records, errors: failed } = data;
    return { entries: now.value, records, failed, isSuccess: status !== 207, requestLine, date };
  });
  return readIfEmpty(answered, async (error) => {
    const list = (digest: string) => listDeploymentRecords(client, org, digest);
    const records = await findWritten({ ...environments, cluster }, now.value, error, list);
    const { date } = error.empty;
    const answer = { entries: now.value, records, failed: [], requestLine: error.request, date };
    return { ...answer, isSuccess: false, empty: error };
  });
}

/** `POST …/cluster/{cluster}/jobs`: up to 5,000 entries, one job at a time for a cluster. Undefined: nothing was left to send. */
export async function submitJob(client: GitHubClient, target: Target, { entries, recheck }: Sending) {
  const { org, cluster, environments } = target;
  const { now, beforeSend } = rechecked(entries, recheck);
  const sent = client.call({
    route: "POST /orgs/{org}/artifacts/metadata/deployment-record/cluster/{cluster}/jobs",
    params: { org, cluster },
    body: () => ({ ...environments, deployments: now.value }),
    beforeSend,
    permission: "write",
    digest: digestOf(entries),
    success: [202],
    maxBytes: LARGE_BODY,
    expected: (schemas) => schemas.submittedJob,
  });
  const answer = await unlessNothingLeft(sent);
  return answer && { entries: now.value, jobId: answer.data.job_id, failed: answer.data.errors };
}

/** `GET …/cluster/{cluster}/jobs/{job_id}` */
export async function getJob(
  client: GitHubClient,
  target: Target,
  jobId: string,
): Promise<JobAnswer & { date: string | undefined }> {
  const { org, cluster } = target;
  const { data, date } = await client.call({
    route: "GET /orgs/{org}/artifacts/metadata/deployment-record/cluster/{cluster}/jobs/{job_id}",
    params: { org, cluster, job_id: jobId },
    permission: "read",
    maxBytes: LARGE_BODY,
    expected: (schemas) => schemas.job,
  });
  return { ...data, date };
}
