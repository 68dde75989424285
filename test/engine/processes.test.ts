import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { localStack } from "../../local/local-stack";
import { compiledEngine } from "../support/compiled-engine";
import { quickStart } from "../support/quick-start";

const PROGRAM = `
const pulumi = require("@pulumi/pulumi");
class Thing extends pulumi.CustomResource {
  constructor(name) {
    super(process.env.TYPE || "pulumi-nodejs:dynamic/test:Thing", name, {
      __provider: "exports.handler = () => require('./provider');",
      program: process.pid,
    });
  }
}
new Thing("thing");
if (process.env.HANG) setInterval(() => {}, 1000);
`;

const PROVIDER = `
const { writeFileSync } = require("node:fs");
exports.create = async (inputs) => {
  writeFileSync("pids.json.next", JSON.stringify([process.pid, inputs.program]));
  require("node:fs").renameSync("pids.json.next", "pids.json");
  if (process.env.REFUSE) throw new Error("create refused");
  if (process.env.SLOW) await new Promise((resolve) => setTimeout(resolve, 60_000));
  return { id: "thing", outs: inputs };
};
exports.diff = async () => ({ changes: false });
`;

let projectDir: string;

beforeEach(() => {
  projectDir = mkdtempSync(join(tmpdir(), "processes-"));
  writeFileSync(
    join(projectDir, "Pulumi.yaml"),
    "name: processes\nruntime: { name: nodejs, options: { typescript: false } }\n",
  );
  writeFileSync(join(projectDir, "package.json"), "{}");
  writeFileSync(join(projectDir, "index.js"), PROGRAM);
  writeFileSync(join(projectDir, "provider.js"), PROVIDER);
  const packages = dirname(dirname(dirname(require.resolve("@pulumi/pulumi"))));
  symlinkSync(packages, join(projectDir, "node_modules"));
});
afterEach(() => rmSync(projectDir, { recursive: true }));

/** The processes of the provider host and of the program, once a create is on its way. */
async function pids(): Promise<number[]> {
  const file = join(projectDir, "pids.json");
  while (!existsSync(file)) await sleep(50);
  return JSON.parse(readFileSync(file, "utf8")) as number[];
}

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function endWithin(milliseconds: number, processes: number[]): Promise<boolean> {
  const deadline = Date.now() + milliseconds;
  while (processes.some(lives) && Date.now() < deadline) await sleep(50);
  return !processes.some(lives);
}

test("a killed engine leaves no process behind, and the next up tells what was interrupted", async () => {
  const apart = { script: compiledEngine, env: {} };
  const stack = localStack({ projectDir, env: quickStart }, { apart });
  try {
    const engine = new Promise<number>((resolve) => {
      void stack.up({ env: { SLOW: "1" }, onStart: resolve });
    });
    const children = await pids();
    expect(children.every(lives)).toBe(true);
    process.kill(await engine, "SIGKILL");
    expect(await endWithin(5_000, children)).toBe(true);

    const { deployment } = await stack.exportState();
    expect(deployment.pending_operations).toMatchObject([{ type: "creating" }]);
    const { exitCode, output, changes } = await stack.up();
    expect({ exitCode, changes }).toEqual({ exitCode: 0, changes: { create: 1, same: 1 } });
    expect(output).toContain("::thing, interrupted while creating");
  } finally {
    await stack.remove();
  }
});

test("a program that would go on when the run has failed is ended", async () => {
  const stack = localStack({ projectDir, env: quickStart });
  try {
    const { exitCode, output } = await stack.up({ env: { REFUSE: "1", HANG: "1" } });
    expect(exitCode).toBe(1);
    expect(output).toContain("error: create refused");
    expect((await pids()).some(lives)).toBe(false);
  } finally {
    await stack.remove();
  }
});

test("a run ends on request, and so do its processes", async () => {
  const stack = localStack({ projectDir, env: quickStart });
  const interrupt = new AbortController();
  try {
    const run = stack.up({ env: { HANG: "1" }, signal: interrupt.signal });
    const children = await pids();
    interrupt.abort();
    expect((await run).exitCode).toBe(1);
    expect(children.some(lives)).toBe(false);
  } finally {
    await stack.remove();
  }
});

test("a program that asks for a resource of a plugin ends with an error that names it", async () => {
  const stack = localStack({ projectDir, env: quickStart });
  try {
    const { exitCode, output } = await stack.up({ env: { TYPE: "aws:s3/bucket:Bucket" } });
    expect(exitCode).toBe(1);
    expect(output).toContain("cannot manage resources of the package 'aws'");
  } finally {
    await stack.remove();
  }
});
