import { gitHub } from "../../provider/github/api";
import { startDeadline } from "../../provider/http/deadline";
import { createRateLimiter } from "../../provider/http/rate-limiter";
import type { Kind } from "../../provider/http/rate-limiter";
import { virtualTime } from "../support/time";

const failure = { requestLine: "POST /x", status: 429, message: "Too many requests" };

function newPace() {
  const time = virtualTime();
  const begin = time.now();
  const told: string[] = [];
  const infos: string[] = [];
  const pacing = createRateLimiter(gitHub, {
    ...time,
    warn: (message) => void told.push(message),
    info: (message) => void infos.push(message),
  });
  /** `name milliseconds` of each start, in order. */
  const started: string[] = [];
  const failed: string[] = [];
  const ends = new Map<string, () => void>();
  const deadlineOf = (seconds: number) => startDeadline(seconds, time.now);
  /** Ends as soon as it has started, unless it is to stay on its way. */
  async function enter(kind: Kind, name: string, { seconds = 300, again = false, stay = false } = {}) {
    try {
      const end = await pacing.acquire(kind, { requestLine: name, deadline: deadlineOf(seconds), again });
      started.push(`${name} ${time.now() - begin}`);
      if (stay) ends.set(name, end);
      else end();
    } catch (error) {
      failed.push(String(error));
    }
  }
  const many = (kind: Kind, count: number, options = {}) => {
    for (let index = 0; index < count; index++) void enter(kind, `${kind}-${index}`, options);
  };
  return { ...time, time, pacing, started, failed, told, infos, enter, many, ends, deadlineOf };
}

const timesOf = (started: string[]) => started.map((line) => Number(line.split(" ")[1]));
const namesOf = (started: string[]) => started.map((line) => line.split(" ")[0]);

test("20 writes go at once, then 3 a second, in the order in which they came", async () => {
  const { many, advance, started } = newPace();
  many("write", 30);
  await advance(10_000);
  expect(namesOf(started)).toEqual(Array.from({ length: 30 }, (_, index) => `write-${index}`));
  const times = timesOf(started);
  expect(times.slice(0, 20)).toEqual(Array<number>(20).fill(0));
  expect(times.slice(20)).toEqual([334, 667, 1000, 1334, 1667, 2000, 2334, 2667, 3000, 3334]);
});

test("that writes wait for the rate is said once, however many wait and however long", async () => {
  const { many, advance, infos } = newPace();
  many("write", 34);
  expect(infos).toEqual([]);
  many("write", 100);
  const said = ["GitHub's limits allow 3 writes a second: some writes wait 5 s or more."];
  expect(infos).toEqual(said);
  await advance(60_000);
  many("write", 100);
  expect(infos).toEqual(said);
});

test("the pace is not told where the wait is one that GitHub asked for", () => {
  const { many, pacing, infos } = newPace();
  pacing.pauseFor(60_000, failure);
  many("write", 10);
  expect(infos).toEqual([]);
});

test("who rests gets the burst back, and not more", async () => {
  const { many, advance, started } = newPace();
  many("write", 20);
  await advance(60_000);
  many("write", 21);
  await advance(10_000);
  expect(timesOf(started).slice(20)).toEqual([...Array<number>(20).fill(60_000), 60_334]);
});

test("reads have no pace of their own, and do not wait behind writes", async () => {
  const { many, advance, started } = newPace();
  many("write", 40);
  many("read", 100);
  await advance(0);
  expect(namesOf(started).filter((name) => name?.startsWith("read"))).toHaveLength(100);
});

test.each([
  ["read", 8],
  ["write", 4],
] as const)("a %s is sent only while fewer than %i are on their way", async (kind, atOnce) => {
  const { many, advance, started, ends } = newPace();
  many(kind, 10, { stay: true });
  await advance(5_000);
  expect(started).toHaveLength(atOnce);
  ends.get(`${kind}-1`)?.();
  await advance(0);
  expect(namesOf(started).slice(atOnce)).toEqual([`${kind}-${atOnce}`]);
});

test("nobody sends before the time that GitHub named, and then there is no burst", async () => {
  const { pacing, many, advance, started, told } = newPace();
  pacing.pauseFor(30_000, failure);
  many("read", 3);
  many("write", 3);
  await advance(29_999);
  expect(started).toEqual([]);
  await advance(10_000);
  expect(timesOf(started)).toEqual([30_000, 30_000, 30_000, 30_000, 30_334, 30_667]);
  expect(told).toEqual([
    "GitHub asks to wait 30 s, until 2026-01-01T00:00:30Z (429 Too many requests); no requests are sent until then.",
  ]);
});

