/** The example's steps, run as a workflow runs them: a Pulumi that writes recorded previews, a server with comments. */
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fixture } from "../cli/support";
import { startIssues } from "./issues-server";
import type { IssuesServer } from "./issues-server";
import { EXAMPLE, readWorkflow, repository, stepNamed } from "./workflow";

const { jobs } = readWorkflow(EXAMPLE);

let folder: string;
let github: IssuesServer;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "workflow-"));
  mkdirSync(join(folder, "bin"));
  github = await startIssues();
  command("pulumi", `echo "$@" > arguments; cat preview-to-write; exit "$PULUMI_EXIT"`);
  const cli = join(repository, "dist/cli/index.js");
  command("npx", `test "$1" = pulumi-artifact-metadata && shift && exec "${process.execPath}" "${cli}" "$@"`);
});
afterEach(async () => {
  await github.close();
  rmSync(folder, { recursive: true, force: true });
});

function command(name: string, script: string): void {
  const file = join(folder, "bin", name);
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
}

const written = (name: string) => readFileSync(join(folder, name), "utf8");

/** As the runner does with `shell: bash`. */
function bash(job: string, step: string, preview: string, exitCode = 0) {
  copyFileSync(fixture(preview), join(folder, "preview-to-write"));
  for (const file of ["output", "summary"]) writeFileSync(join(folder, file), "");
  const env = {
    PATH: `${join(folder, "bin")}:${process.env.PATH}`,
    STACK: "acme/prod",
    PULUMI_EXIT: String(exitCode),
    GITHUB_OUTPUT: join(folder, "output"),
    GITHUB_STEP_SUMMARY: join(folder, "summary"),
    ...{ GITHUB_SERVER_URL: "https://github.example", GITHUB_REPOSITORY: "acme/shop", GITHUB_RUN_ID: "42" },
  };
  const { run = "" } = stepNamed(jobs[job], step);
  const args = ["--noprofile", "--norc", "-eo", "pipefail", "-c", run];
  const { status, stderr } = spawnSync("bash", args, { cwd: folder, env, encoding: "utf8" });
  return { status, stderr, output: written("output") };
}

/** As actions/github-script does: with an Octokit, and the event's context. */
async function script(job: string, step: string): Promise<void> {
  const { Octokit } = await import("@octokit/rest");
  const text = String(stepNamed(jobs[job], step).with?.script);
  // What the action does with its input.
  const body = new Function(
    "github",
    "context",
    "require",
    "process",
    `return (async () => {${text}\n})()`,
  ) as (...of: unknown[]) => Promise<void>;
  const inFolder = { readFileSync: (name: string) => written(name) };
  const required = (name: string): unknown =>
    name === "node:fs" ? inFolder : createRequire(__filename)(name);
  const context = { repo: { owner: "acme", repo: "shop" }, issue: { number: 7 } };
  await body(new Octokit({ baseUrl: github.url }), context, required, { env: { STACK: "acme/prod" } });
}

const marker = "<!-- records of acme/prod -->\n";

async function comment(preview: string, exitCode = 0) {
  const result = bash("preview", "Preview", preview, exitCode);
  await script("preview", "Comment");
  return result;
}

test("a pull request gets one comment, which a later run writes anew", async () => {
  expect(await comment("sample")).toEqual({ status: 0, stderr: "", output: "" });
  expect(written("arguments")).toBe("preview --stack acme/prod --non-interactive --json\n");
  github.comments.push({ id: 1, body: "Looks good", user: { login: "octocat" } });
  expect(github.comments[0]?.body).toBe(marker + written("summary.md"));
  expect(written("summary")).toBe(written("summary.md"));

  await comment("nothing");
  expect(github.comments.map(({ body }) => body)).toEqual([
    marker + "<!-- pulumi-artifact-metadata: shop%2Fdev -->\n### Records of `shop/dev`: no record changes\n",
    "Looks good",
  ]);
});

test("somebody else's comment is not overwritten, whatever it begins with", async () => {
  const body = `${marker}mine`;
  github.comments.push({ id: 1, body, user: { login: "octocat" } });
  await comment("sample");
  expect(github.comments.map(({ user }) => user.login)).toEqual(["octocat", "github-actions[bot]"]);
  expect(github.comments[0]?.body).toBe(body);
});

test("a preview that failed is said in the comment, and ends the job red", async () => {
  expect(await comment("bad-input", 255)).toEqual({ status: 0, stderr: "", output: "failed=true\n" });
  expect(github.comments[0]?.body).toContain("the preview failed");
  const { if: condition, run } = stepNamed(jobs.preview, "A preview that failed is red");
  expect([condition, run]).toEqual(["steps.preview.outputs.failed == 'true'", "exit 1"]);
});

test("where Pulumi wrote nothing, the comment of an earlier commit does not stand as it was", async () => {
  await comment("sample");
  command("pulumi", "exit 255");
  const { stderr, output } = await comment("sample");
  expect(output).toBe("failed=true\n");
  expect(stderr).toContain("error: preview.json is empty.");
  const log = "https://github.example/acme/shop/actions/runs/42";
  const failed = `\n**The preview failed:** [its log](${log}) says why.\n`;
  expect(github.comments.map(({ body }) => body)).toEqual([marker + failed]);
});

test("what fails a preview without an error in its JSON, as a policy does, is said too", async () => {
  await comment("sample", 255);
  expect(github.comments[0]?.body).toContain("### Records of `shop/dev`: 3 deployed");
  expect(github.comments[0]?.body).toContain("\n**The preview failed:** ");
});

async function nightly(preview: string) {
  const { status } = bash("drift", "Compare with GitHub", preview);
  await script("drift", "Open an issue, or close it");
  return status;
}

test("drift opens one issue, which is kept up to date and closed when it is gone", async () => {
  const states = () => github.issues.map(({ title, state }) => `${state}: ${title}`);
  expect(await nightly("nothing")).toBe(0);
  expect(written("arguments")).toBe("preview --refresh --stack acme/prod --non-interactive --json\n");
  expect(states()).toEqual([]);

  await nightly("drift");
  expect(states()).toEqual(["open: The records of acme/prod have drifted"]);
  expect(github.issues[0]?.body).toContain("### Drift of `shop/dev`: 2 updated");

  await nightly("secret");
  expect(states()).toEqual(["open: The records of acme/prod have drifted"]);
  expect(github.issues[0]?.body).toBe(written("summary.md"));

  await nightly("nothing");
  expect(states()).toEqual(["closed: The records of acme/prod have drifted"]);
});

test("a comparison that failed opens no issue: its job is red", () => {
  expect(bash("drift", "Compare with GitHub", "bad-input", 255).status).toBe(1);
});
