import fc from "fast-check";

const FIRST_SURROGATE = 0xd800;
const SURROGATES = 0x800;

/**
 * A unit of `fc.string` that makes what its "binary" makes: each character, without halves of surrogate pairs. For
 * "binary", each test file would build a table of all 1.1 million characters first.
 */
export const codePoint: fc.Arbitrary<string> = fc.nat(0x10ffff - SURROGATES).map(toText, toIndex);

function toText(index: number): string {
  return String.fromCodePoint(index < FIRST_SURROGATE ? index : index + SURROGATES);
}

function toIndex(text: unknown): number {
  const code = String(text).codePointAt(0) ?? 0;
  const index = code < FIRST_SURROGATE ? code : code - SURROGATES;
  if (toText(index) !== text) throw new Error("is no single character");
  return index;
}
