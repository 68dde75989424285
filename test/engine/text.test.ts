import fc from "fast-check";
import { compareKeys, quote, truncate } from "../../local/engine/display/text";

const units = fc.constantFrom("a", "b", "é", "\ud7ff", "\ue000", "\uffff", "😀", "中");
const texts = fc.array(units).map((all) => all.join(""));

test("keys are sorted as Go sorts them: by their bytes", () => {
  fc.assert(
    fc.property(texts, texts, (a, b) => {
      expect(Math.sign(compareKeys(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
    }),
  );
});

test("a text is quoted as Go quotes it", () => {
  expect(["a-z~ !#[]", 'say "hi"', "a\\b", "tab\t", "\u00a0", "\ud83d\ude00", "\x7f", ""].map(quote)).toEqual(
    [...['"a-z~ !#[]"', '"say \\"hi\\""', '"a\\\\b"', '"tab\\t"', '"\\u00a0"', '"😀"', '"\\x7f"', '""']],
  );
});

test("a long text is cut by bytes and by lines, a short one stays", () => {
  expect(truncate("é".repeat(75))).toBe("é".repeat(75));
  expect(truncate("é".repeat(76))).toBe(`${"é".repeat(75)}...`);
  expect(truncate("a\nb\nc\nd")).toBe("a\nb\nc\n...");
  expect(truncate("a".repeat(50))).toBe("a".repeat(50));
});
