/** `GET /v1/deployments`: all pages of a list, also while it changes. */
import { compact } from "../runtime/values";
import type { ChainloopClient } from "./client";
import type { ChainloopAnswer, ChainloopPage } from "./schemas";
import type { ChainloopStatus } from "./statuses";

export interface Filter {
  environmentName?: string;
  deploymentName?: string;
  status?: ChainloopStatus;
}

/** The most that Chainloop's open source takes. */
const PAGE_SIZE = 100;

/** A list that changes all the time is read this often. */
const MOST_READINGS = 3;

type Found = Map<string, ChainloopAnswer>;

interface Reading {
  found: Found;
  /** The numbers of the pages, in the order in which they were read; none where the first answer was all. */
  pages: number[];
  /** The list had one length all the time, and all of it was found. */
  isWhole: boolean;
}

/**
 * All pages of a list, in Chainloop's order. A list that becomes shorter while its pages are read moves records to pages
 * that were read already: from its last page to its first, none is missed. One that becomes longer moves them the other
 * way. So a list that has changed is read in both directions, and what any reading has found counts.
 *
 * @param isEnough Whether what was found will do, although the list has changed.
 */
export async function listDeployments(
  client: ChainloopClient,
  filter: Filter,
  isEnough: (found: ChainloopAnswer[]) => boolean = () => false,
): Promise<ChainloopAnswer[]> {
  const all: Found = new Map();
  let reading = await readForwards(client, filter);
  for (let readings = 1; ; readings++) {
    if (reading.isWhole) return [...reading.found.values()];
    for (const [id, record] of reading.found) all.set(id, record);
    const found = [...all.values()];
    if (readings === MOST_READINGS || isEnough(found)) return found;
    const isBackwards = readings % 2 === 1 && reading.pages.length > 1;
    reading = await (isBackwards
      ? readBackwards(client, filter, reading.pages)
      : readForwards(client, filter));
  }
}

/**
 * Whether the first page is 0 or 1 is an open question: the documentation says that it counts from zero, and Chainloop's
 * open source, in the same words, counts from one and refuses 0. So the first request names none, which gives the first
 * one in both cases, and its answer says its number. Where there are more, all are read, as large as they may be.
 */
async function readForwards(client: ChainloopClient, filter: Filter): Promise<Reading> {
  const first = await readPage(client, filter, {});
  const totals = [first.pagination.total_count];
  const found: Found = new Map();
  const pages: number[] = [];
  if (isMore(first, 1, found)) {
    found.clear();
    let page: ChainloopPage;
    do {
      pages.push(first.pagination.page + pages.length);
      page = await readPage(client, filter, numbered(pages.at(-1)));
      totals.push(page.pagination.total_count);
    } while (isMore(page, pages.length, found));
  }
  return { found, pages, isWhole: isWhole(totals, found) };
}

/** The pages of an earlier reading, from the last one to the first. */
async function readBackwards(client: ChainloopClient, filter: Filter, pages: number[]): Promise<Reading> {
  const read: ChainloopPage[] = [];
  for (const number of pages.toReversed()) read.unshift(await readPage(client, filter, numbered(number)));
  const records = read.flatMap((page) => page.deployment_records);
  const found: Found = new Map(records.map((record) => [record.id, record]));
  const totals = read.map(({ pagination }) => pagination.total_count);
  return { found, pages, isWhole: isWhole(totals, found) };
}

const isWhole = (totals: number[], { size }: Found): boolean =>
  totals.every((total) => total === totals[0] && total <= size);

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

const numbered = (page: number | undefined) => ({
  "pagination.page": String(page),
  "pagination.page_size": String(PAGE_SIZE),
});

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
