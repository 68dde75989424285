/** The one function through which text from outside goes before anybody sees it. */
import fc from "fast-check";
import { MAX_QUOTED, quoted, safeMessage, untrustedText } from "../../provider/runtime/untrusted-text";
import { growthOf } from "../support/cpu";
import { hostileText, isHarmless } from "../support/hostile";

test.each([
  ["a\nb\r\tc", "a\\nb\\r\\tc"],
  ["\u001b[31mred", "\\u001b[31mred"],
  ["\0\u007f\u0085\u009b", "\\u0000\\u007f\\u0085\\u009b"],
  ["a\u202eb\u2066c\u200fd", "a\\u202eb\\u2066c\\u200fd"],
  ["a\u200bb\u00adc\ufeffd\u3164e", "a\\u200bb\\u00adc\\ufeffd\\u3164e"],
  ["a\u{e0041}b", "a\\u{e0041}b"],
  ["a\u2028b\u2029", "a\\u2028b\\u2029"],
  ["a\u00a0b\u2003c\u3000d\u2800", "a\\u00a0b\\u2003c\\u3000d\\u2800"],
  ["a\ud800b\udc00", "a\\ud800b\\udc00"],
  ["::error::x", "\\u003a:error\\u003a:x"],
  [":::Error::x", ":\\u003a:Error\\u003a:x"],
  ["##[error]x", "\\u0023#[error]x"],
  ["std::1 ::1 a:b", "std::1 ::1 a:b"],
  ["Größe 漢字 😀 \"'`<b>", "Größe 漢字 😀 \"'`<b>"],
])("%j is shown as %s", (text, shown) => {
  expect(untrustedText(text)).toBe(shown);
});

test("a text is clipped after it was escaped, and the clip shows", () => {
  expect(untrustedText("a".repeat(300))).toBe("a".repeat(300));
  expect(untrustedText("a".repeat(301))).toBe(`${"a".repeat(299)}…`);
  expect(untrustedText("\u001b".repeat(300))).toBe(`${"\\u001b".repeat(49)}…`);
  expect(untrustedText("😀".repeat(300), 6)).toBe("😀😀…");
  expect(quoted('a"b')).toBe('"a\\"b"');
});

test("of whatever text, nothing is left that steers, hides or is too long; and once is enough", () => {
  fc.assert(
    fc.property(hostileText, fc.integer({ min: 1, max: 400 }), (text, max) => {
      const shown = untrustedText(text, max);
      expect([shown, isHarmless(shown, max)]).toEqual([shown, true]);
      expect(untrustedText(shown, max)).toBe(shown);
      expect(isHarmless(safeMessage(text), 10_000)).toBe(true);
    }),
  );
});

test("of megabytes no more is looked at than of what can be shown", () => {
  const showing = (size: number) => {
    const text = "::error::\u202e".repeat(size);
    return () => untrustedText(text, MAX_QUOTED);
  };
  expect(growthOf(showing, 250_000)).toBeLessThan(2);
});
