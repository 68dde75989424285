import { z } from "zod";
import { LOST } from "../runtime/untrusted-text";

/** Characters, not UTF-16 units: an astral character is one. */
function characters(text: string): number {
  let count = text.length;
  for (let i = 0; i < text.length - 1; i++) {
    if ((text.charCodeAt(i) & 0xfc00) === 0xd800 && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00) count--;
  }
  return count;
}

export const requiredOr =
  (kind: string, absent = "is required") =>
  (issue: { input?: unknown }) =>
    issue.input === undefined ? absent : `must be ${kind}`;

/** What is wrong with it. The message does not repeat the value, which may be a secret. */
export function problemOf(text: string, min: number, max: number): string | undefined {
  const allowed = `${min} to ${max}`;
  if (text.length < min) {
    return `must have ${max === Infinity ? "at least one character" : `${allowed} characters`}`;
  }
  if (text.length > max && characters(text) > max)
    return `has ${characters(text)} characters; ${allowed} are allowed`;
  if (!text.isWellFormed()) return "contains an unpaired surrogate";
  if (/\p{Cc}/u.test(text)) return "contains a control character";
  if (text.includes(LOST)) return "contains U+FFFD, which replaces a character that was lost";
  return undefined;
}

/** A string of `min` to `max` characters that UTF-8 can carry and a terminal can show. */
export function boundedString(
  min: number,
  max: number,
  allowed?: { pattern: RegExp; means: string },
  absent?: string,
) {
  return z.string({ error: requiredOr("a string", absent) }).check((context) => {
    const problem = problemOf(context.value, min, max);
    const message = problem ?? (allowed && !allowed.pattern.test(context.value) ? allowed.means : undefined);
    if (message !== undefined) context.issues.push({ code: "custom", message, input: context.value });
  });
}
