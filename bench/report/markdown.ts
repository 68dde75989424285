/** Small pieces of a Markdown page. */

export type Cell = string | number | undefined;

export function table(head: string[], rows: Cell[][]): string {
  const isNumber = head.map((_, column) => rows.every((row) => !/[a-z]{3}/i.test(String(row[column] ?? ""))));
  const line = (cells: Cell[]) => `| ${cells.map((cell) => cell ?? "–").join(" | ")} |`;
  const rule = `| ${isNumber.map((right) => (right ? "--:" : "---")).join(" | ")} |`;
  return [line(head), rule, ...rows.map(line)].join("\n");
}

/** Three digits are as many as a measurement on a usual machine is worth. */
export function number(value: number): string {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : value >= 0.1 ? 2 : 3;
  return Number(value.toFixed(digits)).toLocaleString("en-US");
}

export const ratio = (value: number, to: number | undefined): string | undefined =>
  to === undefined || to === 0 ? undefined : (value / to).toFixed(2);

export const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;
