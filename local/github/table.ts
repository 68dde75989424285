/** The server's deployment records as plain text, for the demo. */
import type { DeploymentSnapshot } from "./types";

function shortDigest(digest: string): string {
  return digest.replace(/^sha256:/, "").slice(0, 12);
}

function environment(record: DeploymentSnapshot): string {
  return [record.logical_environment, record.physical_environment].filter(Boolean).join("/");
}

function notes(record: DeploymentSnapshot): string {
  const tags = Object.entries(record.tags).map(([key, value]) => `${key}=${value}`);
  return [...tags, ...record.runtime_risks].join(" ");
}

const COLUMNS: [title: string, cell: (record: DeploymentSnapshot) => string][] = [
  ["DEPLOYMENT", (record) => record.deployment_name],
  ["ENVIRONMENT", environment],
  ["CLUSTER", (record) => record.cluster ?? ""],
  ["NAME", (record) => record.name],
  ["VERSION", (record) => record.version ?? ""],
  ["DIGEST", (record) => shortDigest(record.digest)],
  ["STATUS", (record) => record.status],
  ["TAGS, RISKS", notes],
];

export function deploymentTable(records: DeploymentSnapshot[]): string {
  if (records.length === 0) return "(no deployment records)";
  const rows = [
    COLUMNS.map(([title]) => title),
    ...records.map((r) => COLUMNS.map(([, cell]) => cell(r) || "-")),
  ];
  const widths = COLUMNS.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