test("a wait gets longer while others wait, and never shorter; the user hears of each that is much longer", async () => {
  const { pacing, enter, advance, started, told } = newPace();
  pacing.pauseFor(10_000, failure);
  void enter("write", "write");
  void enter("read", "read");
  await advance(5_000);
  pacing.pauseFor(30_000, failure);
  pacing.pauseFor(31_000, failure);
  pacing.pauseFor(1_000, failure);
  await advance(29_000);
  expect(started).toEqual([]);
  await advance(5_000);
  expect(started.sort()).toEqual(["read 36000", "write 36000"]);
  expect(told.map((line) => /until (\S+)/.exec(line)?.[1])).toEqual([
    "2026-01-01T00:00:10Z",
    "2026-01-01T00:00:35Z",
  ]);
});

test("a short wait is not worth a line", async () => {
  const { pacing, enter, advance, started, told } = newPace();
  pacing.pauseFor(4_000, failure);
  void enter("read", "first");
  await advance(4_000);
  expect(started).toEqual(["first 4000"]);
  expect(told).toEqual([]);
});

test("whose deadline would pass while waiting is told at once, also when the wait gets longer; the others wait on", async () => {
  const { pacing, enter, advance, failed, started, ...time } = newPace();
  pacing.pauseFor(30_000, failure);
  void enter("write", "POST /short", { seconds: 40 });
  void enter("write", "POST /long");
  await advance(1_000);
  pacing.pauseFor(100_000, failure);
  await advance(0);
  expect(failed).toEqual([
    "POST /short was not sent: GitHub asked to wait until 2026-01-01T00:01:41Z (429 Too many requests), which is " +
      "past the deadline of this operation (artifact-metadata:timeoutSeconds, 40 s). Run the same command again after that.",
  ]);
  void enter("read", "GET /short", { seconds: 99 });
  await advance(0);
  expect(failed[1]).toMatch(/^GET \/short was not sent: .*until 2026-01-01T00:01:41Z/);
  expect(started).toEqual([]);
  await advance(100_000);
  expect(started).toEqual(["POST /long 101000"]);
  expect(time.time.sleeping).toBe(0);
});

test("of a thousand writes at once, those whose turn would come too late are told at once", async () => {
  const { many, advance, failed, started } = newPace();
  many("write", 1_000);
  await advance(0);
  expect(failed).toHaveLength(1_000 - 20 - 900);
  expect(failed[0]).toMatch(/^write-920 was not sent: .*it could be sent in 301 s.*ClusterDeploymentSet/);
  await advance(300_000);
  expect(started).toHaveLength(920);
});

test("what was sent before comes before what was not", async () => {
  const { many, enter, advance, started } = newPace();
  many("write", 22);
  await advance(0);
  void enter("write", "repeat", { again: true });
  await advance(10_000);
  expect(namesOf(started).slice(20)).toEqual(["repeat", "write-20", "write-21"]);
});

test("a wait behind requests that hang ends at the deadline", async () => {
  const { many, pacing, advance } = newPace();
  many("read", 8, { stay: true });
  await advance(0);
  const deadline = startDeadline(0.05, Date.now);
  await expect(pacing.acquire("read", { requestLine: "GET /x", deadline, again: false })).rejects.toThrow(
    "GET /x was not sent: the deadline passed before it could be sent (artifact-metadata:timeoutSeconds, 0.05 s).",
  );
});

test("when nobody waits any more, no timer is left that would keep the process alive", async () => {
  const { pacing, enter, advance, time, failed } = newPace();
  pacing.pauseFor(60_000, failure);
  void enter("read", "GET /x");
  void enter("write", "POST /x", { again: true });
  await advance(0);
  expect(time.sleeping).toBe(2);
  pacing.rejectAll(({ requestLine, again }) => new Error(`${requestLine} ${again}`));
  await advance(0);
  expect(failed).toEqual(["Error: GET /x false", "Error: POST /x true"]);
  expect(time.sleeping).toBe(0);
});

test("a timer that fires too early, or a clock that stands still, ends no wait too early and none never", async () => {
  const slept: number[] = [];
  const pacing = createRateLimiter(gitHub, {
    now: () => 0,
    sleep: async (milliseconds) => void slept.push(milliseconds),
    warn: () => undefined,
    info: () => undefined,
  });
  pacing.pauseFor(7_000, failure);
  const deadline = startDeadline(300, () => 0);
  for (let index = 0; index < 3; index++)
    (await pacing.acquire("write", { requestLine: "POST /x", deadline, again: false }))();
  expect(slept).toEqual([7_000, 334, 333]);
});
