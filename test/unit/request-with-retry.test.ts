/** The tries of one request, step by step: what it takes from what all requests share, and what it tells them. */
import { z } from "zod";
import { gitHub } from "../../provider/github/api";
import type { GitHubRequest } from "../../provider/github/request";
import { startDeadline } from "../../provider/http/deadline";
import type { CircuitBreaker } from "../../provider/http/circuit-breaker";
import type { Answer } from "../../provider/http/api";
import type { RateLimiter } from "../../provider/http/rate-limiter";
import { requestWithRetry } from "../../provider/http/request-with-retry";
import { NoAnswerError } from "../../provider/http/transport";
import { createRuntime } from "../../provider/runtime/runtime";
import { failureOf } from "../support/sets";

const write: GitHubRequest = { requestLine: "POST /x", org: "acme", digest: "sha256:a", permission: "write" };
const BEGIN = Date.parse("2026-01-01T00:00:00Z");
const DATE = "Thu, 01 Jan 2026 00:00:00 GMT";

type Given = Partial<Answer> | Error;

/** Answers one after the other, the last one again and again; time stands still but where somebody sleeps. */
function newScene(answers: Given[], { seconds = 300, asleep = true, request = write } = {}) {
  let time = BEGIN;
  const pauses: number[] = [];
  const runtime = createRuntime({
    warn: () => undefined,
    now: () => time,
    sleep: async (milliseconds) => {
      pauses.push(milliseconds);
      if (asleep) time += milliseconds;
    },
  });
  const rateLimiter = {
    time: () => 0,
    isPaused: () => false,
    acquire: jest.fn<Promise<() => void>, Parameters<RateLimiter["acquire"]>>(async () => () => undefined),
    untilWritable: async () => undefined,
    pauseFor: jest.fn<void, Parameters<RateLimiter["pauseFor"]>>(),
    rejectAll: jest.fn<void, Parameters<RateLimiter["rejectAll"]>>(),
  };
  const circuitBreaker = {
    answered: jest.fn(),
    failed: jest.fn<void, Parameters<CircuitBreaker["failed"]>>(),
    takeRetry: jest.fn(() => true),
    whyOpen: jest.fn<ReturnType<CircuitBreaker["whyOpen"]>, []>(() => undefined),
  };
  const deadline = startDeadline(seconds, runtime.now);
  let sent = 0;
  const send = async (): Promise<Answer> => {
    const given = answers[Math.min(sent++, answers.length - 1)];
    if (given instanceof Error) throw given;
    return { status: 200, headers: { date: DATE }, data: {}, ...given };
  };
  const call = { request, deadline, send, schema: z.object({}) };
  return {
    ...{ rateLimiter, circuitBreaker, pauses, deadline },
    run: () => requestWithRetry({ api: gitHub, runtime, rateLimiter, circuitBreaker, readWaits: 0 }, call),
    pass: (milliseconds: number) => void (time += milliseconds),
    sent: () => sent,
  };
}

const reset = new NoAnswerError({ reason: "ECONNRESET" });

beforeEach(() => void jest.spyOn(Math, "random").mockReturnValue(0.5));
afterEach(() => jest.restoreAllMocks());

test("a failure is tried four times, after pauses that double", async () => {
  const { run, pauses, sent, rateLimiter } = newScene([{ status: 503 }]);
  const error = await failureOf(run());
  expect(error).toMatchObject({ name: "UnreachableError", request: "POST /x", status: 503 });
  expect(error.message).toMatch(/tried 4 times/);
  expect([sent(), pauses]).toEqual([4, [500, 1_000, 2_000]]);
  // Who was sent before goes before those that were not.
  expect(rateLimiter.acquire.mock.calls.map(([kind, { again }]) => [kind, again])).toEqual([
    ...[["write", false] as const, ["write", true] as const],
    ...[["write", true] as const, ["write", true] as const],
  ]);
});

test("what is said of writing is said of a write alone", async () => {
  const unknown = "GitHub may have carried it out. Run the same command again; writing";
  expect((await failureOf(newScene([reset]).run())).message).toContain(unknown);
  const read = { ...write, requestLine: "GET /x", permission: "read" } as const;
  expect((await failureOf(newScene([reset], { request: read }).run())).message).toBe(
    "GET /x did not succeed: ECONNRESET (tried 4 times). Run the same command again.",
  );
});

