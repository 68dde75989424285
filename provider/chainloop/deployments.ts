/** Chainloop's operations on deployments: `POST` and `GET /v1/deployments`. */
import { readIfEmpty } from "../http/errors";
import type { EmptyAnswerError } from "../http/errors";
import { rechecked } from "../http/recheck";
import type { Recheck } from "../http/recheck";
import { compact } from "../runtime/values";
import type { ChainloopClient } from "./client";
import type { ChainloopAnswer, ChainloopPage } from "./schemas";

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

/** The most that Chainloop's open source takes. */
const PAGE_SIZE = 100;

/** A deployment and the status that it is written with. */
export interface ChainloopWrite {
  deployment: ChainloopDeployment;
  status: Exclude<ChainloopStatus, "SUPERSEDED">;
}

/** Creates the record, or updates it; one of another digest becomes superseded. @throws NothingLeftError */
export async function writeDeployment(
  client: ChainloopClient,
  write: ChainloopWrite,
  { recheck, isUndecided }: { recheck?: Recheck<ChainloopWrite>; isUndecided?: boolean } = {},
): Promise<ChainloopWritten> {
  const { environmentName } = write.deployment;
  const { now, beforeSend } = rechecked(write, recheck, isUndecided);
  const call = client.call({
    route: "POST /v1/deployments",
    body: () => bodyOf(now.value),
    beforeSend,
    permission: "write",
    environmentName,
    expected: (schemas) => schemas.written,
  });
  const sent = call.then(({ data, date }): ChainloopWritten => ({ record: data.deployment_record, date }));
  return readIfEmpty(sent, async (error) => ({
    record: await findWritten(client, now.value, error),
    date: error.empty.date,
  }));
}

/** When anybody last wrote it: a repeat may move either time. */
const timesOf = ({ updated_at, last_seen_at }: ChainloopAnswer): number[] =>
  [updated_at, last_seen_at].map((time) => Date.parse(time ?? ""));

async function findWritten(
  client: ChainloopClient,
  { deployment, status }: ChainloopWrite,
  error: EmptyAnswerError,
): Promise<ChainloopAnswer> {
  const { environmentName, deploymentName, kind, artifactDigest } = deployment;
  const listed = await listDeployments(client, { environmentName, deploymentName }).catch(
    (reason: unknown) => {
      throw error.notReadable(reason);
    },
  );
  const found = listed.find(
    (one) =>
      one.environment_name === environmentName &&
      one.deployment_name === deploymentName &&
      one.artifact.kind === kind &&
      one.artifact.digest === artifactDigest &&
      (knownStatus(one) ?? status) === status &&
      timesOf(one).some((time) => time >= error.empty.sentAt),
  );
  if (found === undefined) throw error.notListed("Chainloop");
  return found;
}

const bodyOf = ({ deployment, status }: ChainloopWrite) =>
  compact({
    environment_name: deployment.environmentName,
    artifact_digest: deployment.artifactDigest,
    kind: deployment.kind,
    artifact_name: deployment.artifactName,
    artifact_version: deployment.artifactVersion,
    status,
    deployment_name: deployment.deploymentName,
  });

export interface Filter {
  environmentName?: string;
  deploymentName?: string;
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

type Found = Map<string, ChainloopAnswer>;

/**
 * Whether the first page is 0 or 1 is an open question: the documentation says that it counts from zero, and Chainloop's
 * open source, in the same words, counts from one and refuses 0. So the first request names none, which gives the first
 * one in both cases, and its answer says its number. Where there are more, all are read, as large as they may be.
 */
async function readPages(client: ChainloopClient, filter: Filter) {
  const first = await readPage(client, filter, {});
  const found: Found = new Map();
  if (!isMore(first, 1, found)) return { records: [...found.values()], total: first.pagination.total_count };
  found.clear();
  for (let pages = 1; ; pages++) {
    const number = first.pagination.page + pages - 1;
    const asked = { "pagination.page": String(number), "pagination.page_size": String(PAGE_SIZE) };
    const page = await readPage(client, filter, asked);
    if (!isMore(page, pages, found))
      return { records: [...found.values()], total: page.pagination.total_count };
  }
}

/**
 * Takes in what a page has, and says whether there are others: by the number of pages, or of records where it is not
 * said; in any case only as long as something new comes.
 */
function isMore(
  { deployment_records: records, pagination }: ChainloopPage,
  pages: number,
  found: Found,
): boolean {
  const before = found.size;
  // One that stands on two pages is one record.
  for (const record of records) found.set(record.id, record);
  const { total_pages: all, total_count: total } = pagination;
  return found.size > before && (all > 0 ? pages < all : found.size !== total);
}

async function readPage(
  client: ChainloopClient,
  { environmentName, deploymentName, status }: Filter,
  asked: Record<string, string>,
): Promise<ChainloopPage> {
  const filter = { environment_name: environmentName, deployment_name: deploymentName, status };
  const query = compact({ ...asked, ...filter }) as Record<string, string>;
  const { data } = await client.call({
    route: "GET /v1/deployments",
    query,
    permission: "read",
    environmentName,
    expected: (schemas) => schemas.page,
  });
  return data;
}
