/** Who wrote each of the server's records last, and that nobody undoes what is another's. */
import type { Store as ChainloopStore } from "../../local/chainloop/store";
import type { DeploymentRecord as ChainloopRecord } from "../../local/chainloop";
import type { DeploymentRow, Org, StorageRow } from "../../local/github/store";
import { chainloopKeyOf } from "./chainloop-layout";
import type { StackName } from "./layout";

export type Writer = StackName | "another writer";

/** What there is of a deployment on Chainloop: of the records of its digests, the one that counts. */
export interface ChainloopRow {
  digest: string;
  status: string;
  updated_at: string;
  record: ChainloopRecord;
}

export type Row = DeploymentRow | StorageRow | ChainloopRow;

export interface Written {
  row: Row;
  writer: Writer;
  /** Of all runs of all stacks. */
  run: number;
  /** By a background job, which can end after its run was cut off. */
  isOfJob?: boolean;
  /** When another writer wrote it (watch.ts). */
  tick?: number;
}

/** Who has written a row. */
export type By = (row: Row) => Author;

export interface Author extends Pick<Written, "writer" | "run" | "tick" | "isOfJob"> {
  /** When GitHub took the job (watch.ts). */
  accepted?: number;
}

export interface Ledger {
  /** By the record's key. Where GitHub does not upsert storage records, the last one counts. */
  records: Map<string, Written>;
  /** Looks what the last request has changed. Returns what was live and is no more, with who had written it. */
  update(by: By): { key: string; before: Written; by: Author }[];
}

const keyOfRow = (row: DeploymentRow | StorageRow): string =>
  "deployment_name" in row
    ? JSON.stringify([
        row.logical_environment,
        row.physical_environment ?? null,
        row.cluster ?? null,
        row.deployment_name,
      ])
    : JSON.stringify([row.digest, row.registry_url, row.repository ?? null, row.path ?? null, row.name]);

export const isLive = ({ row: { status } }: Written): boolean =>
  status === "deployed" || status === "active" || status === "DEPLOYED";

/** By key: the one that is deployed, else the one that was written last. */
function chainloopRows({ records }: ChainloopStore): Map<string, ChainloopRecord> {
  const rows = new Map<string, ChainloopRecord>();
  const rank = ({ status, updated_at }: ChainloopRecord) => `${status === "DEPLOYED" ? 1 : 0} ${updated_at}`;
  for (const record of records) {
    const { environment_name: environmentName, deployment_name: deploymentName } = record;
    const key = chainloopKeyOf({ environmentName, deploymentName, kind: record.artifact.kind });
    const before = rows.get(key);
    if (before === undefined || rank(before) <= rank(record)) rows.set(key, record);
  }
  return rows;
}

export function createLedger(org: Org, chainloop: ChainloopStore): Ledger {
  const records: Ledger["records"] = new Map();
  const seen = new WeakSet<object>();
  return {
    records,
    update(by) {
      const undone: ReturnType<Ledger["update"]> = [];
      const look = (key: string, object: object, row: Row) => {
        if (seen.has(object)) return;
        seen.add(object);
        const before = records.get(key);
        const written = { row, ...by(row) };
        records.set(key, written);
        if (before && isLive(before) && !isLive(written)) undone.push({ key, before, by: by(row) });
      };
      for (const { current: row } of [...org.deployments.values(), ...org.storage.values()])
        look(keyOfRow(row), row, row);
      for (const [key, record] of chainloopRows(chainloop)) {
        const { artifact, status, updated_at, last_seen_at } = record;
        // A repeat may move the latter alone.
        const written = updated_at > last_seen_at ? updated_at : last_seen_at;
        look(key, record, { digest: artifact.digest, status, updated_at: written, record });
      }
      return undone;
    },
  };
}