/** Nothing of the request was sent. */
const refused = new NoAnswerError({ reason: "cannot connect to x (ECONNREFUSED)", notSent: {} });

test.each([
  ["was not sent", [refused], /^POST \/x was not sent: .*ECONNREFUSED.*Run the same command again\.$/],
  [
    "can have been carried out in its first try",
    [reset, refused],
    /^POST \/x did not succeed: .*may have carried/,
  ],
  ["can have been carried out by a server that failed", [{ status: 502 }, refused], /may have carried/],
])("a write that %s says so", async (_what, answers, words) => {
  expect((await failureOf(newScene(answers).run())).message).toMatch(words);
});

test("a write that GitHub's limits refused each time was not carried out", async () => {
  const scene = newScene([{ status: 429, headers: { "retry-after": "1" } }]);
  scene.circuitBreaker.takeRetry.mockReturnValue(false);
  const { message } = await failureOf(scene.run());
  expect(message).toMatch(/^POST \/x did not succeed: 429; too many.*\. Run the same command again\.$/);
});

test("a request that never left is not said to have been sent before", async () => {
  const scene = newScene([refused]);
  scene.circuitBreaker.whyOpen
    .mockReturnValueOnce(undefined)
    .mockReturnValue({ requests: 50, last: { requestLine: "POST /x", message: "x", notSent: {} } });
  const { message } = await failureOf(scene.run());
  expect(message).toMatch(
    /^POST \/x was not sent: GitHub answered none.*artifact-metadata:baseUrl\. Run the same/,
  );
});

test("each failure of the other side is noted, and each answer, also one that refuses", async () => {
  const failing = newScene([{ status: 500 }, { status: 503 }, reset, {}]);
  await failing.run();
  expect(failing.circuitBreaker.failed.mock.calls.map(([{ status }]) => status)).toEqual([
    500,
    503,
    undefined,
  ]);
  expect(failing.circuitBreaker.answered).toHaveBeenCalledTimes(1);
  const refusing = newScene([{ status: 404 }]);
  await failureOf(refusing.run());
  expect(refusing.circuitBreaker.answered).toHaveBeenCalledTimes(1);
  expect(refusing.circuitBreaker.failed).not.toHaveBeenCalled();
});

test("a limit is no failure, and one that is not named is waited for longer each time", async () => {
  const { run, rateLimiter, circuitBreaker, sent } = newScene([{ status: 429 }], { seconds: 1_000 });
  expect(await failureOf(run())).toMatchObject({ name: "RateLimitedError", status: 429 });
  expect(rateLimiter.pauseFor.mock.calls.map(([milliseconds]) => milliseconds)).toEqual([
    60_000, 120_000, 240_000, 480_000,
  ]);
  expect(sent()).toBe(4);
  expect(circuitBreaker.failed).not.toHaveBeenCalled();
});

test("a limit that is named is waited for as long as it says, each time", async () => {
  const { run, rateLimiter } = newScene([{ status: 429, headers: { "retry-after": "7" } }]);
  await failureOf(run());
  expect(rateLimiter.pauseFor.mock.calls.map(([milliseconds]) => milliseconds)).toEqual([
    7_000, 7_000, 7_000, 7_000,
  ]);
});

test("a good answer that used up the limit holds all others until it begins anew, and says why", async () => {
  const headers = {
    ...{ date: DATE, "x-ratelimit-remaining": "0" },
    "x-ratelimit-reset": String(BEGIN / 1000 + 90),
  };
  const { run, rateLimiter } = newScene([{ headers }]);
  await run();
  expect(rateLimiter.pauseFor.mock.calls).toEqual([
    [90_000, { requestLine: "POST /x", message: "the limit of requests is used up" }],
  ]);
  const limited = newScene([{ status: 429, headers }, {}]);
  await limited.run();
  expect(limited.rateLimiter.pauseFor).toHaveBeenCalledTimes(1);
});

