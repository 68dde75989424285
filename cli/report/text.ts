/** The report for a terminal or a log: columns in spaces, or lines where the terminal is too narrow for them. */
import { visible } from "../summary/escape";
import type { Style } from "../summary/words";
import { headline, tablesOf } from "./words";
import type { Table } from "./words";
import type { Inventory } from "./types";
import { cut, pad, widthOf } from "../width";

const style: Style = { quote: visible, special: (words) => `[${visible(words)}]` };

export interface TextOptions {
  /** Of the terminal; absent where there is none, and then nothing is cut. */
  columns?: number;
  colour?: boolean;
}

export function toText(inventory: Inventory, { columns = Infinity, colour = false }: TextOptions): string {
  const strong = (text: string) => (colour ? `\u001b[1m${text}\u001b[22m` : text);
  const faint = (text: string) => (colour ? `\u001b[2m${text}\u001b[22m` : text);
  const lines = [
    strong(headline(inventory, style)),
    ...tablesOf(inventory, style).flatMap((table) => [
      "",
      strong(cut(table.title, columns)),
      ...(narrowed(table, columns - INDENT.length) ?? listed(table, columns)).map((line, index) =>
        index === 0 ? faint(line) : line,
      ),
    ]),
    ...(inventory.notes.length > 0 ? ["", ...inventory.notes.map(visible)] : []),
  ];
  return `${lines.join("\n")}\n`;
}

const INDENT = "  ";
const GAP = "  ";
/** A name of which less is seen says nothing. */
const NARROWEST = 10;

/** A table whose widest columns are cut until it fits; undefined where they would be too narrow to read. */
function narrowed({ columns, rows }: Table, room: number): string[] | undefined {
  const widths = columns.map((heading, index) =>
    rows.reduce((most, row) => Math.max(most, widthOf(row[index] ?? "")), heading.length),
  );
  const gaps = GAP.length * (widths.length - 1);
  while (sum(widths) + gaps > room) {
    const widest = Math.max(...widths);
    if (widest <= NARROWEST) return undefined;
    widths[widths.indexOf(widest)] = widest - 1;
  }
  const line = (cells: string[]) =>
    (
      INDENT + cells.map((cell, index) => pad(cut(cell, widths[index] ?? 0), widths[index] ?? 0)).join(GAP)
    ).trimEnd();
  return [line(columns), ...rows.map(line)];
}

const sum = (numbers: number[]): number => numbers.reduce((total, number) => total + number, 0);

/** A line for each field. */
function listed({ columns, rows }: Table, room: number): string[] {
  const longest = Math.max(...columns.map((heading) => heading.length));
  return rows.flatMap((row) =>
    row.flatMap((cell, index) => {
      const head = index === 0 ? "- " : `${INDENT}${pad(columns[index] ?? "", longest)} `;
      return cell === "" ? [] : [cut(head + cell, room)];
    }),
  );
}
