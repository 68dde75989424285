/** The comment of a pull request: written once, replaced by later calls, never another's. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, request as forward } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCommand } from "../../cli/command";
import { startGitHub } from "../../local/github";
import type { GitHub } from "../../local/github";
import { contentOf, digest, fleet, preview, step } from "./support";

let folder: string;
let github: GitHub;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "comment-"));
  github = await startGitHub({ pulls: [PULL], tokens: { [TOKEN]: {} } });
});
afterEach(async () => {
  await github.close();
  rmSync(folder, { recursive: true, force: true });
  // Whatever a test does, nothing that is sent breaks GitHub's description.
  expect(github.violations).toEqual([]);
});

const PULL = "acme/shop#7";
const TOKEN = "ghs_canary";
let slept: number[] = [];
beforeEach(() => (slept = []));

async function comment(stdin: string | Uint8Array, args: string[] = ["--pr", "7"], env: object = {}) {
  const ran = { exitCode: 0, stdout: "", stderr: "" };
  async function* input() {
    yield Buffer.from(stdin);
  }
  const to = (stream: "stdout" | "stderr") => ({ write: (text: string) => (ran[stream] += text) });
  const from = { GITHUB_API_URL: github.url, GITHUB_TOKEN: TOKEN, GITHUB_REPOSITORY: "acme/shop" };
  const sleep = async (milliseconds: number) => void slept.push(milliseconds);
  const streams = { stdin: input(), stdout: to("stdout"), stderr: to("stderr"), sleep };
  ran.exitCode = await runCommand(["comment", ...args], { ...streams, env: { ...from, ...env } });
  expect(ran.stdout + ran.stderr).not.toContain(TOKEN);
  return ran;
}

const bodies = () => github.comments(PULL).map(({ body }) => body);

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
  github.writeComment(PULL, "octocat", body);
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
    stderr: "error: Name the pull request: --pr NUMBER; the workflow's event is not about a pull request.\n",
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

/** What goes wrong with the next request of this method. */
interface Fault {
  on: "GET" | "POST" | "PATCH";
  /** Absent: the connection is lost. */
  status?: number;
  message?: string;
  headers?: Record<string, string>;
  /** The write is done before. */
  isDone?: boolean;
}

const OPERATIONS = { GET: "list-comments", POST: "create-comment", PATCH: "update-comment" } as const;

const fail = (...faults: Fault[]) =>
  faults.map(({ on, status, message = "", headers, isDone }) =>
    github.fault({
      match: { operation: OPERATIONS[on] },
      when: isDone ? "after" : "before",
      do: status === undefined ? "reset" : { status, headers, body: { message } },
    }),
  );
const isFork: Fault = { on: "POST", status: 403, message: `Resource not accessible by ${TOKEN}\u001b[31m` };

test("where the token is not allowed to comment, the summary goes to the step's summary, and nothing failed", async () => {
  const file = join(folder, "summary.md");
  fail(isFork, isFork);
  const ran = await comment(contentOf("sample"), ["--pr", "7"], { GITHUB_STEP_SUMMARY: file });
  expect(ran).toMatchObject({ exitCode: 0, stdout: "" });
  expect(ran.stderr).toContain("The token is not allowed to write the comment on acme/shop#7: ");
  expect(ran.stderr).toContain("by ***\\u001b[31m");
  expect(readFileSync(file, "utf8")).toContain("3 deployed");
  expect((await comment(contentOf("sample"))).stdout).toContain("3 deployed");
  fail(isFork);
  const unwritable = await comment(contentOf("sample"), ["--pr", "7"], { GITHUB_STEP_SUMMARY: folder });
  expect(unwritable).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("3 deployed") });
  expect([bodies(), slept]).toEqual([[], []]);
});

test("a pull request that does not exist is an error: the number may be wrong", async () => {
  const { exitCode, stderr } = await comment(contentOf("sample"), ["--pr", "8"]);
  expect([exitCode, stderr]).toEqual([
    2,
    expect.stringMatching(
      /^error: There is no pull request acme\/shop#8 that the token is allowed to see\. GET /,
    ),
  ]);
});

test.each([
  ["a person's token", "github_pat_canary", "octocat"],
  ["a workflow's own token", "ghs_canary", "github-actions[bot]"],
  ["a GitHub App's token", "ghs_canary-of-app", "records[bot]"],
])("%s finds its own comment, whichever page it stands on", async (_, token, login) => {
  github.setToken(token, { login });
  const marker = "<!-- pulumi-artifact-metadata: shop%2Fdev -->";
  for (let count = 1; count <= 250; count++) github.writeComment(PULL, "hubot", "LGTM");
  for (const other of ["hubot", "records", "octocat[bot]", "github-actions"])
    github.writeComment(PULL, other, `${marker}\n`);
  await comment(contentOf("sample"), ["--pr", "7"], { GITHUB_TOKEN: token });
  await comment(contentOf("nothing"), ["--pr", "7"], { GITHUB_TOKEN: token });
  const all = github.comments(PULL);
  expect(all.filter((one) => one.login === login)).toEqual([all[254]]);
  expect(all[254]?.body).toContain("no record changes");
  expect(all.filter(({ body }) => body === `${marker}\n`)).toHaveLength(4);
});

