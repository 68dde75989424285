/** Environments, artifacts, and the records of what was deployed where. */
import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { Clock } from "../http/clock";
import type { ChainloopRules } from "./options";
import type { DeploymentBody, DeploymentRecord, Status } from "./types";

export interface Store {
  clock: Clock;
  rules: ChainloopRules;
  /** In the order in which they were first written. */
  records: DeploymentRecord[];
  nextId: number;
}

/** Looks like the UUIDs that Chainloop gives, and is the same in each run. */
const uuidOf = (text: string): string =>
  createHash("sha256")
    .update(text)
    .digest("hex")
    .replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, "$1-$2-4$3-8$4-$5");

const sameDeployment = (record: DeploymentRecord, body: DeploymentBody): boolean =>
  record.environment_name === body.environment_name &&
  record.deployment_name === body.deployment_name &&
  record.artifact.kind === body.kind;

/**
 * One record for each digest of a deployment: another digest that is deployed supersedes the one before. The same again
 * updates it.
 */
export function writeDeployment(store: Store, body: DeploymentBody): DeploymentRecord {
  const now = new Date(store.clock()).toISOString();
  const { status } = body;
  const others = store.records.filter((record) => sameDeployment(record, body));
  if (status === "DEPLOYED")
    for (const other of others)
      if (other.status === "DEPLOYED" && other.artifact.digest !== body.artifact_digest)
        replace(store, other, { status: "SUPERSEDED", updated_at: now });
  const same = others.find(({ artifact }) => artifact.digest === body.artifact_digest);
  const artifact = artifactOf(body);
  const seen = { status, updated_at: now, last_seen_at: now };
  if (same && store.rules.repeatMoves === "last_seen_at") {
    const isRepeat = same.status === status && isDeepStrictEqual(same.artifact, artifact);
    if (isRepeat) return replace(store, same, { last_seen_at: now });
  }
  if (same) return replace(store, same, { ...seen, artifact });
  const record = { ...newRecord(store, body, now), ...seen };
  store.records.push(record);
  return record;
}

/** A new object: a snapshot that was taken earlier must not change. */
function replace(store: Store, record: DeploymentRecord, more: Partial<DeploymentRecord>): DeploymentRecord {
  const changed = { ...record, ...more };
  store.records[store.records.findIndex(({ id }) => id === record.id)] = changed;
  return changed;
}

const artifactOf = (body: DeploymentBody): DeploymentRecord["artifact"] => ({
  kind: body.kind,
  name: body.artifact_name,
  digest: body.artifact_digest,
  version: body.artifact_version ?? "",
});

const newRecord = (store: Store, body: DeploymentBody, now: string): Omit<DeploymentRecord, "status"> => ({
  id: uuidOf(`record ${store.nextId++}`),
  artifact: artifactOf(body),
  artifact_id: uuidOf(`artifact ${body.kind} ${body.artifact_digest}`),
  environment_id: uuidOf(`environment ${body.environment_name}`),
  environment_name: body.environment_name,
  deployment_name: body.deployment_name,
  created_at: now,
  updated_at: now,
  last_seen_at: now,
});

interface Filter {
  environmentName?: string;
  deploymentName?: string;
  status?: Status;
}

/** The newest first. */
export function listDeployments({ records }: Store, filter: Filter): DeploymentRecord[] {
  const holds = (wanted: string | undefined, value: string) => wanted === undefined || wanted === value;
  return records
    .filter(
      (record) =>
        holds(filter.environmentName, record.environment_name) &&
        holds(filter.deploymentName, record.deployment_name) &&
        holds(filter.status, record.status),
    )
    .reverse();
}
