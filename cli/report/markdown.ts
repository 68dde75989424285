/** The report for a wiki or a step's summary. */
import { code, entities } from "../summary/escape";
import type { Style } from "../summary/words";
import { headline, tablesOf } from "./words";
import type { Table } from "./words";
import type { Inventory } from "./types";

const style: Style = { quote: code, special: (words) => `*${entities(words)}*` };

export function toMarkdown(inventory: Inventory): string {
  const lines = [
    `### ${headline(inventory, style)}`,
    ...tablesOf(inventory, style).flatMap(tableLines),
    ...(inventory.notes.length > 0 ? ["", ...inventory.notes.map((note) => `- ${code(note)}`)] : []),
  ];
  return `${lines.join("\n")}\n`;
}

const tableLines = ({ title, columns, rows }: Table): string[] => [
  "",
  `#### ${title}`,
  "",
  row(columns),
  row(columns.map(() => "---")),
  ...rows.map(row),
];

const row = (cells: string[]): string => `| ${cells.join(" | ")} |`;
