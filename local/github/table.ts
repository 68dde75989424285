/** The server's deployment records as plain text, for the demo. */
import type { DeploymentSnapshot } from "./types";

const list = (parts: (string | undefined)[], separator: string) => parts.filter(Boolean).join(separator);
const pairs = (tags: DeploymentSnapshot["tags"]) =>
  Object.entries(tags).map(([key, value]) => `${key}=${value}`);

const COLUMNS: [title: string, cell: (record: DeploymentSnapshot) => string][] = [
  ["DEPLOYMENT", (record) => record.deployment_name],
  ["ENVIRONMENT", (record) => list([record.logical_environment, record.physical_environment], "/")],
  ["CLUSTER", (record) => record.cluster ?? ""],
  ["NAME", (record) => record.name],
  ["VERSION", (record) => record.version ?? ""],
  ["DIGEST", (record) => record.digest.replace(/^sha256:/, "").slice(0, 12)],
  ["STATUS", (record) => record.status],
  ["TAGS, RISKS", (record) => list([...pairs(record.tags), ...record.runtime_risks], " ")],
];

export function deploymentTable(records: DeploymentSnapshot[]): string {
  if (records.length === 0) return "(no deployment records)";
  const rows = [
    COLUMNS.map(([title]) => title),
    ...records.map((r) => COLUMNS.map(([, cell]) => cell(r) || "-")),
  ];
  const widths = COLUMNS.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const pad = (cell: string, column: number) => cell.padEnd(widths[column] ?? 0);
  return rows.map((row) => row.map(pad).join("  ").trimEnd()).join("\n");
}
