/**
 * The packed plugin in a project of pnpm, where each package sees only its own dependencies. It needs npm's registry; where
 * pnpm cannot be had from there, it is reported as skipped, with the reason.
 */
import { execFile, execFileSync } from "node:child_process";
import { lstatSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { startGitHub } from "../../local/github";
import { startPlugin } from "../plugin/support";
import { packInto, readJson, repository } from "./installed";
import { expectRecord } from "./plugin-record";

const PNPM = ["--yes", "--prefer-offline", "pnpm@10"];
const MINUTES = 60_000;

/** Outside of the repository: its package.json is npm's, and pnpm says so. */
function whyNoPnpm(): string | undefined {
  try {
    execFileSync("npx", [...PNPM, "--version"], { cwd: tmpdir(), stdio: "pipe", timeout: MINUTES });
    return undefined;
  } catch (error) {
    const { stderr, message } = error as { stderr?: Buffer; message: string };
    return (stderr?.toString() || message).trim().split("\n")[0];
  }
}

const missing = whyNoPnpm();
const withPnpm = missing === undefined ? describe : describe.skip;

withPnpm(`with pnpm${missing === undefined ? "" : ` (skipped: npx cannot run pnpm: ${missing})`}`, () => {
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "pnpm-"));
    const tarball = await packInto(folder);
    writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "shop", private: true }));
    const { version } = readJson<{ version: string }>(
      join(repository, "node_modules/@pulumi/pulumi/package.json"),
    );
    const packages = [`./${tarball}`, `@pulumi/pulumi@${version}`];
    // Otherwise pnpm lets every package see all others of the project, and a dependency that is not declared is found.
    const args = [...PNPM, "add", "--prefer-offline", "--ignore-scripts", "--config.hoist=false"];
    await promisify(execFile)("npx", [...args, ...packages], { cwd: folder });
  }, 3 * MINUTES);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("the plugin starts from node_modules, and writes records", async () => {
    const packageFolder = join(folder, "node_modules", "pulumi-artifact-metadata");
    expect(lstatSync(packageFolder).isSymbolicLink()).toBe(true);
    const executable = join(packageFolder, "dist/plugin/pulumi-resource-artifact-metadata");
    const plugin = await startPlugin({}, undefined, executable);
    const github = await startGitHub({ attested: "all" });
    try {
      await expectRecord(plugin, github);
    } finally {
      await Promise.all([plugin.stop(), github.close()]);
    }
  });
});