test("nothing is sent to who answers nobody, and who waits is told", async () => {
  const down = { requests: 50, last: { requestLine: "POST /y", status: 502, message: "Bad gateway" } };
  const before = newScene([{}]);
  before.circuitBreaker.whyOpen.mockReturnValue(down);
  expect((await failureOf(before.run())).message).toMatch(
    /^POST \/x was not sent: GitHub answered none of the last 50 requests \(the last one: 502 Bad gateway\)/,
  );
  expect(before.sent()).toBe(0);

  const meanwhile = newScene([{ status: 502 }]);
  meanwhile.circuitBreaker.failed.mockImplementation(
    () => void meanwhile.circuitBreaker.whyOpen.mockReturnValue(down),
  );
  expect((await failureOf(meanwhile.run())).message).toMatch(/^POST \/x was not sent again: GitHub answered/);
  const [refusal] = meanwhile.rateLimiter.rejectAll.mock.calls[0] ?? [];
  const waiting = { requestLine: "POST /z", deadline: meanwhile.deadline, again: false };
  expect(refusal?.(waiting).message).toMatch(/^POST \/z was not sent: GitHub answered none/);
  expect(meanwhile.sent()).toBe(1);

  const fine = newScene([{ status: 502 }, {}]);
  await fine.run();
  expect(fine.rateLimiter.rejectAll).not.toHaveBeenCalled();
});

test("nothing is repeated where the budget of all requests is used up", async () => {
  for (const status of [503, 429]) {
    const { run, circuitBreaker, sent } = newScene([{ status, data: { message: "slow down" } }]);
    circuitBreaker.takeRetry.mockReturnValue(false);
    expect((await failureOf(run())).message).toMatch(
      new RegExp(
        `^POST /x did not succeed: ${status} slow down; too many requests have failed to send this one again \\(tried once\\)`,
      ),
    );
    expect(sent()).toBe(1);
  }
});

test("nothing is sent when the deadline has passed, before the first try and between two", async () => {
  const late = newScene([{}], { seconds: 1 });
  late.pass(1_000);
  expect((await failureOf(late.run())).message).toMatch(
    /was not sent: the deadline passed.*timeoutSeconds, 1 s/,
  );
  expect(late.sent()).toBe(0);

  const between = newScene([{ status: 503 }], { seconds: 2 });
  between.circuitBreaker.failed.mockImplementation(() => between.pass(2_000));
  expect((await failureOf(between.run())).message).toMatch(
    /did not succeed: the deadline passed .*tried once/,
  );
  expect(between.pauses).toEqual([]);
});

test("a pause as long as what is left is taken, a longer one is not", async () => {
  const just = newScene([{ status: 503 }, {}], { seconds: 0.5, asleep: false });
  await just.run();
  expect(just.pauses).toEqual([500]);
  const longer = newScene([{ status: 503, data: { message: "later" } }], { seconds: 0.499 });
  expect((await failureOf(longer.run())).message).toMatch(
    /503 later; another try would be past the deadline/,
  );
  expect(longer.pauses).toEqual([]);
});

test("a wait as long as what is left is taken, a longer one is not", async () => {
  const wait = { status: 429, headers: { "retry-after": "10" } };
  await newScene([wait, {}], { seconds: 10 }).run();
  const longer = newScene([wait], { seconds: 9 });
  expect((await failureOf(longer.run())).message).toMatch(/wait 10 s, until 2026-01-01T00:00:10Z/);
  expect(longer.sent()).toBe(1);
});

test("an interrupted run sends nothing, and repeats nothing", async () => {
  const scene = newScene([{ status: 503 }]);
  const interrupted = jest.spyOn(scene.deadline, "interrupted", "get");
  scene.circuitBreaker.failed.mockImplementation(() => void interrupted.mockReturnValue(true));
  expect((await failureOf(scene.run())).message).toMatch(
    /did not succeed: Pulumi was interrupted \(tried once\)/,
  );
  const sent = scene.sent();
  expect((await failureOf(scene.run())).message).toMatch(/POST \/x was not sent: Pulumi was interrupted/);
  expect(scene.sent()).toBe(sent);
});
