/** Names and values from manifests, as messages quote them. */
import { quoted as quotedText, untrustedText } from "../runtime/untrusted-text";

const MAX_QUOTED = 200;

/** Without quotation marks. */
export const shown = (text: string): string => untrustedText(text, MAX_QUOTED);

/** Text in quotation marks; of an object or a list, only what it is. */
export function quoted(value: unknown): string {
  if (typeof value === "string") return quotedText(value, MAX_QUOTED);
  if (typeof value !== "object" || value === null) return String(value);
  if (Array.isArray(value)) return value.length === 0 ? "[]" : "a list";
  return Object.keys(value).length === 0 ? "{}" : "an object";
}
