/** Whatever a preview holds: the comment fits, accounts for each change, and nothing in it gets out of its cell. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import * as fc from "fast-check";
import { MAX_COMMENT, MIN_LENGTH } from "../../cli/summary/options";
import { code, visible } from "../../cli/summary/escape";
import { codePoint } from "../support/code-point";
import { hostileText, isHarmless, isVisible } from "../support/hostile";
import { changesIn, digest, fleet, preview, step, summary, web } from "./support";

const LONG = Boolean(process.env.LONG);
const runs = (few: number) => ({ numRuns: LONG ? few * 40 : few });

/** Names that mean something in Markdown, HTML or GitHub's comments among those that do not. */
const nasty = fc.constantFrom(
  ...[
    "a|b",
    "\\|",
    "`",
    "``",
    "a`b`|c",
    "@octocat",
    "#1",
    "acme/web#1",
    "<img src=x>",
    "</code>",
    "-->",
    "\n| x |",
  ],
  ...[
    "&#124;",
    "*a*",
    "__a__",
    "~~a~~",
    "[a](http://b.example)",
    "http://a.example",
    "www.a.example",
    "\r",
    "\t",
  ],
  ...["\u202Eabc", "\u0000", "\u2028", " ", "", "e\u0301", "🚀", "constructor", "__proto__", "\ud800"],
);
const name = fc.oneof(
  nasty,
  hostileText,
  fc.string({ unit: codePoint, maxLength: 300 }),
  fc.string({ maxLength: 20 }),
);
const entry = fc.record({
  name,
  version: fc.option(name, { nil: undefined }),
  digest: fc.oneof(fc.constantFrom(digest("a"), digest("b")), name),
  runtimeRisks: fc.option(fc.array(name, { maxLength: 4 }), { nil: undefined }),
  tags: fc.option(fc.dictionary(name, name, { maxKeys: 2 }), { nil: undefined }),
});
const operation = fc.constantFrom(
  "create",
  "update",
  "replace",
  "delete",
  "same",
  "create-replacement",
  "read",
);
const single = fc
  .record({ op: operation, resource: name, where: name, deploymentName: name, old: entry, now: entry })
  .map(({ op, resource, where, deploymentName, old, now }) => {
    const place = { ...web, cluster: where, deploymentName };
    return step(op, {
      name: resource,
      ...(op === "create" || op === "read" ? {} : { old: { ...place, ...old } }),
      ...(op === "delete" ? {} : { new: { ...place, ...now } }),
    });
  });
const set = fc
  .record({
    op: operation,
    old: fc.dictionary(name, entry, { maxKeys: 20 }),
    now: fc.dictionary(name, entry, { maxKeys: 20 }),
  })
  .map(({ op, old, now }) =>
    step(op, {
      type: "ClusterDeploymentSet",
      name: "fleet",
      old: { ...fleet, deployments: old },
      new: { ...fleet, deployments: now },
    }),
  );
const diagnostics = fc.array(
  fc.record({ message: name, severity: fc.constantFrom("error", "warning", "info") }),
  { maxLength: 30 },
);
const previews = fc
  .record({
    singles: fc.array(single, { maxLength: 20 }),
    sets: fc.array(set, { maxLength: 2 }),
    diagnostics,
  })
  // A preview without steps, or with refreshes alone, has tests of its own.
  .map(({ singles, sets, diagnostics }) => ({ ...preview(...singles, ...sets), diagnostics }));

/** A table's row as GitHub splits it: at each pipe that has no backslash before it. */
const cellsOf = (line: string) => line.split(/(?<!\\)\|/).length - 2;
const isRow = (line: string) =>
  line.startsWith("| ") && !line.startsWith("| ---") && !/^\| (Deployment|Artifact) \|/.test(line);
const rowsOf = (text: string) => text.split("\n").filter(isRow);

