/**
 * The first program of each page does what the page says: it writes its records, and then nothing more. The policy pack of
 * docs/dynamic-provider.md reports what it is about.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import ts from "typescript";
import { record } from "./support/declarations";
import { onLong } from "./support/long";
import { violationsIn } from "./support/policies";
import { newScene } from "./support/scene";

const repository = resolve(__dirname, "../..");

/** With the records that the program is to leave. */
const pages: [string, { deployments: number; stored: number }][] = [
  ["README.md", { deployments: 1, stored: 0 }],
  ["docs/deployment-record.md", { deployments: 1, stored: 0 }],
  ["docs/cluster-deployment-set.md", { deployments: 2, stored: 0 }],
  ["docs/storage-record.md", { deployments: 0, stored: 1 }],
  ["docs/get-records.md", { deployments: 0, stored: 0 }],
];

const folder = mkdtempSync(join(tmpdir(), "acceptance-docs-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const projectOf = (page: string) => join(folder, page.replaceAll(/\W/g, "-"));

function firstProgram(page: string, holding = ""): string {
  const text = readFileSync(join(repository, page), "utf8");
  const programs = [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, program = ""]) => program);
  const program = programs.find((one) => one.includes(holding));
  if (program === undefined) throw new Error(`${page} holds no program`);
  return program;
}

// The tests of all code blocks hold their types.
const compiled = (program: string) =>
  ts.transpile(program, { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 });

/** A project as a user has it; its modules are this repository's. */
function writeProject(page: string): void {
  const dir = projectOf(page);
  mkdirSync(dir);
  writeFileSync(join(dir, "package.json"), JSON.stringify({ name: "shop", private: true }));
  writeFileSync(
    join(dir, "Pulumi.yaml"),
    "name: shop\nruntime: { name: nodejs, options: { typescript: false } }\nmain: index.js\n",
  );
  writeFileSync(join(dir, "index.js"), compiled(firstProgram(page)));
}

beforeAll(() => {
  for (const [page] of pages) writeProject(page);
  symlinkSync(join(repository, "node_modules"), join(folder, "node_modules"));
});

type Page = (typeof pages)[number];

async function leavesItsRecords(page: Page[0], { deployments, stored }: Page[1]): Promise<void> {
  const { up, preview, github } = await newScene({ program: projectOf(page) });
  expect((await up()).writes).toBe(Math.min(1, deployments + stored));
  expect(github.deploymentRecords().map(({ status }) => status)).toEqual(Array(deployments).fill("deployed"));
  expect(github.storageRecords().map(({ status }) => status)).toEqual(Array(stored).fill("active"));
  expect(await preview()).toMatchObject({ plan: [], writes: 0 });
}

test.each(pages.slice(0, 1))("%s: its first program", leavesItsRecords);
// The types of all are checked each time.
onLong.each(pages.slice(1))("%s: its first program", leavesItsRecords);

test("docs/dynamic-provider.md: its policy pack finds the deployment record without a cluster, and no other resource", async () => {
  const pack = join(folder, "policies");
  mkdirSync(pack);
  writeFileSync(join(pack, "PulumiPolicy.yaml"), "runtime: nodejs\n");
  writeFileSync(join(pack, "package.json"), JSON.stringify({ name: "policies", version: "1.0.0" }));
  writeFileSync(
    join(pack, "index.js"),
    compiled(firstProgram("docs/dynamic-provider.md", "validateResourceOfType")),
  );

  const declared = [
    record("named"),
    record("unnamed", { cluster: undefined }),
    record("staging", { cluster: undefined, logicalEnvironment: "staging" }),
  ];
  expect(await violationsIn(await newScene(), declared, pack)).toEqual([
    "production-names-its-cluster unnamed",
  ]);
});
