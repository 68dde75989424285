/** The tests on docs/testing.md, run as they stand there. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ts from "typescript";
import { pages, repository } from "./markdown";

const folder = mkdtempSync(join(tmpdir(), "testing-"));
afterAll(() => rmSync(folder, { recursive: true }));

beforeAll(() => {
  const page = pages().find(({ path }) => path === "docs/testing.md");
  const compilerOptions = {
    module: ts.ModuleKind.CommonJS,
    target: ts.ScriptTarget.ES2022,
    esModuleInterop: true,
  };
  for (const { language, text } of page?.blocks ?? []) {
    const [, name] = /^\/\/ ([\w.-]+)\.ts\n/.exec(text) ?? [];
    if (language !== "ts" || name === undefined) continue;
    writeFileSync(join(folder, `${name}.js`), ts.transpileModule(text, { compilerOptions }).outputText);
  }
  writeFileSync(join(folder, "index.js"), 'require("./shop.js").recordShop("1.4.2");\n');
  writeFileSync(join(folder, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
  symlinkSync(join(repository, "node_modules"), join(folder, "node_modules"));
});

function passed(...files: string[]): string[] {
  const args = ["--test", "--test-reporter=tap", ...files.map((name) => `${name}.test.js`)];
  // Inside a test runner, Node's own would report to the one above it.
  const env = { ...process.env, NODE_TEST_CONTEXT: undefined, NODE_OPTIONS: undefined };
  const { stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: folder,
    env,
    encoding: "utf8",
    timeout: 150_000,
  });
  const results = [...stdout.matchAll(/^(ok|not ok) \d+ - (.*)$/gm)].map(([, ok, name]) => `${ok} ${name}`);
  if (results.length === 0 || results.some((result) => result.startsWith("not")))
    throw new Error(stdout + stderr);
  return results.toSorted();
}

test("the unit test, and the test of inputs", () => {
  expect(passed("unit", "inputs")).toEqual([
    "ok a digest in upper case is refused at preview",
    "ok the record has the version that runs",
    "ok the record is written, also when GitHub fails once",
  ]);
});

// The Automation API drives the Pulumi CLI alone.
const onPulumi = process.env.PULUMI_ENGINE === "pulumi" ? test : test.skip;

onPulumi(
  "the integration test",
  () => {
    expect(passed("integration")).toEqual(["ok up writes the record, destroy decommissions it"]);
  },
  180_000,
);
