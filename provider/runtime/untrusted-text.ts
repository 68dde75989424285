/**
 * Text from outside: what servers answer, what `gh` prints, names in manifests and previews. It must not be able to
 * steer a terminal, a log or GitHub Actions, to hide or reorder what stands around it, or to push it out of sight.
 */

/** The longest text that a message quotes, in characters of its own. */
export const MAX_QUOTED = 300;

/**
 * Control, format and other invisible characters, line separators, unpaired surrogates, private use, and blanks that are
 * no space.
 */
const UNSAFE = /(?! )[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]/u;
const EACH_UNSAFE = new RegExp(UNSAFE, "gu");

/** What most texts are: nothing in them is escaped. */
const PLAIN = /^(?:[\x20-\x22\x24-\x39\x3b-\x7e]|:(?!:[a-z])|#(?!#\[))*$/i;
const LONGEST_PLAIN = 1_000;

/** What GitHub Actions reads as a command: `::error::`, `##[error]`. */
const COMMAND = /:(?=:[a-z])|#(?=#\[)/giu;

const NAMED: Record<string, string> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

function escapeCharacter(character: string): string {
  if (!UNSAFE.test(character)) return character;
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  return NAMED[character] ?? (code > 0xffff ? `\\u{${hex}}` : `\\u${hex.padStart(4, "0")}`);
}

/**
 * The text on one line, with what could not be seen or would be obeyed written as an escape sequence, and at most
 * `max` characters long. Doing it twice changes nothing more.
 */
export function untrustedText(text: string, max = MAX_QUOTED): string {
  if (text.length <= Math.min(max, LONGEST_PLAIN) && PLAIN.test(text)) return text;
  // A text may be megabytes long: no more of it is looked at than can be shown.
  const head = text.slice(0, max + 1).replace(COMMAND, (sign) => (sign === ":" ? "\\u003a" : "\\u0023"));
  let shown = "";
  let fitting = "";
  for (const character of head) {
    shown += escapeCharacter(character);
    if (shown.length < max) fitting = shown;
    if (shown.length > max) return `${fitting}…`;
  }
  return shown;
}

/** The same in quotation marks. */
export const quoted = (text: string, max = MAX_QUOTED): string =>
  `"${untrustedText(text, max).replaceAll('"', '\\"')}"`;

/** Stands for a character that is not kept. No input may hold it, so no write sends what it stands in. */
export const LOST = "\ufffd";

/**
 * For what a state keeps of an answer. An escape sequence would be another value there, one that could be written: what
 * could steer or hide has a mark in its place, and so has the rest of a long text.
 */
export function keptText(text: string, max = MAX_QUOTED): string {
  const head = text.length > max ? text.slice(0, max - 1) + LOST : text;
  return PLAIN.test(head) ? head : head.replace(EACH_UNSAFE, LOST);
}

const UNSAFE_IN_JSON = new RegExp(`(?!\\n)${UNSAFE.source}`, "gu");

/** JSON that means the same, in which an escape sequence stands for what could not be seen or would be obeyed. */
export const safeJson = (json: string): string =>
  json.replace(UNSAFE_IN_JSON, (character) =>
    character
      .split("")
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
      .join(""),
  );

/** A whole message: what it quotes was clipped before, and lists of names are long. */
const MAX_MESSAGE = 10_000;

/** Everything that is printed goes through this: no path round it is left to an oversight. */
export const safeMessage = (message: string): string => untrustedText(message, MAX_MESSAGE);
