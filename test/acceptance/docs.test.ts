/** The first program of each page does what the page says: it compiles, it writes its records, and then nothing more. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
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

const toRemove: string[] = [];
afterAll(() => {
  for (const dir of toRemove) rmSync(dir, { recursive: true, force: true });
});

function firstProgram(page: string): string {
  const text = readFileSync(join(repository, page), "utf8");
  const program = /^```ts\n(.*?)^```$/ms.exec(text)?.[1];
  if (program === undefined) throw new Error(`${page} holds no program`);
  return program;
}

/** A project as a user has it; its modules are this repository's. */
function projectOf(page: string): string {
  const dir = mkdtempSync(join(tmpdir(), "acceptance-docs-"));
  toRemove.push(dir);
  symlinkSync(join(repository, "node_modules"), join(dir, "node_modules"));
  writeFileSync(join(dir, "package.json"), JSON.stringify({ name: "shop", private: true }));
  writeFileSync(
    join(dir, "Pulumi.yaml"),
    "name: shop\nruntime: { name: nodejs, options: { typescript: false } }\nmain: index.js\n",
  );
  writeFileSync(join(dir, "index.ts"), firstProgram(page));
  const compilerOptions = {
    module: "node16",
    target: "es2022",
    strict: true,
    skipLibCheck: true,
    types: ["node"],
  };
  writeFileSync(join(dir, "tsconfig.json"), JSON.stringify({ compilerOptions }));
  return dir;
}

function compile(dir: string): void {
  const { status, stdout } = spawnSync(
    "node",
    [join(repository, "node_modules/typescript/bin/tsc"), "-p", dir],
    {
      encoding: "utf8",
    },
  );
  if (status !== 0) throw new Error(stdout);
}

test.each(pages)("%s: its first program", async (page, { deployments, stored }) => {
  const program = projectOf(page);
  compile(program);
  const { up, preview, github } = await newScene({ program });
  expect((await preview()).writes).toBe(0);
  expect((await up()).writes).toBe(Math.min(1, deployments + stored));
  expect(github.deploymentRecords().map(({ status }) => status)).toEqual(Array(deployments).fill("deployed"));
  expect(github.storageRecords().map(({ status }) => status)).toEqual(Array(stored).fill("active"));
  expect(await up()).toMatchObject({ plan: [], writes: 0 });
});
