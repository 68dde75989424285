/** The comment of a pull request: written once, replaced by later calls, never another's. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCommand } from "../../cli/command";
import { startIssues } from "../workflows/issues-server";
import type { IssuesServer } from "../workflows/issues-server";
import { contentOf } from "./support";

let folder: string;
let github: IssuesServer;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "comment-"));
  github = await startIssues();
});
afterEach(async () => {
  await github.close();
  rmSync(folder, { recursive: true, force: true });
});

const TOKEN = "ghs_canary";

async function comment(stdin: string | Uint8Array, args: string[] = ["--pr", "7"], env: object = {}) {
  const ran = { exitCode: 0, stdout: "", stderr: "" };
  async function* input() {
    yield Buffer.from(stdin);
  }
  const to = (stream: "stdout" | "stderr") => ({ write: (text: string) => (ran[stream] += text) });
  const from = { GITHUB_API_URL: github.url, GITHUB_TOKEN: TOKEN, GITHUB_REPOSITORY: "acme/shop" };
  const streams = { stdin: input(), stdout: to("stdout"), stderr: to("stderr") };
  ran.exitCode = await runCommand(["comment", ...args], { ...streams, env: { ...from, ...env } });
  expect(ran.stdout + ran.stderr).not.toContain(TOKEN);
  return ran;
}

const bodies = () => github.comments.map(({ body }) => body);

test("is written once, and replaced by a later preview", async () => {
  expect(await comment(contentOf("sample"))).toEqual({
    ...{ exitCode: 0, stdout: "Wrote the comment on acme/shop#7.\n", stderr: "" },
  });
  expect(bodies()[0]).toMatch(
    /^<!-- pulumi-artifact-metadata: shop%2Fdev -->\n### Records of `shop\/dev`: 3 deployed/,
  );
  expect((await comment(contentOf("nothing"))).stdout).toBe("Replaced the comment on acme/shop#7.\n");
  expect(bodies()).toEqual([
    "<!-- pulumi-artifact-metadata: shop%2Fdev -->\n### Records of `shop/dev`: no record changes\n",
  ]);
});

test("somebody else's comment is not replaced, whatever it begins with; another key is another comment", async () => {
  const body = "<!-- pulumi-artifact-metadata: shop%2Fdev -->\nmine";
  github.comments.push({ id: 1, body, user: { login: "octocat" } });
  await comment(contentOf("sample"));
  await comment(contentOf("sample"), ["--pr", "7", "--key", "acme/prod --> x"]);
  expect(bodies()[0]).toBe(body);
  expect(bodies()[2]).toMatch(/^<!-- pulumi-artifact-metadata: acme%2Fprod%20--%3E%20x -->\n###/);
  expect(bodies()).toHaveLength(3);
});

test("the pull request is the one of the workflow's event", async () => {
  const file = join(folder, "event.json");
  writeFileSync(file, JSON.stringify({ pull_request: { number: 7 } }));
  expect((await comment(contentOf("sample"), [], { GITHUB_EVENT_PATH: file })).exitCode).toBe(0);
  expect(bodies()).toHaveLength(1);
  writeFileSync(file, JSON.stringify({ issue: { number: 7 } }));
  expect(await comment(contentOf("sample"), [], { GITHUB_EVENT_PATH: file })).toMatchObject({
    exitCode: 2,
    stderr: "error: Name the pull request: --pr NUMBER; the workflow's event is about no pull request.\n",
  });
});

test("--dry-run prints the comment and sends nothing, and needs no token", async () => {
  const { stdout } = await comment(contentOf("sample"), ["--dry-run"], { GITHUB_TOKEN: "" });
  expect(stdout).toContain("### Records of `shop/dev`: 3 deployed");
  expect(bodies()).toEqual([]);
});

test("a preview that failed says so, and replaces the comment of an earlier commit, also if it cannot be read", async () => {
  const run = { GITHUB_SERVER_URL: "https://github.example", GITHUB_RUN_ID: "42" };
  const args = ["--pr", "7", "--key", "prod"];
  await comment(contentOf("sample"), args);
  expect((await comment("", [...args, "--outcome", "failure"], run)).exitCode).toBe(1);
  const log = "https://github.example/acme/shop/actions/runs/42";
  const failed = `\n**The preview failed:** [its log](${log}) says why.\n`;
  expect(bodies()).toEqual([`<!-- pulumi-artifact-metadata: prod -->\n${failed}`]);
  expect((await comment(contentOf("sample"), [...args, "--outcome", "failure"], run)).exitCode).toBe(1);
  expect(bodies()[0]).toContain("3 deployed");
  expect(bodies()[0]).toContain(failed);
  expect((await comment("", args)).exitCode).toBe(2);
});

/** Answers everything with one status. */
async function answering(status: number, message: string, headers = {}) {
  const server = createServer((_, response) => {
    response
      .writeHead(status, { "content-type": "application/json", ...headers })
      .end(JSON.stringify({ message }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
  return { env: { GITHUB_API_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }, close };
}

test("where the token is not allowed to comment, the summary goes to the step's summary, and nothing failed", async () => {
  const { env, close } = await answering(403, `Resource not accessible by ${TOKEN}\u001b[31m`);
  const file = join(folder, "summary.md");
  const ran = await comment(contentOf("sample"), ["--pr", "7"], { ...env, GITHUB_STEP_SUMMARY: file });
  expect(ran).toMatchObject({ exitCode: 0, stdout: "" });
  expect(ran.stderr).toContain("The token is not allowed to write the comment on acme/shop#7: ");
  expect(ran.stderr).toContain("by ***\\u{1b}[31m");
  expect(readFileSync(file, "utf8")).toContain("3 deployed");
  expect((await comment(contentOf("sample"), ["--pr", "7"], env)).stdout).toContain("3 deployed");
  await close();
});

test.each([
  [502, "Bad gateway", {}],
  [403, "You have exceeded a secondary rate limit.", { "retry-after": "60" }],
  [302, "moved", { location: "http://127.0.0.1:1/" }],
])("an answer %i is an error, not a comment", async (status, message, headers) => {
  const { env, close } = await answering(status, message, headers);
  const ran = await comment(contentOf("sample"), ["--pr", "7"], env);
  expect(ran).toMatchObject({ exitCode: 2, stdout: "" });
  expect(ran.stderr).toContain(`was answered with ${status} (${message}). Run the same command again.`);
  await close();
});

test.each<[string[], object, string]>([
  [["--pr", "0"], {}, '--pr must be the number of a pull request, not "0".'],
  [["--pr", "7", "--repo", "acme"], {}, 'The repository must be OWNER/NAME, not "acme".'],
  [["--pr", "7", "--repo", "acme/.."], {}, 'The repository must be OWNER/NAME, not "acme/..".'],
  [["--pr", "7", "--outcome", "red"], {}, '--outcome must be success or failure, not "red".'],
  [[], {}, "Name the pull request: --pr NUMBER, or run it in a workflow on pull_request."],
  [
    ["--pr", "7"],
    { GITHUB_TOKEN: "" },
    "Set GITHUB_TOKEN to a token that is allowed to write comments, or use --dry-run.",
  ],
  [["--pr", "7"], { GITHUB_API_URL: "http://a.example" }, "GITHUB_API_URL must begin with https://."],
  [["--pr", "7"], { GITHUB_API_URL: "http://127.0.0.1:1" }, "127.0.0.1:1 could not be reached"],
])("%j %j: one sentence, exit code 2", async (args, env, message) => {
  const { exitCode, stderr } = await comment(contentOf("sample"), args, env);
  expect([exitCode, stderr.startsWith(`error: ${message}`), stderr]).toEqual([2, true, stderr]);
});
