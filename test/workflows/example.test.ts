/** The example's steps, run as a workflow runs them: a Pulumi that writes what is recorded, and local servers. */
import { spawn } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startGitHub } from "../../local/github";
import type { GitHub } from "../../local/github";
import { fixture } from "../cli/support";
import { EXAMPLE, readWorkflow, repository, stepNamed } from "./workflow";

const { jobs } = readWorkflow(EXAMPLE);

let folder: string;
let comments: GitHub;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "workflow-"));
  mkdirSync(join(folder, "bin"));
  comments = await startGitHub({ pulls: [PULL], tokens: { ghs_canary: {} } });
  command("pulumi", `echo "$@" > arguments; cat to-write; exit "$PULUMI_EXIT"`);
  const cli = join(repository, "dist/cli/index.js");
  command(
    "npx",
    `test "$1 $2" = "--no-install pulumi-artifact-metadata" && shift 2 && exec "${process.execPath}" "${cli}" "$@"`,
  );
});
afterEach(async () => {
  await comments.close();
  rmSync(folder, { recursive: true, force: true });
});

function command(name: string, script: string): void {
  const file = join(folder, "bin", name);
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
}

const written = (name: string) => readFileSync(join(folder, name), "utf8");

interface Ran {
  status: number | null;
  stderr: string;
}

/** As the runner does with `shell: bash`. */
async function bash(job: string, step: string, env: Record<string, string>): Promise<Ran> {
  const { run = "" } = stepNamed(jobs[job], step);
  const shell = spawn("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", run], {
    cwd: folder,
    env: {
      PATH: `${join(folder, "bin")}:${process.env.PATH}`,
      STACK: "acme/prod",
      GITHUB_TOKEN: "ghs_canary",
      GITHUB_STEP_SUMMARY: join(folder, "summary"),
      ...{ GITHUB_SERVER_URL: "https://github.example", GITHUB_REPOSITORY: "acme/shop", GITHUB_RUN_ID: "42" },
      ...env,
    },
  });
  let stderr = "";
  shell.stderr.on("data", (text: Buffer) => (stderr += text.toString()));
  const status = await new Promise<number | null>((resolve) => shell.on("close", resolve));
  return { status, stderr };
}

/** The job of a pull request: what the comment's step is told of the preview is what became of it. */
async function pullRequest(preview: string, exitCode = 0): Promise<Ran> {
  copyFileSync(fixture(preview), join(folder, "to-write"));
  writeFileSync(join(folder, "event.json"), JSON.stringify({ pull_request: { number: 7 } }));
  const { status } = await bash("preview", "Preview", { PULUMI_EXIT: String(exitCode) });
  return bash("preview", "Comment", {
    OUTCOME: status === 0 ? "success" : "failure",
    GITHUB_API_URL: comments.url,
    GITHUB_EVENT_PATH: join(folder, "event.json"),
  });
}

const PULL = "acme/shop#7";
const bodies = () => comments.comments(PULL).map(({ body }) => body);
const marker = "<!-- pulumi-artifact-metadata: acme%2Fprod -->\n";
const failed = `\n**The preview failed:** [its log](https://github.example/acme/shop/actions/runs/42) says why.\n`;

test("the comment's step is told what became of the preview, which does not end the job itself", () => {
  expect(stepNamed(jobs.preview, "Preview")).toMatchObject({ id: "preview", "continue-on-error": true });
  expect(stepNamed(jobs.preview, "Comment").env).toMatchObject({ OUTCOME: "${{ steps.preview.outcome }}" });
});

test("a pull request gets one comment, which a later run writes anew", async () => {
  expect(await pullRequest("sample")).toEqual({ status: 0, stderr: "" });
  expect(written("arguments")).toBe("preview --stack acme/prod --non-interactive --json\n");
  expect(bodies()).toEqual([expect.stringMatching(/^<!-- .* -->\n### Records of `shop\/dev`: 3 deployed/)]);
  comments.writeComment(PULL, "octocat", `${marker}mine`);
  await pullRequest("nothing");
  expect(bodies()).toEqual([`${marker}### Records of \`shop/dev\`: no record changes\n`, `${marker}mine`]);
});

test("a preview that failed is said in the comment, and ends the job red", async () => {
  expect((await pullRequest("bad-input", 255)).status).toBe(1);
  expect(bodies()[0]).toContain("the preview failed");
});

test("where Pulumi wrote nothing, the comment of an earlier commit does not stand as it was", async () => {
  await pullRequest("sample");
  command("pulumi", "exit 255");
  expect((await pullRequest("sample")).status).toBe(1);
  expect(bodies()).toEqual([marker + failed]);
});

test("what fails a preview without an error in its JSON, as a policy does, is said too", async () => {
  expect((await pullRequest("sample", 255)).status).toBe(1);
  expect(bodies()[0]).toContain("### Records of `shop/dev`: 3 deployed");
  expect(bodies()[0]).toContain(failed);
});

describe("each night", () => {
  let github: GitHub;
  beforeEach(async () => (github = await startGitHub({ attested: "all" })));
  afterEach(() => github.close());

  const saved = join(repository, "test/fixtures/states/0.1.0/state.json");
  const compare = () =>
    bash("drift", "Compare with GitHub", {
      ...{ PULUMI_EXIT: "0", GITHUB_API_URL: github.url, GITHUB_TOKEN: github.token },
    });

  test("what GitHub does not have as the state is in the step's summary, and makes the job red", async () => {
    copyFileSync(saved, join(folder, "to-write"));
    expect(await compare()).toEqual({ status: 1, stderr: "" });
    expect(written("arguments")).toBe("stack export --stack acme/prod\n");
    expect(written("summary")).toMatch(/^### Records of `shop\/dev`: .*; 6 of 6 compared differ\n/);
    expect(written("summary")).toContain("| GitHub does not list it |\n");
  });

  test("a stack without records is green", async () => {
    writeFileSync(join(folder, "to-write"), '{"version":3,"deployment":{}}');
    expect((await compare()).status).toBe(0);
  });
});