/** What stands outside of code. */
const outside = (text: string) => text.replace(/<code>(?:[^<]|<span><\/span>)*<\/code>|`[^`\n]*`/g, "");

test("a comment is never too long, and its rows and those that it leaves out are all changes", async () => {
  const lengths = fc.constantFrom(MIN_LENGTH, 5_000, MAX_COMMENT);
  const property = fc.asyncProperty(previews, lengths, async (any, length) => {
    const text = await summary(any, "--max-length", String(length));
    expect(text.length).toBeLessThanOrEqual(length);
    const left = Number(
      /and (\d+) changes? \(|^…and (\d+) changes? \(/m.exec(text)?.slice(1).find(Boolean) ?? 0,
    );
    expect(rowsOf(text).length + left).toBe(changesIn(any).length);
  });
  await fc.assert(property, runs(25));
});

test("each row has its table's number of cells, and no name is markup, HTML, a mention or a reference", async () => {
  const property = fc.asyncProperty(previews, async (any) => {
    const text = await summary(any);
    for (const line of rowsOf(text)) expect([line, cellsOf(line)]).toEqual([line, 5]);
    const words = outside(text.slice(text.indexOf("\n")));
    expect(words).not.toMatch(/[@<>`[\]\\~_]|http|www|[^#\n]#(?!#)|\p{Cc}(?<!\n)/u);
  });
  await fc.assert(property, runs(25));
});

test.each(["markdown", "text", "json"])("nothing in a summary as %s steers or hides", async (format) => {
  const property = fc.asyncProperty(previews, async (any) => {
    for (const line of (await summary(any, "--format", format)).split("\n"))
      // What JSON holds is read by programs: a command in it stands in no line's beginning.
      expect([line, (format === "json" ? isVisible : isHarmless)(line, MAX_COMMENT)]).toEqual([line, true]);
  });
  await fc.assert(property, runs(10));
});

test("JSON is as its schema says", async () => {
  const schema = join(__dirname, "../../docs/pull-request-summary.schema.json");
  const validate = new Ajv({ allErrors: true }).compile(JSON.parse(readFileSync(schema, "utf8")) as object);
  const property = fc.asyncProperty(previews, async (any) => {
    const content = JSON.parse(await summary(any, "--format", "json")) as { changes: object[] };
    expect([validate(content), validate.errors]).toEqual([true, null]);
    expect(content.changes).toHaveLength(changesIn(any).length);
  });
  await fc.assert(property, runs(15));
});

test("no two texts look the same in code", () => {
  const shown = fc.string({ unit: codePoint, maxLength: 20 }).filter((text) => visible(text) === text);
  const decoded = (text: string) =>
    text.startsWith("<code>")
      ? text.slice(6, -7).replace(/&#(\d+);/g, (_, number) => String.fromCodePoint(Number(number)))
      : text.slice(1, -1);
  fc.assert(
    fc.property(shown, (text) => text.trim() === "" || decoded(code(text)) === text),
    runs(300),
  );
});

test("where there is no room, the comment says what is left out", async () => {
  const deployments = Object.fromEntries(
    Array.from({ length: 2_000 }, (_, index) => [
      `shop-${index}`,
      { name: "ghcr.io/acme/web", digest: digest("a") },
    ]),
  );
  const steps = [
    step("create", { type: "ClusterDeploymentSet", name: "fleet", new: { ...fleet, deployments } }),
    step("delete", { old: { ...web, deploymentName: "shop-web-web" } }),
  ];
  const text = await summary(preview(...steps));
  expect(text.length).toBeLessThanOrEqual(MAX_COMMENT);
  const rows = rowsOf(text).length;
  expect(rows).toBeGreaterThan(700);
  expect(text).toContain(
    `\n…and ${2001 - rows} changes (${2000 - rows} deployed, 1 decommissioned) more, which do not fit here.\n`,
  );
  expect(text).toContain("### Records of `shop/dev`: 2000 deployed, 1 decommissioned\n");
});
