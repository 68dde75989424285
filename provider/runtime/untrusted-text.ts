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

/** Replaces a character that is not kept. Inputs must not contain it, so a text with it is never written back. */
export const LOST = "\ufffd";

/**
 * Text of an answer, as the state keeps it. `LOST` replaces control and invisible characters and the rest of a long text:
 * an escape sequence would look like a value that could be written.
 */
export function keptText(text: string, max = MAX_QUOTED): string {
  const head = text.length > max ? text.slice(0, max - 1) + LOST : text;
  return PLAIN.test(head) ? head : head.replace(EACH_UNSAFE, LOST);
}

const UNSAFE_IN_JSON = new RegExp(`(?!\\n)${UNSAFE.source}`, "gu");

/** Escapes invisible and control characters in JSON text. The JSON has the same meaning. */
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

/** Of several problems, each on a line of its own; what one of them quotes has no line breaks. */
export const safeLines = (message: string): string => message.split("\n").map(safeMessage).join("\n");
