/**
 * Texts of a preview in a comment. A name may hold anything, and a fork's pull request may choose it: it must not end
 * a table's cell, bring in markup or HTML, mention a user or refer to an issue. GitHub does none of that in code.
 */
import { untrustedText } from "../../provider/runtime/untrusted-text";

/** Values are clipped where they are quoted: this is no more than a bound. */
const LONGEST_SHOWN = 100_000;

/** With what could not be seen or would be obeyed as an escape sequence: `\u202e`. */
export const visible = (text: string): string => untrustedText(text, LONGEST_SHOWN);

/** Backticks where the text allows it; else HTML, with an entity for each character that means something. */
export function code(text: string): string {
  const shown = visible(text);
  if (shown.trim() === "") return shown === "" ? "" : "<code>&#32;</code>";
  return /[`|\\]/.test(shown) ? `<code>${withoutEmail(entities(shown))}</code>` : `\`${shown}\``;
}

/** GitHub looks for e-mail addresses in the text between two elements, after it has read the entities. */
const withoutEmail = (html: string): string => html.replaceAll("&#64;", "<span></span>&#64;<span></span>");

/** For words that stand outside of code. */
export const entities = (text: string): string =>
  visible(text).replace(/[^\p{L}\p{N}\p{M} ]/gu, (character) => `&#${character.codePointAt(0)};`);
