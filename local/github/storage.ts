/** Storage records: identity, upsert, lists. */
import { timestamp } from "../http/clock";
import { defined } from "../http/defined";
import type { Readable } from "./deployments";
import { listedValue, write } from "./eventually-consistent";
import type { Org, Source, StorageRow, Store } from "./store";
import type { StorageBody, StorageSnapshot } from "./types";

/** It could not be verified that GitHub upserts; where it does not, each record has its own key. */
function identity(store: Store, body: StorageBody, id: bigint): string {
  if (!store.rules.storageUpsert) return id.toString();
  const where = body.path ?? body.artifact_url ?? null;
  return JSON.stringify([body.digest, body.registry_url, body.repository ?? null, where, body.name]);
}

export function writeStorage(store: Store, org: Org, body: StorageBody, source: Source): StorageRow {
  const { rules } = store;
  const now = store.clock();
  const id = store.nextId();
  const key = identity(store, body, id);
  const before = org.storage.get(key);
  const kept = rules.omittedOnUpdate === "keep" ? before?.current : undefined;
  const row: StorageRow = {
    id: before?.current.id ?? id,
    repository_of_source: source.repository,
    name: body.name,
    version: body.version ?? kept?.version,
    digest: body.digest,
    registry_url: body.registry_url,
    artifact_url: body.artifact_url ?? kept?.artifact_url,
    path: body.path ?? kept?.path,
    repository: body.repository ?? kept?.repository,
    status: body.status ?? "active",
    created_at: before?.current.created_at ?? timestamp(now),
    updated_at: timestamp(now),
  };
  org.storage.set(key, write(before, row, rules.listLag));
  return row;
}

export function listStorage(store: Store, org: Org, digest: string, readable: Readable): StorageRow[] {
  const rows: StorageRow[] = [];
  for (const record of org.storage.values()) {
    if (record.current.digest !== digest) continue;
    const row = listedValue(record, store.rules.listLag);
    record.reads += 1;
    if (row && readable(row.repository_of_source)) rows.push(row);
  }
  return rows;
}

/**
 * A record as the API shows it: without version and path. Only the answer to a write shows an absent URL or
 * repository as null; in lists they are left out.
 */
export function storageAnswer(store: Store, row: StorageRow, of: "write" | "list"): Record<string, unknown> {
  const absent = of === "write" ? null : undefined;
  const thin = store.rules.answers === "documentation";
  return {
    ...(thin ? {} : { id: row.id }),
    name: row.name,
    digest: row.digest,
    artifact_url: row.artifact_url ?? absent,
    registry_url: row.registry_url,
    repository: row.repository ?? absent,
    status: row.status,
    created_at: row.created_at,
    updated_at: row.updated_at,
  };
}

export function storageSnapshot(org: Org, row: StorageRow): StorageSnapshot {
  const { repository_of_source: github_repository, ...rest } = row;
  return defined({ ...rest, id: row.id.toString(), org: org.name, github_repository });
}
