/** Chainloop's operations on deployments: `POST` and `GET /v1/deployments`. */
import { compact } from "../lifecycle/values";
import type { ChainloopClient } from "./client";
import type { ChainloopAnswer, ChainloopPage, Pagination } from "./schemas";

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

/**
 * Whether the first page is 0 or 1 is an open question: the documentation says that it counts from zero, and Chainloop's
 * open source, in the same words, counts from one and refuses 0. So the first request names none, which gives the first
 * one in both cases, and its answer says its number and size.
 */
async function readPages(client: ChainloopClient, filter: Filter) {
  const found = new Map<string, ChainloopAnswer>();
  const read = async (asked: Record<string, string>) => {
    const { deployment_records: records, pagination } = await readPage(client, filter, asked);
    const before = found.size;
    // One that stands on two pages is one record.
    for (const record of records) found.set(record.id, record);
    return { ...pagination, length: records.length, isNew: found.size > before };
  };
  const first = await read({});
  let last = first;
  for (let pages = 1; isMore(last, pages, found.size); pages++)
    last = await read({
      "pagination.page": String(first.page + pages),
      "pagination.page_size": String(first.page_size || first.length),
    });
  return { records: [...found.values()], total: last.total_count };
}

/** By the number of pages, or of records where it is not said; in any case only as long as something new comes. */
const isMore = (
  { isNew, total_pages: all, total_count: total }: { isNew: boolean } & Pagination,
  pages: number,
  found: number,
): boolean => isNew && (all > 0 ? pages < all : found !== total);

async function readPage(
  client: ChainloopClient,
  { environmentName, status }: Filter,
  asked: Record<string, string>,
): Promise<ChainloopPage> {
  const query = compact({ ...asked, environment_name: environmentName, status }) as Record<string, string>;
  const { data } = await client.call(
    { environmentName, permission: "read" },
    { method: "GET", path: PATH, query },
    (schemas) => schemas.page,
  );
  return data;
}
