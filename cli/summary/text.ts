/** The summary for a terminal or a log: columns in spaces. */
import { pad, widthOf } from "../width";
import { visible } from "./escape";
import type { SummaryOptions } from "./options";
import type { Change, Summary } from "./types";
import { cells, clip, headline, LONGEST_MESSAGE, placeName } from "./words";
import type { Style } from "./words";

const style: Style = { quote: visible, special: (words) => `[${visible(words)}]` };
const titleStyle: Style = { ...style, special: visible };

export function toText(summary: Summary, { title }: Pick<SummaryOptions, "title">): string {
  const { changes, errors, warnings } = summary;
  const lines = [
    headline(summary, title, titleStyle),
    ...errors.map((message) => `error: ${visible(clip(message, LONGEST_MESSAGE))}`),
    ...warnings.map((message) => `warning: ${visible(clip(message, LONGEST_MESSAGE))}`),
    ...placesOf(changes).flatMap(table),
  ];
  return `${lines.join("\n")}\n`;
}

/** The changes of one place stand together already. */
function placesOf(changes: Change[]): Change[][] {
  const places = new Map<string, Change[]>();
  for (const change of changes) {
    const key = `${change.kind} ${placeName(change, style)}`;
    const there = places.get(key);
    if (there) there.push(change);
    else places.set(key, [change]);
  }
  return [...places.values()];
}

function table(changes: Change[]): string[] {
  const [first] = changes;
  if (first === undefined) return [];
  const rows = changes.map((change) => cells(change, style));
  const widths = rows.reduce(
    (most, row) => row.map((cell, index) => Math.max(widthOf(cell), most[index] ?? 0)),
    [] as number[],
  );
  const lines = rows.map((row) => row.map((cell, index) => pad(cell, widths[index] ?? 0)).join("  "));
  return ["", placeName(first, style), ...lines.map((line) => `  ${line.trimEnd()}`)];
}
