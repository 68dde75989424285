/** Chainloop's operations on deployments: `POST` and `GET /v1/deployments`. */
import { compact } from "../lifecycle/values";
import type { ChainloopClient } from "./client";
import type { ChainloopAnswer } from "./schemas";

export const ARTIFACT_KINDS = ["CONTAINER_IMAGE", "HELM_CHART"] as const;
export type ArtifactKind = (typeof ARTIFACT_KINDS)[number];

export const DEPLOYMENT_STATUSES = ["DEPLOYED", "DECOMMISSIONED", "SUPERSEDED"] as const;
export type ChainloopStatus = (typeof DEPLOYMENT_STATUSES)[number];

/** One that is not known here says nothing. */
export const knownStatus = ({ status }: ChainloopAnswer): ChainloopStatus | undefined =>
  DEPLOYMENT_STATUSES.find((known) => known === status);

/** What is recorded of one deployment. */
export interface ChainloopDeployment {
  environmentName: string;
  deploymentName: string;
  kind: ArtifactKind;
  artifactName: string;
  artifactVersion?: string;
  artifactDigest: string;
}

export interface ChainloopWritten {
  record: ChainloopAnswer | undefined;
  /** The server's time of the answer. */
  date: string | undefined;
}

const PATH = "/v1/deployments";
/** Chainloop names no largest size; what it makes of this, its answer says. */
const PAGE_SIZE = 100;

/** Creates the record, or updates it; one of another digest becomes superseded. */
export async function writeDeployment(
  client: ChainloopClient,
  deployment: ChainloopDeployment,
  status: Exclude<ChainloopStatus, "SUPERSEDED">,
): Promise<ChainloopWritten> {
  const { environmentName } = deployment;
  const body = compact({
    environment_name: environmentName,
    artifact_digest: deployment.artifactDigest,
    kind: deployment.kind,
    artifact_name: deployment.artifactName,
    artifact_version: deployment.artifactVersion,
    status,
    deployment_name: deployment.deploymentName,
  });
  const { data, date } = await client.call(
    { environmentName, permission: "write" },
    { method: "POST", path: PATH, body },
    (schemas) => schemas.written,
  );
  return { record: data.deployment_record, date };
}

export interface Filter {
  environmentName?: string;
  status?: ChainloopStatus;
}

/** A list that changes while its pages are read may lose one that moves to a page which was read already. */
const MOST_READINGS = 3;

/** All pages of a list, in Chainloop's order. */
export async function listDeployments(client: ChainloopClient, filter: Filter): Promise<ChainloopAnswer[]> {
  for (let readings = 1; ; readings++) {
    const { records, total } = await readPages(client, filter);
    if (records.length >= total || readings === MOST_READINGS) return records;
  }
}

async function readPages(client: ChainloopClient, { environmentName, status }: Filter) {
  const found = new Map<string, ChainloopAnswer>();
  for (let number = 0; ; number++) {
    const query = compact({
      "pagination.page": String(number),
      "pagination.page_size": String(PAGE_SIZE),
      environment_name: environmentName,
      status,
    }) as Record<string, string>;
    const { data } = await client.call(
      { environmentName, permission: "read" },
      { method: "GET", path: PATH, query },
      (schemas) => schemas.page,
    );
    const { deployment_records: records, pagination } = data;
    const before = found.size;
    // One that stands on two pages is one record.
    for (const record of records) found.set(record.id, record);
    if (number + 1 >= pagination.total_pages || found.size === before)
      return { records: [...found.values()], total: pagination.total_count };
  }
}
