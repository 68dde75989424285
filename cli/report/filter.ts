/** Which records a report is about. */
import type { Value } from "../summary/types";
import { isSpecial } from "../summary/values";
import { GONE } from "./types";
import type { Entry, Inventory } from "./types";

export interface Filters {
  environment: string[];
  cluster: string[];
  digest: string[];
  name: string[];
  /** Also what is decommissioned or deleted. */
  all: boolean;
}

type Values = (Value | undefined)[];

const asked: [
  keyof Omit<Filters, "all">,
  (entry: Entry) => Values,
  (value: string, filter: string) => boolean,
][] = [
  ["environment", ({ place }) => [place.logicalEnvironment ?? place.environmentName], matches],
  ["cluster", ({ place }) => [place.cluster], matches],
  ["digest", ({ digest }) => [digest], begins],
  ["name", ({ name, artifact }) => [name, artifact], matches],
];

export function filtered(inventory: Inventory, filters: Filters): Inventory {
  let unreadable = 0;
  const entries = inventory.entries.filter((entry) => {
    if (!filters.all && GONE.includes(entry.status)) return false;
    const answers = asked.map(([filter, valuesOf, test]) => answer(filters[filter], valuesOf(entry), test));
    if (answers.includes("no")) return false;
    if (answers.includes("encrypted")) unreadable++;
    return !answers.includes("encrypted");
  });
  const note = `${unreadable === 1 ? "1 record is" : `${unreadable} records are`} left out: a filter needs a value that is encrypted in the state.`;
  return { ...inventory, entries, notes: unreadable > 0 ? [...inventory.notes, note] : inventory.notes };
}

function answer(filters: string[], values: Values, test: (value: string, filter: string) => boolean) {
  const isMatch = (value: Value | undefined) =>
    typeof value === "string" && filters.some((filter) => test(value, filter));
  if (filters.length === 0 || values.some(isMatch)) return "yes";
  return values.some(isSpecial) ? "encrypted" : "no";
}

/** `*` stands for any characters. Without an expression: a name of many stars would take for ever. */
function matches(value: string, filter: string): boolean {
  const [first = "", ...parts] = filter.split("*");
  const last = parts.pop();
  if (last === undefined) return value === filter;
  let position = first.length;
  for (const part of parts) {
    const found = value.indexOf(part, position);
    if (found < 0) return false;
    position = found + part.length;
  }
  return value.startsWith(first) && value.length >= position + last.length && value.endsWith(last);
}

/** A digest by its first digits, as tools show it. */
function begins(value: string, filter: string): boolean {
  return value.startsWith(filter) || value.startsWith(`sha256:${filter}`);
}
