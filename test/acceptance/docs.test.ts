/** The first program of each page does what the page says: it writes its records, and then nothing more. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import ts from "typescript";
import { onLong } from "./support/long";
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

function firstProgram(page: string): string {
  const text = readFileSync(join(repository, page), "utf8");
  const program = /^```ts\n(.*?)^```$/ms.exec(text)?.[1];
  if (program === undefined) throw new Error(`${page} holds no program`);
  return program;
}

/** A project as a user has it; its modules are this repository's. */
function writeProject(page: string): void {
  const dir = projectOf(page);
  mkdirSync(dir);
  writeFileSync(join(dir, "package.json"), JSON.stringify({ name: "shop", private: true }));
  writeFileSync(
    join(dir, "Pulumi.yaml"),
    "name: shop\nruntime: { name: nodejs, options: { typescript: false } }\nmain: index.js\n",
  );
  // The tests of all code blocks hold its types.
  const options = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 };
  writeFileSync(join(dir, "index.js"), ts.transpile(firstProgram(page), options));
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
