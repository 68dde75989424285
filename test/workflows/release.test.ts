/** What a release is refused for, before anything is tested or published. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readWorkflow, repository, stepNamed } from "./workflow";

const { run = "" } = stepNamed(
  readWorkflow(".github/workflows/release.yml").jobs.test,
  "The tag, the version and the changelog agree",
);

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "release-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function check(tag: string, manifest: object, changelog: string) {
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
  writeFileSync(join(folder, "CHANGELOG.md"), changelog);
  const args = ["--noprofile", "--norc", "-eo", "pipefail", "-c", run];
  const env = { PATH: process.env.PATH, GITHUB_REF_NAME: tag };
  const { status, stdout } = spawnSync("bash", args, { cwd: folder, env, encoding: "utf8" });
  return { status, stdout: stdout.trim() };
}

const manifest = { version: "1.2.3", repository: { url: "https://git.example.com/acme/records" } };
const changelog = "# Changelog\n\n## [1.2.3] - 2026-11-21\n";

test("nothing runs when the package is installed", () => {
  const { scripts } = JSON.parse(readFileSync(join(repository, "package.json"), "utf8")) as {
    scripts: object;
  };
  const hooks = ["preinstall", "install", "postinstall", "preprepare", "prepare", "postprepare"];
  expect(Object.keys(scripts).filter((name) => hooks.includes(name))).toEqual([]);
});

test("each paragraph of SECURITY.md about what is protected names tests that exist", () => {
  const text = readFileSync(join(repository, "SECURITY.md"), "utf8");
  const [, section = ""] = text.split("## What is protected, and how");
  const paragraphs = section.slice(0, section.indexOf("\n## ")).trim().split("\n\n");
  expect(paragraphs.length).toBeGreaterThan(9);
  for (const paragraph of paragraphs) {
    const tests = [...paragraph.matchAll(/\]\((test\/[\w./-]+\.test\.ts)\)/g)].map(([, file = ""]) => file);
    expect([
      paragraph,
      tests.length > 0,
      tests.filter((file) => !existsSync(join(repository, file))),
    ]).toEqual([...[paragraph, true, []]]);
  }
});

test("what agrees is released", () => {
  expect(check("v1.2.3", manifest, changelog)).toEqual({ status: 0, stdout: "" });
});

test.each<[string, string, object, string, string]>([
  ["another tag", "v1.2.4", manifest, changelog, "The tag is v1.2.4, package.json has version 1.2.3."],
  [
    "no date",
    "v1.2.3",
    manifest,
    "## [1.2.3] - unreleased\n",
    "CHANGELOG.md has no section for 1.2.3 with a date.",
  ],
  [
    "no section",
    "v1.2.3",
    manifest,
    "## [1.2.30] - 2026-11-21\n",
    "CHANGELOG.md has no section for 1.2.3 with a date.",
  ],
  [
    "no repository",
    "v1.2.3",
    { version: "1.2.3" },
    changelog,
    "package.json names no repository, without which npm takes no provenance.",
  ],
])("%s is an error", (_, tag, content, text, message) => {
  expect(check(tag, content, text)).toEqual({ status: 1, stdout: `::error::${message}` });
});

test("the changelog has a section for the version that is being made, newest first", () => {
  const { version } = JSON.parse(readFileSync(join(repository, "package.json"), "utf8")) as {
    version: string;
  };
  const headings = readFileSync(join(repository, "CHANGELOG.md"), "utf8").match(/^## .*$/gm) ?? [];
  expect(headings[0]).toMatch(/^## \[\d+\.\d+\.\d+\] - (unreleased|\d{4}-\d{2}-\d{2})$/);
  expect(headings[0]).toContain(`[${version}]`);
});

test("commands that are named for contributors exist", () => {
  const { scripts } = JSON.parse(readFileSync(join(repository, "package.json"), "utf8")) as {
    scripts: object;
  };
  const text = readFileSync(join(repository, "CONTRIBUTING.md"), "utf8");
  const named = [...text.matchAll(/npm run ([\w:]+)/g)].map(([, name = ""]) => name);
  expect(named.length).toBeGreaterThan(8);
  expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
});
