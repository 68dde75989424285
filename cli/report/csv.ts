/** The report for a spreadsheet: https://www.rfc-editor.org/rfc/rfc4180 */
import { visible } from "../summary/escape";
import { fieldsOf, inWords, text } from "./json";
import type { Entry, Inventory } from "./types";

const columns = [
  ...["kind", "stack", "resource", "org", "logicalEnvironment", "physicalEnvironment", "cluster"],
  ...[
    "environmentName",
    "registryUrl",
    "repository",
    "deploymentName",
    "artifact",
    "path",
    "version",
    "digest",
  ],
  ...["status", "runtimeRisks", "since"],
];

export function toCsv({ entries, check }: Inventory): string {
  const head = check ? [...columns, "differences"] : columns;
  return [head, ...entries.map((entry) => rowOf(entry, head))]
    .map((row) => `${row.map(cell).join(",")}\r\n`)
    .join("");
}

function rowOf(entry: Entry, head: string[]): string[] {
  const differences = entry.differences?.map(inWords).join("; ");
  const fields: Record<string, unknown> = { ...fieldsOf(entry), differences };
  return head.map((column) => {
    const value = fields[column] as Parameters<typeof text>[0] | Parameters<typeof text>[0][];
    return Array.isArray(value) ? value.map(text).join(" ") : text(value);
  });
}

/** What a spreadsheet takes for a formula gets a quote before it: https://owasp.org/www-community/attacks/CSV_Injection */
const FORMULA = /^[\s'"]*[=+\-@|%＝＋－＠]/u;

function cell(value: string): string {
  const shown = visible(value);
  const harmless = FORMULA.test(shown) ? `'${shown}` : shown;
  return /[",;\s']/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
