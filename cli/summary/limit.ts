/** A text of at most so many characters that says what it leaves out. */
import type { Action } from "./types";
import { inWords } from "./words";

export interface Line {
  text: string;
  /** Stands before it, if it fits in. */
  lead?: string;
  /** What is left out where it does not. */
  counts?: Action | "message";
}

type Counts = Map<Action | "message", number>;

export function fit(lines: Line[], maxLength: number): string {
  if (lengthOf(lines) <= maxLength) return lines.map(textOf).join("");
  // No sentence about what is left out is longer than the one that leaves out everything.
  const room = maxLength - leftOut(countsOf(lines)).length;
  let text = "";
  for (const [index, line] of lines.entries()) {
    const next = textOf(line);
    if (text.length + next.length > room) return text + leftOut(countsOf(lines.slice(index)));
    text += next;
  }
  return text;
}

export const lengthOf = (lines: Line[]): number => lines.reduce((sum, line) => sum + textOf(line).length, 0);

function countsOf(lines: Line[]): Counts {
  const counts: Counts = new Map();
  for (const { counts: kind } of lines) if (kind) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}

const textOf = ({ lead, text }: Line): string => (lead === undefined ? `${text}\n` : `${lead}\n${text}\n`);

function leftOut(left: Counts): string {
  if (left.size === 0) return "";
  const messages = left.get("message") ?? 0;
  const changes = [...left].filter((entry): entry is [Action, number] => entry[0] !== "message");
  const rows = changes.reduce((sum, [, number]) => sum + number, 0);
  const parts = [
    ...(messages > 0 ? [`${messages} ${messages === 1 ? "message" : "messages"}`] : []),
    ...(rows > 0 ? [`${rows} ${rows === 1 ? "change" : "changes"} (${inWords(changes)})`] : []),
  ];
  return `\n…and ${parts.join(" and ")} more, which do not fit here.\n`;
}
