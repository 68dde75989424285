/** The smoke test for GitHub itself, on the local GitHub: whichever way GitHub answers what is open, it finds out. */
import { startGitHub } from "../../local/github";
import type { GitHub, GitHubOptions, Rules } from "../../local/github";
import { localStack } from "../../local/local-stack";
import { parse } from "../../scripts/smoke";
import { smoke } from "../../scripts/smoke/smoke";
import type { SmokeOptions } from "../../scripts/smoke/smoke";
import { startNodeWarm } from "../support/warm";

const DIGEST = `sha256:${"a".repeat(64)}`;
const target = { org: "acme", digest: DIGEST, name: "smoke", environment: "smoke-1" };

let github: GitHub;
afterEach(() => github.close());

/** Nobody waits: the clock moves when it is slept by. */
function impatientClock() {
  let offset = 0;
  return {
    now: () => Date.now() + offset,
    sleep: async (milliseconds: number, signal?: AbortSignal) => {
      signal?.throwIfAborted();
      offset += milliseconds;
    },
  };
}

async function run(options: Partial<SmokeOptions> = {}, server: GitHubOptions = {}) {
  const clock = impatientClock();
  github = await startGitHub({ attested: [DIGEST], now: clock.now, ...server });
  const lines: string[] = [];
  const exitCode = await smoke({
    ...{ target, clock, questionsOnly: true, signal: new AbortController().signal },
    environment: { GITHUB_API_URL: github.url, GITHUB_TOKEN: github.token },
    newStack: (stack) => localStack(stack, { startNode: startNodeWarm }),
    print: (line) => lines.push(line),
    ...options,
  });
  expect(lines.join("\n")).not.toContain(github.token);
  return {
    exitCode,
    lines,
    answers: lines.filter((line) => line.startsWith("  ")).map((line) => line.trim()),
  };
}

const left = () => [
  ...github.deploymentRecords().filter(({ status }) => status !== "decommissioned"),
  ...github.storageRecords().filter(({ status }) => status !== "deleted"),
];

test("asks what is open, runs a program's life cycle, and retires all that it wrote", async () => {
  const { exitCode, lines } = await run({ questionsOnly: false });
  expect([exitCode, lines]).toEqual([
    0,
    [
      "Questions",
      "  How soon does a write show in a list?  at once",
      "  Does a list show decommissioned records?  yes",
      "  Does leaving an entry out of a cluster call retire it?  no",
      "  Is an absent physical_environment the same as an empty one?  yes",
      "  Is an absent cluster the same as an empty one?  yes",
      "  Is a storage record that is written again updated?  yes",
      "  Does an update keep the tags that it leaves out?  yes",
      "Life cycle",
      "  ok  a preview plans three resources",
      "  ok  an update writes them",
      "  ok  the next preview is empty",
      "  ok  a refresh finds no drift",
      "  ok  a changed tag is an update",
      "  ok  a refresh finds it",
      "  ok  a removal decommissions them",
      expect.stringMatching(/^Retired \d+ records of the environment smoke-1\.$/),
    ],
  ]);
  expect(left()).toEqual([]);
  expect(
    github.deploymentRecords().every(({ logical_environment }) => logical_environment === "smoke-1"),
  ).toBe(true);
  expect(github.violations).toEqual([]);
});

const opposite: Partial<Rules> = {
  ...{ listDecommissioned: false, absentEqualsEmpty: false, storageUpsert: false },
  ...{ omittedOnUpdate: "clear", leftOut: "retire", listLag: { reads: 2 } },
};

test.each<[string, Partial<Rules>]>([
  ["with ids", {}],
  ["without ids, as the documentation has them", { answers: "documentation" }],
])("finds the opposite of each answer in answers %s", async (_, rules) => {
  const { exitCode, answers, lines } = await run({}, { rules: { ...opposite, ...rules } });
  expect([exitCode, answers]).toEqual([
    0,
    [
      expect.stringMatching(/^How soon .*\? {2}after \d+\.\d s, and 2 lists without it$/),
      "Does a list show decommissioned records?  no",
      "Does leaving an entry out of a cluster call retire it?  yes",
      "Is an absent physical_environment the same as an empty one?  no",
      "Is an absent cluster the same as an empty one?  no",
      "Is a storage record that is written again updated?  no, there are two",
      "Does an update keep the tags that it leaves out?  no",
    ],
  ]);
  expect(github.deploymentRecords().filter(({ status }) => status === "deployed")).toEqual([]);
  // A record that is not updated cannot be deleted: that is said.
  expect(lines.at(-1)).toBe("NOT retired: 2 storage records: GitHub adds one where it is written again");
});

