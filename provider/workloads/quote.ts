/** Names and values from manifests, as messages quote them. */
const MAX_QUOTED = 200;

const clip = (text: string): string => (text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED)}…` : text);

/** Control, format and other invisible characters: they could hide or reorder what stands around them. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

const escaped = (character: string): string => `\\u{${character.codePointAt(0)?.toString(16)}}`;

/** Without quotation marks. */
export const shown = (text: string): string =>
  JSON.stringify(clip(text)).slice(1, -1).replace(INVISIBLE, escaped);

/** Text in quotation marks; of an object or a list, only what it is. */
export function quoted(value: unknown): string {
  if (typeof value === "string") return `"${shown(value)}"`;
  if (typeof value !== "object" || value === null) return String(value);
  if (Array.isArray(value)) return value.length === 0 ? "[]" : "a list";
  return Object.keys(value).length === 0 ? "{}" : "an object";
}
