/** GitHub's operations on all deployments of a cluster: https://docs.github.com/rest/orgs/artifact-metadata */
import type { GitHubClient } from "./client";
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

export interface ClusterAnswer {
  records: RecordAnswer[];
  failed: FailedEntry[];
  /** The server's time of the answer. */
  date: string | undefined;
}

const path = ({ org, cluster }: Target) =>
  `/orgs/${org}/artifacts/metadata/deployment-record/cluster/${cluster}`;

/** The request that writes a cluster's deployments, for messages. */
export const clusterRequest = (target: Target) => `POST ${path(target)}`;

/** The one digest that a message can name, where there is just one. */
const digestOf = (entries: DeploymentEntry[]) =>
  entries.length === 1 && entries[0] ? entries[0].digest : "of these entries";

/** `POST …/cluster/{cluster}`: up to 1,000 entries. Entries that are not named are not touched. */
export async function setClusterDeployments(
  client: GitHubClient,
  target: Target,
  entries: DeploymentEntry[],
  partialSuccess: boolean,
): Promise<ClusterAnswer> {
  const { org, cluster, environments } = target;
  const { data, date } = await client.call(
    {
      request: clusterRequest(target),
      org,
      digest: digestOf(entries),
      permission: "write",
      success: [200, 207],
    },
    (octokit, common) =>
      octokit.request("POST /orgs/{org}/artifacts/metadata/deployment-record/cluster/{cluster}", {
        org,
        cluster,
        ...environments,
        deployments: entries,
        partial_success: partialSuccess,
        ...common,
      }),
    (schemas) => schemas.clusterRecords,
  );
  return { records: data.deployment_records, failed: data.errors, date };
}

/** `POST …/cluster/{cluster}/jobs`: up to 5,000 entries, one job at a time for a cluster. */
export async function submitJob(client: GitHubClient, target: Target, entries: DeploymentEntry[]) {
  const { org, cluster, environments } = target;
  const { data } = await client.call(
    {
      request: `POST ${path(target)}/jobs`,
      org,
      digest: digestOf(entries),
      permission: "write",
      success: [202],
    },
    (octokit, common) =>
      octokit.request("POST /orgs/{org}/artifacts/metadata/deployment-record/cluster/{cluster}/jobs", {
        org,
        cluster,
        ...environments,
        deployments: entries,
        ...common,
      }),
    (schemas) => schemas.submittedJob,
  );
  return { jobId: data.job_id, failed: data.errors };
}

/** `GET …/cluster/{cluster}/jobs/{job_id}` */
export async function getJob(
  client: GitHubClient,
  target: Target,
  jobId: string,
): Promise<JobAnswer & { date: string | undefined }> {
  const { org, cluster } = target;
  const { data, date } = await client.call(
    { request: `GET ${path(target)}/jobs/${jobId}`, org, digest: "", permission: "read" },
    (octokit, common) =>
      octokit.request(
        "GET /orgs/{org}/artifacts/metadata/deployment-record/cluster/{cluster}/jobs/{job_id}",
        {
          org,
          cluster,
          // An id above 2^53 is a string here; in the path it is the same.
          job_id: jobId as unknown as number,
          ...common,
        },
      ),
    (schemas) => schemas.job,
  );
  return { ...data, date };
}

/**
 * Finds the entries that a failure may be about: the one that it names, else those with its digest; where it has not
 * even that, all that the answer does not list as written.
 */
export function whichFailed(entries: DeploymentEntry[], written: RecordAnswer[]) {
  const byName = new Map(entries.map((entry) => [entry.deployment_name, entry]));
  const listed = new Set(written.map((record) => record.deployment_name));
  return ({ deployment }: FailedEntry): DeploymentEntry[] => {
    const named = byName.get(deployment?.deployment_name ?? "");
    if (named) return [named];
    return deployment?.digest === undefined
      ? entries.filter((entry) => !listed.has(entry.deployment_name))
      : entries.filter((entry) => entry.digest === deployment.digest);
  };
}