test("a comment that quotes the marker, or has it further down, is another one", async () => {
  const body = "As I said:\n<!-- pulumi-artifact-metadata: shop%2Fdev -->";
  github.writeComment(PULL, "github-actions[bot]", body);
  await comment(contentOf("sample"));
  expect(bodies()).toEqual([body, expect.stringContaining("3 deployed")]);
});

test.each<[string, Fault[]]>([
  ["a lost connection", [{ on: "GET" }, { on: "POST" }]],
  ["a server that is down", [{ on: "GET", status: 502, message: "Bad gateway" }]],
  [
    "a limit",
    [{ on: "POST", status: 403, message: "secondary rate limit", headers: { "retry-after": "7" } }],
  ],
  ["an answer that was lost after the write", [{ on: "POST", isDone: true }]],
])("after %s it is tried again, and there is one comment", async (_, faults) => {
  fail(...faults);
  expect(await comment(contentOf("sample"))).toMatchObject({ exitCode: 0, stderr: "" });
  expect(bodies()).toHaveLength(1);
  expect(slept).toEqual(faults.map(({ headers }, index) => (headers ? 7_000 : [1_000, 3_000][index])));
});

test("a comment that was deleted in the meantime is written anew", async () => {
  await comment(contentOf("nothing"));
  fail({ on: "PATCH", status: 404, message: "Not Found" });
  expect((await comment(contentOf("sample"))).exitCode).toBe(0);
  expect(bodies()).toEqual([expect.stringContaining("3 deployed")]);
});

test.each<[number, string, Record<string, string>, string]>([
  [502, "Bad gateway", {}, "Run the same command again."],
  [
    403,
    "You have exceeded a secondary rate limit.",
    { "retry-after": "600" },
    "Run the same command again in 600 seconds.",
  ],
  [302, "moved", { location: "http://127.0.0.1:1/" }, ""],
  [401, "Bad credentials", {}, ""],
])("an answer %i is an error in the end, not a comment", async (status, message, headers, then) => {
  const faults = fail(...Array.from({ length: 8 }, (): Fault => ({ on: "POST", status, message, headers })));
  const { exitCode, stdout, stderr } = await comment(contentOf("sample"));
  const said = `was answered with ${status} (${message}). ${then}`.trim();
  expect([exitCode, stdout, stderr]).toEqual([2, "", expect.stringContaining(`${said}\n`)]);
  expect(faults.filter(({ hits }) => hits > 0)).toHaveLength(status === 502 ? 4 : 1);
  expect(bodies()).toEqual([]);
});

test("on GitHub Enterprise Server, its own addresses are asked", async () => {
  github.setToken(TOKEN, { login: "records[bot]" });
  const asked: string[] = [];
  // Its REST API lies below /api/v3, and GraphQL beside it.
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    const url = new URL((request.url ?? "").replace(/^\/api(\/v3)?/, ""), github.url);
    const { method, headers } = request;
    request.pipe(
      forward(url, { method, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(response);
      }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const env = { GITHUB_API_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v3` };
  for (const preview of ["sample", "nothing"])
    expect(await comment(contentOf(preview), ["--pr", "7"], env)).toMatchObject({ exitCode: 0 });
  server.closeAllConnections();
  server.close();
  expect(asked).toContain("POST /api/graphql");
  expect(asked.every((one) => /^(POST \/api\/graphql|\w+ \/api\/v3\/.*)$/.test(one))).toBe(true);
  expect(bodies()).toHaveLength(1);
});

test("a summary that is too long for a comment is cut, and says what is left out", async () => {
  const deployments = Object.fromEntries(
    Array.from({ length: 3_000 }, (_, index) => [`shop-${index}-漢字`, { name: "web", digest: digest("a") }]),
  );
  const large = preview(step("create", { type: "ClusterDeploymentSet", new: { ...fleet, deployments } }));
  const key = "漢".repeat(100);
  const run = { GITHUB_SERVER_URL: "https://github.example", GITHUB_RUN_ID: "4".repeat(100) };
  const args = ["--pr", "7", "--key", key, "--outcome", "failure"];
  expect((await comment(JSON.stringify(large), args, run)).exitCode).toBe(1);
  expect(bodies()[0]).toMatch(/…and \d+ changes \(\d+ deployed\) more/);
  expect(bodies()[0]).toContain("**The preview failed:**");
  expect(bodies()[0]?.length).toBeLessThanOrEqual(65_536);
});

test.each<[string[], object, string]>([
  [["--pr", "0"], {}, '--pr must be the number of a pull request, not "0".'],
  [["--pr", "7", "--repo", "acme"], {}, 'The repository must be OWNER/NAME, not "acme".'],
  [["--pr", "7", "--repo", "acme/.."], {}, 'The repository must be OWNER/NAME, not "acme/..".'],
  [["--pr", "7", "--key", "k".repeat(101)], {}, "--key must have at most 100 characters, not 101."],
  [
    ["--pr", "7"],
    { GITHUB_TOKEN: "a b" },
    "GITHUB_TOKEN contains a space, a line break or another character",
  ],
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
