/** Texts that a server, `gh`, a manifest or a preview may hold, and what must hold of what is shown of them. */
import fc from "fast-check";
import { codePoint } from "./code-point";

const PIECES = [
  ...[
    "\n",
    "\r\n",
    "\t",
    "\0",
    "\u001b[2J",
    "\u001b]8;;https://example.com\u0007",
    "\u007f",
    "\u009b31m",
    "\u0085",
  ],
  ...[
    "\u202e",
    "\u2066",
    "\u2069",
    "\u200f",
    "\u061c",
    "\u200b",
    "\u00ad",
    "\ufeff",
    "\u3164",
    "\u115f",
    "\u{e0041}",
  ],
  ...["\u2028", "\u2029", "\ud800", "\udfff", "\ue000", "\uffff"],
  ...["::error::", "::add-mask::x", "\n::set-output name=a::b", "##[error]", "::stop-commands::t"],
  ...["`", "|", "\\", "<script>", "@acme/team", "%0A", "${x}", "a".repeat(500), "😀", "é", "plain"],
];

/** Each class, and combinations of them. */
export const hostileText: fc.Arbitrary<string> = fc
  .array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: codePoint, maxLength: 5 })), {
    maxLength: 12,
  })
  .map((pieces) => pieces.join(""));

/** One of each class in one text. */
export const EVERYTHING_HOSTILE = PIECES.join("");

/** Written anew, not taken from the product. */
const STEERS =
  // eslint-disable-next-line no-control-regex
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u115f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\ufff9-\ufffc\ufffe\uffff]/;
const INVISIBLE = /[\u{e0000}-\u{e0fff}]|\p{Cs}/u;
const COMMAND = /::[a-z]|##\[/i;

export const isHarmless = (shown: string, max: number): boolean =>
  shown.length <= max && !STEERS.test(shown) && !INVISIBLE.test(shown) && !COMMAND.test(shown);

/** Of what a state keeps, which no log takes for a command. */
export const isVisible = (kept: string, max: number): boolean =>
  kept.length <= max && !STEERS.test(kept) && !INVISIBLE.test(kept);

/** The texts of a value, keys included. */
export function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => [key, ...textsIn(part)]);
}
