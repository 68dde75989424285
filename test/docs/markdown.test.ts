/** Every page of the repository: links lead somewhere, and what stands in code blocks is what it says. */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join, posix } from "node:path";
import { Script } from "node:vm";
import { loadAll } from "js-yaml";
import { compileBlocks } from "./compile-blocks";
import { anchorsOf, pages, parsePage, repository, type Block, type Page } from "./markdown";

const all = pages();

/** Why a link leads nowhere. */
function broken(page: Page, target: string): string | undefined {
  if (/^(https:|mailto:)/.test(target)) return undefined;
  if (/^\w+:/.test(target)) return "it is neither https nor a file";
  const [path = "", anchor] = target.split("#");
  const file = path === "" ? page.path : posix.join(posix.dirname(page.path), decodeURIComponent(path));
  if (file.startsWith("../") || !existsSync(join(repository, file))) return `there is no ${file}`;
  if (anchor === undefined) return undefined;
  const other = all.find((one) => one.path === file);
  return other && !anchorsOf(other).includes(anchor) ? `${file} has no heading #${anchor}` : undefined;
}

test("relative links lead to files and headings", () => {
  const problems = all.flatMap((page) =>
    page.links.flatMap(({ place, target }) => {
      const problem = broken(page, target);
      return problem === undefined ? [] : [`${place}: ${target}: ${problem}`];
    }),
  );
  expect(problems).toEqual([]);
});

test("the index of each folder has what is in it", () => {
  const linkedFrom = (path: string) =>
    all.find((page) => page.path === path)?.links.map(({ target }) => target);
  const documents = all.flatMap(({ path }) => /^docs\/([\w-]+\.md)$/.exec(path)?.[1] ?? []);
  const others = documents.filter((name) => name !== "README.md");
  expect(linkedFrom("docs/README.md")).toEqual(expect.arrayContaining(others));
  const examples = readdirSync(join(repository, "examples"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== "node_modules")
    .map(({ name }) => name);
  expect(linkedFrom("examples/README.md")).toEqual(expect.arrayContaining(examples));
});

test("a page of a resource has an example first, then its inputs, outputs and life cycle", () => {
  const resources = all.filter(({ path }) => /^docs\/[\w-]+-(record|set|deployment)\.md$/.test(path));
  expect(resources).toHaveLength(4);
  for (const { path, headings, blocks } of resources) {
    const sections = ["Inputs", "Outputs", "Life cycle"];
    const order = headings.filter((heading) => sections.includes(heading));
    expect({ path, order, first: blocks[0]?.language }).toEqual({ path, order: sections, first: "ts" });
  }
});

test("a link without its file or heading is found", () => {
  const page = parsePage(
    "docs/some.md",
    "# A `b`, c\n[x](README-none.md) [y](#a-b-c) [z](#d)\n[w]: ../README.md#none\n",
  );
  expect(anchorsOf(page)).toEqual(["a-b-c"]);
  const found = page.links.map(({ target }) => [target, broken({ ...page, path: "README.md" }, target)]);
  expect(found).toEqual([
    ["README-none.md", "there is no README-none.md"],
    ["#a-b-c", "README.md has no heading #a-b-c"],
    ["#d", "README.md has no heading #d"],
    ["../README.md#none", "there is no ../README.md"],
  ]);
});

/**
 * How each language is read. Output (`text`, `console`), and diagrams, are not. Programs in Go and Python are those of
 * examples/, which test/acceptance/languages.test.ts compiles.
 */
const readers: Record<string, (text: string) => unknown> = {
  json: (text) => JSON.parse(text) as unknown,
  yaml: (text) => loadAll(text),
  js: (text) => new Script(`(async () => {${text}\n})`),
  sh: (text) => {
    const { status, stderr } = spawnSync("bash", ["-n"], { input: text, encoding: "utf8" });
    if (status !== 0) throw new Error(stderr);
  },
};
const NOT_READ = ["ts", "text", "console", "mermaid", "diff", "md", "go", "python"];

function problemOf({ language, text }: Block): string | undefined {
  const read = readers[language];
  if (!read) return NOT_READ.includes(language) ? undefined : `its language is "${language}"`;
  try {
    read(text);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

test("code blocks name their language, and are written in it", () => {
  const problems = all.flatMap(({ blocks }) =>
    blocks.flatMap((block) => {
      const problem = problemOf(block);
      return problem === undefined ? [] : [`${block.place}: ${problem}`];
    }),
  );
  expect(problems).toEqual([]);
});

test.each([
  ["json", "{,}"],
  ["yaml", "a: [\n"],
  ["js", "const = 1"],
  ["sh", "if true\n"],
  ["cobol", ""],
])("a block that is no %s is found", (language, text) => {
  expect(problemOf({ place: "", language, text })).toBeDefined();
});

test("TypeScript blocks compile", () => {
  expect(compileBlocks(all)).toEqual([]);
});

test("a TypeScript block that does not compile is found, by its line", () => {
  const page = parsePage(
    "docs/some.md",
    [
      ..."```ts|import { DeploymentRecord } from 'pulumi-artifact-metadata';|export const a = 1;|```".split(
        "|",
      ),
      ..."```ts|new DeploymentRecord('web', { name: a });|```".split("|"),
    ].join("\n"),
  );
  expect(compileBlocks([page])).toEqual([expect.stringMatching(/^docs\/some\.md:6: /)]);
});
