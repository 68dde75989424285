/** Who wrote each of the server's records last, and that nobody undoes what is another's. */
import type { DeploymentRow, Org, StorageRow } from "../../local/github/store";
import type { StackName } from "./layout";

export type Writer = StackName | "another writer";

export interface Written {
  row: DeploymentRow | StorageRow;
  writer: Writer;
  /** Of all runs of all stacks. */
  run: number;
}

export interface Ledger {
  /** By the record's key. Where GitHub does not upsert storage records, the last one counts. */
  records: Map<string, Written>;
  /** Looks what the last request has changed. Returns what was live and is no more, with who had written it. */
  update(writer: Writer, run: number): { key: string; before: Written }[];
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

export const isLive = ({ row: { status } }: Written): boolean => status === "deployed" || status === "active";

export function createLedger(org: Org): Ledger {
  const records: Ledger["records"] = new Map();
  const seen = new WeakSet<object>();
  return {
    records,
    update(writer, run) {
      const undone: { key: string; before: Written }[] = [];
      for (const { current: row } of [...org.deployments.values(), ...org.storage.values()]) {
        if (seen.has(row)) continue;
        seen.add(row);
        const key = keyOfRow(row);
        const before = records.get(key);
        const written = { row, writer, run };
        records.set(key, written);
        if (before && isLive(before) && !isLive(written)) undone.push({ key, before });
      }
      return undone;
    },
  };
}
