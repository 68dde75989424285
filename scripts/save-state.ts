/** Runs the program of a folder of test/fixtures/states on the Pulumi CLI, and saves its state and GitHub's requests there. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { cliStack } from "../local/cli-stack";
import { startGitHub, testClock } from "../local/github";
import type { StackExport } from "../local/stack";

/** Where the program's lines stood: paths of the machine that it ran on. */
function withoutPositions(state: StackExport): StackExport {
  for (const resource of state.deployment.resources ?? []) {
    Object.assign(resource, { sourcePosition: undefined, stackTrace: undefined });
  }
  return state;
}

async function saveState(folder: string): Promise<void> {
  const github = await startGitHub({ attested: "all", now: testClock().now });
  const home = mkdtempSync(join(tmpdir(), "save-state-"));
  const env = {
    HOME: home,
    GITHUB_API_URL: github.url,
    GITHUB_TOKEN: github.token,
    GITHUB_OWNER: "acme",
  };
  const stack = cliStack({ projectDir: folder, env });
  try {
    const { exitCode, output } = await stack.up();
    if (exitCode !== 0) throw new Error(output);
    const writes = github.requests.filter(({ method }) => method === "POST");
    const save = (file: string, value: unknown) =>
      writeFileSync(join(folder, file), `${JSON.stringify(value, undefined, 2)}\n`);
    save("state.json", withoutPositions(await stack.exportState()));
    save(
      "requests.json",
      writes.map(({ path, body }) => ({ path, body })),
    );
  } finally {
    await stack.remove();
    await github.close();
    rmSync(home, { recursive: true, force: true });
  }
}

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error("Give the folder of the program.");
void saveState(resolve(folder));
