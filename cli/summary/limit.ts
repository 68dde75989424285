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

/** For the sentence about what is left out: 8 kinds of change, each with a number. */
const RESERVE = 400;

export function fit(lines: Line[], maxLength: number): string {
  const whole = lines.map(textOf).join("");
  if (whole.length <= maxLength) return whole;
  const left = new Map<Action | "message", number>();
  let text = "";
  for (const line of lines) {
    const isOver = left.size > 0 || text.length + textOf(line).length > maxLength - RESERVE;
    if (!isOver) text += textOf(line);
    else if (line.counts) left.set(line.counts, (left.get(line.counts) ?? 0) + 1);
  }
  return text + leftOut(left);
}

const textOf = ({ lead, text }: Line): string => (lead === undefined ? `${text}\n` : `${lead}\n${text}\n`);

function leftOut(left: Map<Action | "message", number>): string {
  const messages = left.get("message") ?? 0;
  const changes = [...left].filter((entry): entry is [Action, number] => entry[0] !== "message");
  const rows = changes.reduce((sum, [, number]) => sum + number, 0);
  const parts = [
    ...(messages > 0 ? [`${messages} ${messages === 1 ? "message" : "messages"}`] : []),
    ...(rows > 0 ? [`${rows} ${rows === 1 ? "change" : "changes"} (${inWords(changes)})`] : []),
  ];
  return `\n…and ${parts.join(" and ")} more, for which there is no room here.\n`;
}
