/** The words of a report, whatever it is written in. */
import { value } from "../summary/words";
import type { Style } from "../summary/words";
import type { Entry, Inventory } from "./types";

/** Of the stacks, in the headline. */
const MAX_STACKS = 5;

const NORMAL: readonly unknown[] = ["deployed", "active"];

/** `Records of shop/prod: 5 deployed, 2 stored` */
export function headline({ stacks, entries, check }: Inventory, style: Style): string {
  const names = [...new Set(stacks)];
  const shown = names.slice(0, MAX_STACKS).map((name) => value(name, style));
  const more = names.length > MAX_STACKS ? [`${names.length - MAX_STACKS} more stacks`] : [];
  const checked = check ? `; ${check.differing} of ${check.compared} compared differ` : "";
  return `Records of ${[...shown, ...more].join(", ")}: ${counted(entries) || "none"}${checked}`;
}

function counted(entries: Entry[]): string {
  const counts = countsOf(entries);
  return Object.entries(counts)
    .map(([word, count]) => `${count} ${word}`)
    .join(", ");
}

/** By status, `active` storage records as `stored`. What nobody can read is counted as `secret`. */
export function countsOf(entries: Entry[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const { status } of entries) {
    const word =
      typeof status === "symbol" ? (status.description ?? "") : status === "active" ? "stored" : status;
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return Object.fromEntries(counts);
}

export interface Table {
  title: string;
  columns: string[];
  rows: string[][];
}

/** One for each environment or registry. */
export function tablesOf({ entries, check }: Inventory, style: Style): Table[] {
  const places = new Map<string, Entry[]>();
  // All entries of a set have one place.
  const titles = new Map<Entry["place"], string>();
  for (const entry of entries) {
    const title = titles.get(entry.place) ?? titleOf(entry, style);
    titles.set(entry.place, title);
    const there = places.get(title);
    if (there) there.push(entry);
    else places.set(title, [entry]);
  }
  return [...places].map(([title, there]) => withoutEmptyColumns(title, there, style, check !== undefined));
}

/** `production / eu-west-1 / prod-eu (acme)` */
function titleOf({ kind, place }: Entry, style: Style): string {
  const { org, ...where } = place;
  const words = { deployment: "", chainloop: "Chainloop: ", storage: "Stored at " }[kind];
  const parts = Object.values(where).map((part) => value(part, style));
  return words + parts.join(" / ") + (org === undefined ? "" : ` (${value(org, style)})`);
}

type Column = [heading: string, cell: (entry: Entry) => string];

function withoutEmptyColumns(title: string, entries: Entry[], style: Style, isChecked: boolean): Table {
  const filled = columnsFor(entries[0]?.kind === "storage", style, isChecked)
    .map(([heading, cell]) => ({ heading, cells: entries.map(cell) }))
    .filter(({ cells }) => cells.some((cell) => cell !== ""));
  const rows = entries.map((_, row) => filled.map(({ cells }) => cells[row] ?? ""));
  return { title, columns: filled.map(({ heading }) => heading), rows };
}

function columnsFor(isStorage: boolean, style: Style, isChecked: boolean): Column[] {
  return [
    [isStorage ? "Artifact" : "Deployment", ({ name }) => value(name, style)],
    isStorage
      ? ["Path", ({ path }) => value(path, style)]
      : ["Artifact", ({ artifact }) => value(artifact, style)],
    ["Version", ({ version }) => value(version, style)],
    ["Digest", ({ digest }) => value(shortDigest(digest), style)],
    ["Runtime risks", ({ runtimeRisks }) => risks(runtimeRisks, style)],
    ["Status", ({ status }) => (NORMAL.includes(status) ? "" : value(status, style))],
    ["Stack", ({ stack }) => value(stack, style)],
    ["Since", ({ since }) => value(shortTime(since), style)],
    ...(isChecked ? [["Differences", (entry: Entry) => differences(entry, style)] satisfies Column] : []),
  ];
}

const differences = ({ differences = [] }: Entry, style: Style): string =>
  differences
    .map(({ words, live }) => (live === undefined ? words : `${words} ${value(live, style)}`))
    .join("; ");

/** `sha256:1bb1…` to its first 12 digits, as other tools show it. */
const shortDigest = (digest: Entry["digest"]): Entry["digest"] =>
  typeof digest === "string" ? digest.replace(/^sha256:([0-9a-f]{12})[0-9a-f]{52}$/, "$1") : digest;

/** `2026-01-01T00:00:00Z` to the minute. */
const shortTime = (time: Entry["since"]): Entry["since"] =>
  typeof time === "string" ? time.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d):.*Z$/, "$1 $2") : time;

const MAX_RISKS = 8;

function risks(all: Entry["runtimeRisks"], style: Style): string {
  if (!Array.isArray(all)) return value(all, style);
  const shown = all.slice(0, MAX_RISKS).map((risk) => value(risk, style));
  return [...shown, ...(all.length > MAX_RISKS ? [`and ${all.length - MAX_RISKS} more`] : [])].join(", ");
}
