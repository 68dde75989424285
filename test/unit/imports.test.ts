/** The rules of .dependency-cruiser.cjs, on a small tree. `npm run lint:imports` holds the product to them. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

/** One module of each layer, with an import of a lower one. */
const allowed = {
  "provider/runtime/errors.ts": `export type Failed = 1;`,
  "provider/runtime/log.ts": `import "@pulumi/pulumi"; export type Log = 1;`,
  "provider/config/lookup.ts": `import "../runtime/errors"; export type Lookup = 1;`,
  "provider/http/api.ts": `import "../config/lookup"; export type Request = 1;`,
  "provider/github/wire.ts": `import "../http/api"; export type Status = 1;`,
  "provider/chainloop/api.ts": `import "../http/api"; export type Label = 1;`,
  "provider/workloads/image.ts": `import "../github/wire"; export type Image = 1;`,
  "provider/lifecycle/check.ts": `import "../workloads/image"; import "../runtime/log"; export type Check = 1;`,
  "provider/deployment-record/index.ts": `import "../lifecycle/check"; export type Record = 1;`,
  "provider/cluster-deployment-set/index.ts": `import "../deployment-record"; export type Set = 1;`,
  "provider/create-run-context.ts": `import "./cluster-deployment-set"; export type Context = 1;`,
  "provider/index.ts": `require("./create-run-context") as typeof import("./create-run-context");`,
  "sdk/index.ts": `import "../provider/deployment-record"; export type Args = 1;`,
  "cli/index.ts": `import "../provider/lifecycle/check";`,
  "local/testing.ts": `import "@pulumi/pulumi";`,
};

const refused = {
  "provider/http/queue.ts": `import type { Deadline } from "./deadline"; export type Queue = Deadline;`,
  "provider/http/deadline.ts": `import type { Queue } from "./queue"; export type Deadline = 1;`,
  "provider/http/late.ts": `export const late = () => require("../github/wire") as typeof import("../github/wire");`,
  "provider/github/inputs.ts": `import type { Check } from "../lifecycle/check"; export type Inputs = Check;`,
  "provider/runtime/settings.ts": `export type Settings = import("../config/lookup").Lookup;`,
  "provider/lifecycle/wiring.ts": `import type { Context } from "../create-run-context"; export type A = Context;`,
  "provider/deployment-record/of-set.ts": `import type { Set } from "../cluster-deployment-set"; export type A = Set;`,
  "provider/storage-record/index.ts": `import "../deployment-record";`,
  "provider/helpers/index.ts": `import "../runtime/errors";`,
  "provider/workloads/objects.ts": `import "../runtime/log";`,
  "provider/lifecycle/args.ts": `import type { Args } from "../../sdk"; export type A = Args;`,
  "sdk/server.ts": `import "../local/testing";`,
  "cli/declare.ts": `import "../sdk";`,
  "local/github.ts": `import type { Status } from "../provider/github/wire"; export type A = Status;`,
};

const packages = {
  "package.json": "{}",
  "node_modules/@pulumi/pulumi/package.json": `{ "name": "@pulumi/pulumi", "version": "3.0.0" }`,
  "node_modules/@pulumi/pulumi/index.js": "",
};

interface Result {
  summary: { violations: { rule: { name: string }; from: string; to: string }[] };
}

const repository = resolve(__dirname, "../..");

/** As "from -> to (rule)". */
let violations: string[];

beforeAll(() => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "imports-")));
  try {
    for (const [file, text] of Object.entries({ ...allowed, ...refused, ...packages })) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), text);
    }
    const command = join(repository, "node_modules/dependency-cruiser/bin/dependency-cruise.mjs");
    const config = join(repository, ".dependency-cruiser.cjs");
    const args = ["--config", config, "--output-type", "json", "cli", "local", "provider", "sdk"];
    const run = spawnSync(process.execPath, [command, ...args], { cwd: root, encoding: "utf8" });
    if (!run.stdout.startsWith("{")) throw new Error(run.stderr);
    const { summary } = JSON.parse(run.stdout) as Result;
    violations = summary.violations.map(({ rule, from, to }) => `${from} -> ${to} (${rule.name})`);
  } finally {
    rmSync(root, { recursive: true });
  }
});

const violationsOf = (rule: RegExp) =>
  violations.filter((text) => rule.test(text.split(" (")[1] ?? "")).sort();

test("imports of lower layers are allowed", () => {
  const files = Object.keys(allowed);
  expect(violations.filter((text) => files.some((file) => text.startsWith(`${file} `)))).toEqual([]);
});

test("a circle is refused, of types too", () => {
  expect(violationsOf(/^no-circle/)).toEqual([
    "provider/http/deadline.ts -> provider/http/queue.ts (no-circle)",
  ]);
});

test("imports that run upwards or sideways are refused: of values and types, and those made late", () => {
  expect(violationsOf(/^provider-layers-(?!unknown)/)).toEqual([
    "provider/deployment-record/of-set.ts -> provider/cluster-deployment-set/index.ts (provider-layers-deployment-record)",
    "provider/github/inputs.ts -> provider/lifecycle/check.ts (provider-layers-github)",
    "provider/http/late.ts -> provider/github/wire.ts (provider-layers-http)",
    "provider/lifecycle/wiring.ts -> provider/create-run-context.ts (provider-layers-lifecycle)",
    "provider/runtime/settings.ts -> provider/config/lookup.ts (provider-layers-runtime)",
    "provider/storage-record/index.ts -> provider/deployment-record/index.ts (provider-layers-storage-record)",
  ]);
});

test("a new folder of the provider needs a place among the layers", () => {
  expect(violationsOf(/^provider-layers-unknown/)).toEqual([
    "provider/helpers/index.ts -> provider/runtime/errors.ts (provider-layers-unknown)",
  ]);
});

test("the SDK, the CLI, the provider and the stand-ins import no other part than the provider", () => {
  expect(violationsOf(/-stands-alone|-only-provider/)).toEqual([
    "cli/declare.ts -> sdk/index.ts (cli-imports-only-provider)",
    "local/github.ts -> provider/github/wire.ts (local-stands-alone)",
    "provider/lifecycle/args.ts -> sdk/index.ts (provider-stands-alone)",
    "sdk/server.ts -> local/testing.ts (sdk-imports-only-provider)",
  ]);
});

test("what reads workloads does not reach Pulumi, through other modules either", () => {
  expect(violationsOf(/^workloads/)).toEqual([
    "provider/workloads/objects.ts -> node_modules/@pulumi/pulumi/index.js (workloads-import-no-pulumi)",
  ]);
});
