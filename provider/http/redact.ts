/** Shorter ones are words that also stand elsewhere; no API's tokens are that short. */
const LEAST_LENGTH = 8;

/** Replaces the credential of a request wherever a server repeats it. */
export type Redact = (text: string) => string;

/** `authorization`: the header, `Bearer ghp_…`. */
export function redactorOf(authorization: string | undefined): Redact {
  const secret = authorization?.replace(/^\S+ /, "") ?? "";
  return secret.length < LEAST_LENGTH ? (text) => text : (text) => text.replaceAll(secret, "***");
}

/** A credential in JSON may be spelled with escape sequences: they are resolved where they stand for plain characters. */
export function withoutPlainEscapes(json: string): string {
  if (!json.includes("\\")) return json;
  return json.replace(/\\(?:u00([2-7][0-9a-f])|[^])/gi, (escape, hex?: string) => {
    const character = hex === undefined ? escape.slice(1) : String.fromCharCode(parseInt(hex, 16));
    if (hex === undefined) return character === "/" ? "/" : escape;
    return character === '"' || character === "\\" || character === "\x7f" ? escape : character;
  });
}