test("without ids, what is one record is found by the list", async () => {
  const { answers } = await run({}, { rules: { answers: "documentation" } });
  expect(answers.filter((answer) => /same as an empty|written again/.test(answer))).toEqual([
    "Is an absent physical_environment the same as an empty one?  yes",
    "Is an absent cluster the same as an empty one?  yes",
    "Is a storage record that is written again updated?  yes",
  ]);
});

test.each<[string, GitHubOptions, RegExp]>([
  ["none", {}, /\? {2}no, there were 85 writes in \d+ s$/],
  ["80 a minute", { secondaryLimit: { contentPerMinute: 80 } }, /\? {2}yes, after \d+ writes$/],
])("only on request, it writes until the limit for content: %s", async (_, server, answer) => {
  const { answers } = await run({ withLimit: true }, server);
  expect(answers.at(-1)).toMatch(answer);
});

test("Ctrl-C ends it, and what was written is retired", async () => {
  const interrupted = new AbortController();
  let writes = 0;
  const { exitCode, lines } = await run(
    { signal: interrupted.signal },
    {
      onRequest: ({ method, operation }) =>
        void (
          method === "POST" &&
          operation !== "list-attestations-bulk" &&
          ++writes === 4 &&
          interrupted.abort()
        ),
    },
  );
  expect([exitCode, lines]).toEqual([1, expect.arrayContaining(["Interrupted."])]);
  expect(github.deploymentRecords().length).toBeGreaterThan(0);
  expect(left()).toEqual([]);
});

test("a life cycle that comes out otherwise is said, and its records are retired", async () => {
  const start = async (options: Partial<SmokeOptions>) => {
    const clock = impatientClock();
    github = await startGitHub({ attested: [DIGEST], now: clock.now });
    github.fault({
      match: { operation: "create-artifact-storage-record", nth: 3 },
      when: "before",
      do: { status: 422 },
      times: 1,
    });
    const lines: string[] = [];
    const exitCode = await smoke({
      ...{ target, clock, signal: new AbortController().signal, print: (line: string) => lines.push(line) },
      environment: { GITHUB_API_URL: github.url, GITHUB_TOKEN: github.token },
      newStack: (stack) => localStack(stack, { startNode: startNodeWarm }),
      ...options,
    });
    return { exitCode, lines };
  };
  const { exitCode, lines } = await start({});
  expect([exitCode, lines.join("\n")]).toEqual([
    1,
    expect.stringContaining("Failed: an update writes them: "),
  ]);
  expect(left()).toEqual([]);
});

test("an artifact without an attestation is refused before anything is written", async () => {
  const { exitCode, lines } = await run({}, { attested: [] });
  expect([exitCode, lines[0]]).toEqual([
    1,
    `Failed: ${DIGEST} has no provenance attestation in acme: attest it, or give --repository`,
  ]);
  expect(github.requests.filter(({ method }) => method !== "GET")).toEqual([]);
  await github.close();
  const named = await run({ target: { ...target, githubRepository: "shop" } }, { attested: [] });
  expect(named.exitCode).toBe(0);
});

const all = ["--org", "acme", "--digest", DIGEST, "--write"];
test.each<[string[], string]>([
  [[], "--org is missing"],
  [["--org", "acme"], "--digest must be sha256:"],
  [
    all.slice(0, -1),
    "This writes about twenty records to acme on GitHub, and retires them. If it may, add --write.",
  ],
  [[...all, "--engine", "other"], "--engine must be local or pulumi."],
])("%j sends nothing", (args, message) => {
  expect(() => parse(args)).toThrow(message);
  expect(parse(all)).toMatchObject({ org: "acme", digest: DIGEST, limit: false, questions: false });
});
