/**
 * The examples in YAML, Go and Python, copied out of the repository and run with the commands of their READMEs on the Pulumi
 * CLI: `PULUMI_ENGINE=pulumi`, each with its language host on the PATH.
 */
import { execFile, execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { cliStack } from "../../local/cli-stack";
import { commandsOf } from "../packaging/example-commands";
import type { Command } from "../packaging/example-commands";
import { withGoModules, withPython, withPythonPackages } from "./support/languages";
import { onYaml } from "./support/native-project";
import { newScene } from "./support/scene";

const repository = resolve(__dirname, "../..");
// Go compiles Pulumi's SDK once for a machine, which takes minutes.
const TIMEOUT = 900_000;
jest.setTimeout(TIMEOUT);

const folders: string[] = [];
afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true, force: true })));

function copyOf(example: string): string {
  const parent = realpathSync(mkdtempSync(join(tmpdir(), "language-")));
  folders.push(parent);
  const folder = join(parent, example);
  cpSync(join(repository, "examples", example), folder, { recursive: true });
  return folder;
}

/** As the first command of the README leaves it. */
const install = (folder: string) =>
  symlinkSync(join(repository, "node_modules"), join(folder, "node_modules"));

async function generateSdk(folder: string, executable: string): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), "pulumi-home-"));
  folders.push(home);
  const env = { ...process.env, PULUMI_HOME: home, PULUMI_SKIP_UPDATE_CHECK: "true" };
  await promisify(execFile)("pulumi", ["package", "add", executable], { cwd: folder, env });
}

/** Runs the commands of the README up to the configuration, and returns what `pulumi up` and `destroy` are run with. */
async function projectOf(example: string) {
  const folder = copyOf(example);
  const commands = commandsOf(folder);
  const [first] = commands;
  expect(first).toMatchObject({ kind: "install", archive: expect.stringMatching(/[.]tgz$/) as string });
  install(folder);
  for (const command of commands)
    if (command.kind === "generate") await generateSdk(folder, command.executable);
  const init = commands.find((command) => command.kind === "init");
  expect(commands.at(-1)).toEqual({ kind: "up" });
  const config = Object.fromEntries(commands.flatMap(configOf));
  const scene = await newScene({ program: folder, stack: init?.stack ?? "", config, newStack: cliStack });
  return scene;
}

/** The token is that of the local server, which the scene has set. */
const configOf = (command: Command): [key: string, value: string][] =>
  command.kind === "config" && !command.secret ? [[command.key, command.value]] : [];

async function runExample(example: string): Promise<void> {
  const { up, preview, destroy, records } = await projectOf(example);
  expect((await up()).written).toBe(2);
  expect(records()).toMatchObject([
    {
      ...{
        deployment_name: "shop-cart-app",
        name: "ghcr.io/acme/cart",
        version: "1.0.0",
        status: "deployed",
      },
      ...{ logical_environment: "production", physical_environment: "eu-west-1", cluster: "prod-eu" },
      tags: { team: "shop" },
    },
    {
      ...{ deployment_name: "shop-web-web", name: "ghcr.io/acme/web", version: "1.4.2", status: "deployed" },
      ...{ tags: { team: "shop" }, runtime_risks: ["internet-exposed"] },
    },
  ]);
  const again = await preview();
  expect([again.plan, again.requests]).toEqual([[], []]);
  await destroy();
  expect(records().map(({ status }) => status)).toEqual(["decommissioned", "decommissioned"]);
}

onYaml("the example in YAML", () => {
  test("runs from a copy with the commands of its README", () => runExample("yaml"));
});

describe("the example in Go", () => {
  withGoModules("runs from a copy with the commands of its README", () => runExample("go"));
});

describe("the example in Python", () => {
  withPythonPackages("runs from a copy with the commands of its README", () => runExample("python"));

  withPython("passes only what the generated SDK takes", async () => {
    const folder = copyOf("python");
    install(folder);
    const executable = join(repository, "dist/plugin/pulumi-resource-artifact-metadata");
    const args = ["package", "gen-sdk", executable, "--language", "python", "--out", folder];
    const env = { ...process.env, PULUMI_HOME: folder, PULUMI_SKIP_UPDATE_CHECK: "true" };
    await promisify(execFile)("pulumi", args, { env });
    const script = join(__dirname, "support/check-names.py");
    const checked = execFileSync("python3", [script, join(folder, "__main__.py"), join(folder, "python")]);
    expect(JSON.parse(checked.toString())).toEqual({ unknown: [], calls: 3 });
  });
});
