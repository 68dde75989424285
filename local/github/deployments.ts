/** Deployment records: identity, upsert, lists. */
import { timestamp } from "../http/clock";
import { defined } from "../http/defined";
import { listedValue, write } from "./eventually-consistent";
import { artifactKey, type DeploymentRow, type Org, type Source, type Store } from "./store";
import type { ClusterBody, DeploymentEntry, DeploymentSnapshot, Environments } from "./types";

export interface Place extends Environments {
  cluster?: string;
}

function place(store: Store, value: string | undefined): string | undefined {
  return store.rules.absentEqualsEmpty && value === "" ? undefined : value;
}

/** With its organisation, this identifies a record: the same again updates it, also with another digest. */
function identity(store: Store, where: Place, deploymentName: string): string {
  const { logical_environment, physical_environment, cluster } = where;
  return JSON.stringify([
    logical_environment,
    place(store, physical_environment) ?? null,
    place(store, cluster) ?? null,
    deploymentName,
  ]);
}

/** Which artifacts a call has named: of two entries for one artifact the first names it. */
export type NamedInCall = Set<string>;

function nameArtifact(
  store: Store,
  org: Org,
  repository: string,
  entry: DeploymentEntry,
  named: NamedInCall,
): void {
  const key = artifactKey(repository, entry.digest);
  const before = org.artifacts.get(key);
  if (named.has(key)) return;
  named.add(key);
  const kept = store.rules.omittedOnUpdate === "keep" ? before?.version : undefined;
  org.artifacts.set(key, { name: entry.name, version: entry.version ?? kept });
}

export function writeDeployment(
  store: Store,
  org: Org,
  where: Place,
  entry: DeploymentEntry,
  source: Source,
  named: NamedInCall = new Set(),
): DeploymentRow {
  const { rules } = store;
  const now = store.clock();
  const key = identity(store, where, entry.deployment_name);
  const before = org.deployments.get(key);
  const kept = rules.omittedOnUpdate === "keep" ? before?.current : undefined;
  nameArtifact(store, org, source.repository, entry, named);
  const row: DeploymentRow = {
    id: before?.current.id ?? store.nextId(),
    repository: source.repository,
    digest: entry.digest,
    logical_environment: where.logical_environment,
    physical_environment: place(store, where.physical_environment),
    cluster: place(store, where.cluster),
    deployment_name: entry.deployment_name,
    status: entry.status ?? "deployed",
    tags: { ...(entry.tags ?? kept?.tags) },
    runtime_risks: [...(entry.runtime_risks ?? kept?.runtime_risks ?? [])],
    attestation_id: source.attestation?.id ?? null,
    created_at: before?.current.created_at ?? timestamp(now),
    updated_at: timestamp(now),
  };
  org.deployments.set(key, write(before, row, rules.listLag));
  return row;
}

/** Those of the same environments and cluster that a call leaves out. */
export function retireOthers(store: Store, org: Org, where: Place, { deployments }: ClusterBody): void {
  const now = store.clock();
  const named = new Set(deployments.map((entry) => identity(store, where, entry.deployment_name)));
  for (const [key, record] of org.deployments) {
    const { current } = record;
    if (named.has(key) || key !== identity(store, { ...current, ...where }, current.deployment_name))
      continue;
    const row: DeploymentRow = { ...current, status: "decommissioned", updated_at: timestamp(now) };
    org.deployments.set(key, write(record, row, store.rules.listLag));
  }
}

export type Readable = (repository: string) => boolean;

export function listDeployments(store: Store, org: Org, digest: string, readable: Readable): DeploymentRow[] {
  const { rules } = store;
  const rows: DeploymentRow[] = [];
  for (const record of org.deployments.values()) {
    const row = listedValue(record, rules.listLag);
    // A list counts against the lag where it would show the write, or no longer shows what it replaced.
    if (record.current.digest === digest || record.listed?.digest === digest) record.reads += 1;
    if (row?.digest !== digest || !readable(row.repository)) continue;
    if (row.status === "decommissioned" && !rules.listDecommissioned) continue;
    rows.push(row);
  }
  return rows;
}

function shownPlace(store: Store, value: string | undefined): string | null | undefined {
  if (value !== undefined) return value;
  return { omitted: undefined, empty: "", null: null }[store.rules.showAbsentAs];
}

/** A record as the API shows it: without status, name, version and repository. */
export function deploymentAnswer(store: Store, row: DeploymentRow): Record<string, unknown> {
  const thin = store.rules.answers === "documentation";
  return {
    id: row.id,
    digest: row.digest,
    logical_environment: row.logical_environment,
    physical_environment: shownPlace(store, row.physical_environment),
    cluster: shownPlace(store, row.cluster),
    deployment_name: row.deployment_name,
    // Copies: a fault's function can change the answer, but not the stored record.
    tags: { ...row.tags },
    ...(thin
      ? { created: row.created_at }
      : { runtime_risks: [...row.runtime_risks], created_at: row.created_at }),
    updated_at: row.updated_at,
    attestation_id: row.attestation_id,
  };
}

export function deploymentSnapshot(org: Org, row: DeploymentRow): DeploymentSnapshot {
  const { repository, ...rest } = row;
  const artifact = org.artifacts.get(artifactKey(repository, row.digest));
  return defined({
    ...rest,
    id: row.id.toString(),
    org: org.name,
    name: artifact?.name ?? "",
    version: artifact?.version,
    tags: { ...row.tags },
    runtime_risks: [...row.runtime_risks],
    github_repository: repository,
    attestation_id: row.attestation_id?.toString() ?? null,
  });
}
