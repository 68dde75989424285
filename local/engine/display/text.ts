/** Texts and numbers the way Pulumi, a Go program, writes them. */

const ESCAPES: Record<string, string> = {
  "\u0007": "\\a",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\v": "\\v",
  "\\": "\\\\",
  '"': '\\"',
};
const PRINTABLE = /[\p{L}\p{M}\p{N}\p{P}\p{S} ]/u;
/** Nearly every text: nothing in it is escaped. */
const PLAIN = /^[ !#-[\]-~]*$/;

export function quote(text: string): string {
  if (PLAIN.test(text)) return `"${text}"`;
  return `"${Array.from(text, escapeCharacter).join("")}"`;
}

function escapeCharacter(character: string): string {
  const escaped = ESCAPES[character];
  if (escaped !== undefined) return escaped;
  if (PRINTABLE.test(character)) return character;
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x80) return `\\x${hex(code, 2)}`;
  return code < 0x10000 ? `\\u${hex(code, 4)}` : `\\U${hex(code, 8)}`;
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, "0");
}

/** URNs are escaped where they cannot be printed; quotes, backslashes and any kind of space stay. */
export function escapeUrn(urn: string): string {
  return Array.from(urn, (c) => (/[\\"\p{Zs}]/u.test(c) ? c : escapeCharacter(c))).join("");
}

export function formatNumber(value: number): string {
  if (Number.isInteger(value)) return Object.is(value, -0) ? "-0" : BigInt(value).toString();
  const [mantissa = "", exponent = "0"] = value.toExponential().split("e");
  const power = Number(exponent);
  // Go's %g leaves plain notation earlier than JavaScript does.
  if (power >= -4 && power < 6) return value.toString();
  const digits = String(Math.abs(power)).padStart(2, "0");
  return `${mantissa}e${power < 0 ? "-" : "+"}${digits}`;
}

const MAX_LINES = 3;
const MAX_LINE_BYTES = 150;
/** Of one UTF-16 unit in UTF-8. */
const MAX_BYTES = 3;

/** Long texts are cut, as the CLI does without `--show-full-output`. */
export function truncate(text: string): string {
  if (text.length * MAX_BYTES <= MAX_LINE_BYTES && !text.includes("\n")) return text;
  const lines = text.split("\n");
  const cut = lines.slice(0, MAX_LINES).map(truncateLine);
  return cut.join("\n") + (lines.length > MAX_LINES ? "\n..." : "");
}

function truncateLine(line: string): string {
  if (Buffer.byteLength(line) <= MAX_LINE_BYTES) return line;
  let kept = "";
  let bytes = 0;
  for (const character of line) {
    bytes += Buffer.byteLength(character);
    if (bytes > MAX_LINE_BYTES) break;
    kept += character;
  }
  return `${kept}...`;
}

/** By code points, as Go compares bytes. */
export function compareKeys(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const difference = rank(a.charCodeAt(at)) - rank(b.charCodeAt(at));
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** UTF-16 has what it writes as a pair, all above U+FFFF, before U+E000. */
function rank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}

/** Aligns as Go does: the width counts bytes, the padding characters. */
export function padTitle(key: string, width: number): string {
  return key + " ".repeat(Math.max(0, width - Array.from(key).length));
}
