/** Previews that somebody wrote to hide something, to exhaust the command, or to push the table out of the comment. */
import { summarize } from "../../cli/summary";
import { MAX_COMMENT } from "../../cli/summary/options";
import { clip } from "../../cli/summary/words";
import { cpuOf } from "../support/cpu";
import { fleet, preview, step, summary, urnOf, web } from "./support";

const SIGIL = {
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  plaintext: "hunter2",
};
const created = (more: object) => preview(step("create", { new: { ...web, ...more } }));

/** Of the HTML that a comment becomes: what stands between two elements, after the entities have been read. */
const textsOf = (line: string): string[] =>
  line
    .replace(/`[^`\n]*`/g, "<code></code>")
    .split(/<[^>]*>/)
    .map((text) => text.replace(/&#(\d+);/g, (_, number) => String.fromCodePoint(Number(number))));

test.each(["a`b@c.de", "a|b@c.de", "a\\b@c.de", "a\u202eb@c.de", "mailto:a|b@c.de"])(
  "an e-mail address is no link, whatever stands beside it: %j",
  async (name) => {
    const text = await summary(created({ name }));
    const row = text.split("\n").find((line) => line.includes("shop-web-web")) ?? "";
    expect(textsOf(row).filter((part) => /\S@|@\S/.test(part))).toEqual([]);
    expect(textsOf(row).join("")).toContain("b@c.de");
  },
);

test.each([
  ...["\u200b", "\u00ad", "\u034f", "\u115f", "\u3164", "\uffa0", "\u2800", "\u180b", "\ufe0f", "\u{e0100}"],
  ...["\u00a0", "\u2003", "\u3000", "\u202e", "\u2066", "\ud800", "\udc00", "\u2028", "\u009b", "\u{e0041}"],
])("a character that is not seen is written as its number: %j", async (character) => {
  const code = character.codePointAt(0) ?? 0;
  const number = code > 0xffff ? `{${code.toString(16)}}` : code.toString(16).padStart(4, "0");
  for (const format of ["markdown", "text"]) {
    const text = await summary(created({ name: `ab${character}cd` }), "--format", format);
    expect(text).not.toContain(character);
    expect(text.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)))).toContain(
      `ab\\u${number}cd`,
    );
  }
});

test("a project or a stack with an unpaired surrogate is summarized", async () => {
  const urn = urnOf("DeploymentRecord", "web").replace("shop", "sh\ud800p");
  expect(await summary({ steps: [{ op: "same", urn }] }, "--format", "text")).toContain("sh\\ud800p/dev");
  expect(await summary({ steps: [{ op: "same", urn }] })).toContain("sh%EF%BF%BDp");
});

test("a long name is not cut in the middle of a character", async () => {
  expect(clip("🚀".repeat(4), 4)).toBe("🚀…");
  const text = await summary(created({ name: `${"x".repeat(254)}🚀🚀` }), "--format", "text");
  expect(text).toContain(`${"x".repeat(254)}…`);
  expect(text).not.toContain("\\u");
});

test("columns stand below each other, whatever their names are written in", async () => {
  const wide = preview(
    ...["日本語", "abc", "🚀x"].map((deploymentName) =>
      step("create", { name: deploymentName, new: { ...web, deploymentName } }),
    ),
  );
  const lines = (await summary(wide, "--format", "text"))
    .split("\n")
    .filter((line) => line.includes("ghcr.io"));
  const columns = lines.map((line) =>
    [...line.slice(0, line.indexOf("ghcr.io"))].reduce(
      (sum, one) => sum + (/[\u3000-\u9fff🚀]/u.test(one) ? 2 : 1),
      0,
    ),
  );
  expect([...new Set(columns)]).toHaveLength(1);
});

const nested = (levels: number): string => `${'{"a":['.repeat(levels / 2)}1${"]}".repeat(levels / 2)}`;

test.each(["tags", "name", "runtimeRisks", "deployments"])(
  "20,000 levels of nesting in %s are no stack trace",
  async (field) => {
    const update = (op: string) =>
      step(op, {
        type: "ClusterDeploymentSet",
        old: { ...fleet, [field]: 1 },
        new: { ...fleet, [field]: 1 },
      });
    const single = step("update", { old: { ...web, [field]: 1 }, new: { ...web, [field]: 1 } });
    const text = JSON.stringify(preview(single, update("update"), update("replace")));
    const hostile = text.replaceAll(`"${field}":1`, `"${field}":${nested(20_000)}`);
    expect(hostile.length).toBeGreaterThan(300_000);
    for (const format of ["markdown", "text", "json"])
      expect(await summary(hostile, "--format", format)).toContain("shop-web-web");
  },
);

test("of 100,000 risks the first ones are shown, and how many there are, for a few times what parsing them costs", () => {
  const many = (word: string) => Array.from({ length: 100_000 }, (_, index) => `${word}-${index}`);
  const update = step("update", {
    old: { ...web, runtimeRisks: many("old") },
    new: { ...web, runtimeRisks: many("new") },
  });
  const bytes = Buffer.from(JSON.stringify(preview(update)));
  let shown = "";
  const cpu = cpuOf(
    () => (shown = summarize(bytes, "it", { format: "markdown", maxLength: MAX_COMMENT })),
    1,
  );
  expect(shown).toContain("+ `new-7`, and 199992 more |\n");
  expect(cpu / cpuOf(() => JSON.parse(bytes.toString()), 1)).toBeLessThan(12);
});

test("a secret is not shown, however deep it stands in a list or a map", async () => {
  const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
  const fields = {
    name: [[SIGIL], { a: SIGIL }, unknown],
    version: { v: [SIGIL] },
    runtimeRisks: [[SIGIL], SIGIL],
  };
  for (const format of ["markdown", "text", "json"]) {
    const text = await summary(created(fields), "--format", format);
    expect(text).not.toContain("hunter2");
    expect(text).toContain("secret");
  }
  expect(await summary(created(fields), "--format", "text")).toContain(
    '[["[secret]"],{"a":"[secret]"},"[known after apply]"]',
  );
});

test("the table comes first, and long messages leave it its room", async () => {
  const deployments = Object.fromEntries(
    Array.from({ length: 2_000 }, (_, index) => [`shop-${index}`, { name: "web", digest: "d" }]),
  );
  const set = step("create", { type: "ClusterDeploymentSet", new: { ...fleet, deployments } });
  const diagnostics = Array.from({ length: 40 }, (_, index) => ({
    severity: index % 2 ? "warning" : "error",
    message: `${index} ${"@".repeat(5_000)}`,
  }));
  for (const length of [1_000, 5_000, MAX_COMMENT]) {
    const text = await summary({ ...preview(set), diagnostics }, "--max-length", String(length));
    expect(text.length).toBeLessThanOrEqual(length);
    expect(text.match(/^\| `shop-/gm)?.length ?? 0).toBeGreaterThan(length > 1_000 ? (length * 0.6) / 80 : 0);
    expect(text).toMatch(/and \d+ changes \(\d+ deployed\) more/);
    expect(text).toMatch(/and \d+ messages more/);
  }
});
