/** Who wrote each of the server's records last, and that nobody undoes what is another's. */
import type { DeploymentRow, Org } from "../../local/github/store";
import type { StackName } from "./layout";

export type Writer = StackName | "another writer";

export interface Written {
  row: DeploymentRow;
  writer: Writer;
  /** Of all runs of all stacks. */
  run: number;
}

export interface Ledger {
  /** By the record's key: environments, cluster, deployment name. */
  records: Map<string, Written>;
  /** Looks what the last request has changed. Returns the keys of what was decommissioned, with who had written it. */
  update(writer: Writer, run: number): { key: string; before: Written }[];
}

export const keyOfRow = (row: DeploymentRow): string =>
  JSON.stringify([
    row.logical_environment,
    row.physical_environment ?? null,
    row.cluster ?? null,
    row.deployment_name,
  ]);

export function createLedger(org: Org): Ledger {
  const records: Ledger["records"] = new Map();
  return {
    records,
    update(writer, run) {
      const undone: { key: string; before: Written }[] = [];
      for (const { current: row } of org.deployments.values()) {
        const key = keyOfRow(row);
        const before = records.get(key);
        if (before?.row === row) continue;
        records.set(key, { row, writer, run });
        if (before?.row.status === "deployed" && row.status === "decommissioned")
          undone.push({ key, before });
      }
      return undone;
    },
  };
}
