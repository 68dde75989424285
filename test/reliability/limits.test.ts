/** GitHub is down, or asks to wait. Time passes only where a test lets it. */
import { setTimeout as rest } from "node:timers/promises";
import { secondaryLimit } from "../../local/github";
import type { FaultOptions } from "../../local/github";
import { deploymentAt, failureOf, nameAt, newSetScene } from "../support/sets";
import type { Run } from "../support/sets";
import { everyKind, kinds, record, set, storage } from "./support/kinds";
import { timedScene } from "./support/timed";
import type { TimedScene } from "./support/timed";

const answer = (status: number, message: string, headers: Record<string, string> = {}): FaultOptions => ({
  when: "before",
  do: { status, headers, body: { message } },
});

test.each([500, 502, 503, 504])(
  "6. 500, 502, 503, 504: %i is tried again after pauses of random length, with the identical request",
  async (status) => {
    const scene = await timedScene();
    const pauses: number[][] = [];
    for (let turn = 0; turn < 3; turn++) {
      scene.github.requests.length = 0;
      scene.github.fault({ ...answer(status, "down"), times: 3 });
      const run = scene.another();
      await scene.passing(storage.create(run));
      const bodies = scene.github.requests.map(({ body }) => JSON.stringify(body));
      expect(bodies).toHaveLength(4);
      expect(new Set(bodies).size).toBe(1);
      pauses.push(run.pauses);
    }
    expect(new Set(pauses.flat()).size).toBe(9);
    for (const pause of pauses.flat()) expect(pause).toBeLessThanOrEqual(4_000);
    expect(scene.github.storageRecords()).toHaveLength(1);
  },
);

test("6. 500, 502, 503, 504: no pause passes the deadline", async () => {
  jest.spyOn(Math, "random").mockReturnValue(0.999);
  const scene = await timedScene({}, { timeoutSeconds: "5" });
  scene.github.fault({ ...answer(502, "Bad gateway"), times: 99 });
  const error = await scene.passing(failureOf(record.create(scene)));
  expect(scene.pauses.reduce((sum, pause) => sum + pause, 0)).toBeLessThanOrEqual(5_000);
  expect(error.message).toMatch(/502 Bad gateway.*timeoutSeconds, 5 s/);
  expect(error.message).not.toMatch(/asks to wait/);
});

/** Repeats of all requests together (docs/configuration.md). */
const BUDGET = 50;

function createRecords(run: Run, count: number, clusters: number): Promise<PromiseSettledResult<unknown>[]> {
  const place = { org: "acme", logicalEnvironment: "production" };
  return Promise.allSettled(
    Array.from({ length: count }, (_, index) =>
      run.record.create({
        ...place,
        ...deploymentAt(index),
        cluster: `cluster-${index % clusters}`,
        deploymentName: nameAt(index),
      }),
    ),
  );
}

const dead: [string, FaultOptions][] = [
  ["resets every connection", { when: "before", do: "reset", times: Infinity }],
  ["answers 503", { ...answer(503, "Unavailable"), times: Infinity }],
];

describe.each(dead)("a server that %s", (_what, fault) => {
  test.each([1, 50, 1_000])(
    "6. 500, 502, 503, 504: 1,000 records of %i clusters end by the deadline, within the budget, with a sentence each",
    async (clusters) => {
      const scene = await timedScene();
      scene.github.fault(fault);
      const results = await scene.passing(createRecords(scene, 1_000, clusters));
      expect(scene.seconds()).toBeLessThanOrEqual(300);
      const bodies = scene.github.requests.map(({ path, body }) => path + JSON.stringify(body));
      const first = new Set(bodies).size;
      expect(bodies.length - first).toBeLessThanOrEqual(BUDGET);
      // Nothing new is sent to a server that answers nobody.
      expect(first).toBeLessThanOrEqual(2 * BUDGET);
      for (const result of results) {
        const error = result.status === "rejected" ? (result.reason as Error) : undefined;
        expect(error?.message).toMatch(
          /^POST \/orgs\/acme\/.*((ECONNRESET|503 Unavailable).*[Rr]un the same command again|at the rate that GitHub's limits allow)/,
        );
        expect(error?.message.length).toBeLessThan(500);
        expect(error?.stack).toBe("");
      }
      expect(results).toHaveLength(1_000);
    },
  );
});

/** While one request waits because of the fault, others come: a read, and a write of another cluster. */
async function othersMeanwhile(scene: TimedScene, fault: FaultOptions): Promise<void> {
  const saved = await scene.passing(storage.create(scene));
  const before = scene.sentAt.length;
  scene.github.fault(fault);
  const waiting = record.create(scene);
  for (let turn = 0; scene.time.sleeping === 0; turn++) {
    if (turn > 1_000) throw new Error("nobody waits");
    await rest(1);
  }
  const begin = scene.seconds();
  const others = [storage.read(scene, saved), createRecords(scene, 3, 3), set.create(scene)];
  await rest(50);
  expect(scene.sentAt).toHaveLength(before + 1);
  await scene.passing(Promise.all([waiting, ...others]));
  scene.sentAt.splice(0, before + 1);
  expect(Math.min(...scene.sentAt)).toBeGreaterThanOrEqual(begin + 30);
}

test.each([429, 503])(
  "7. 429 and 503 with Retry-After: after %i nobody sends earlier, and one line says so",
  async (status) => {
    const scene = await timedScene();
    await othersMeanwhile(scene, answer(status, "Too many requests", { "retry-after": "30" }));
    expect(scene.warnings).toEqual([
      expect.stringMatching(/30 s, until 2026-01-01T00:00:3\dZ.*Too many requests/),
    ]);
  },
);

test.each(everyKind)(
  "7. 429 and 503 with Retry-After: a $kind is told at once where it would pass the deadline",
  async ({ of }) => {
    const scene = await timedScene({}, { timeoutSeconds: "20" });
    scene.github.fault(answer(429, "Too many requests", { "retry-after": "30" }));
    const error = await failureOf(of.create(scene));
    expect(error.message).toMatch(/wait 30 s, until 2026-01-01T00:00:30Z.*timeoutSeconds, 20 s/);
    expect(scene.github.requests).toHaveLength(1);
    expect(scene.seconds()).toBe(0);
  },
);

const WORDING = ["secondary", "content", "abuse", { text: "Slow down, please." }] as const;

test.each(WORDING)(
  "8. 403 for a secondary limit, and for a missing permission: worded %j, with Retry-After",
  async (wording) => {
    const scene = await timedScene();
    await othersMeanwhile(scene, { when: "before", do: secondaryLimit({ retryAfter: 40, wording }) });
    expect(scene.warnings).toHaveLength(1);
  },
);

test.each(WORDING)(
  "8. 403 for a secondary limit, and for a missing permission: worded %j, without Retry-After",
  async (wording) => {
    const scene = await timedScene();
    scene.github.fault({ when: "before", do: secondaryLimit({ retryAfter: null, wording }), times: 2 });
    await scene.passing(record.create(scene));
    const [first = 0, second = 0, third = 0] = scene.sentAt;
    expect(second - first).toBeGreaterThanOrEqual(60);
    expect(third - second).toBeGreaterThan(second - first);
    expect(scene.sentAt).toHaveLength(3);
  },
);

test.each(everyKind)(
  "8. 403 for a secondary limit, and for a missing permission: without the right to write, a $kind sends one request",
  async ({ of }) => {
    const scene = await newSetScene();
    scene.github.setToken("reader", { permission: "read" });
    scene.github.setRemaining(100);
    const error = await failureOf(of.create(scene.another({ token: "reader" })));
    expect(error.message).toMatch(/403 .*needs the permission "Artifact metadata: write"/);
    expect(scene.github.requests).toHaveLength(1);
  },
);

const exhausted = (scene: TimedScene, seconds: number) => ({
  "x-ratelimit-remaining": "0",
  "x-ratelimit-reset": String(scene.time.now() / 1000 + seconds),
});

test.each([403, 429])(
  "9. an exhausted rate limit: after %i everybody waits for the reset",
  async (status) => {
    const scene = await timedScene();
    await othersMeanwhile(
      scene,
      answer(status, "API rate limit exceeded for user ID 1.", exhausted(scene, 120)),
    );
    expect(Math.min(...scene.sentAt)).toBeGreaterThanOrEqual(120);
    expect(scene.warnings).toEqual([
      expect.stringMatching(/until 2026-01-01T00:02:0\dZ.*rate limit exceeded/),
    ]);
  },
);

test("9. an exhausted rate limit: who sees that nothing remains does not ask in vain", async () => {
  const scene = await timedScene({ rateLimit: { limit: 3, windowSeconds: 100 } });
  for (const kind of kinds) await kind.create(scene);
  await scene.passing(createRecords(scene, 3, 3));
  expect(scene.github.requests.map(({ status }) => status)).toEqual(Array(6).fill(200));
  expect(scene.sentAt.filter((at) => at < 100)).toHaveLength(3);
});

test("9. an exhausted rate limit: past the deadline it fails at once, and says when it ends", async () => {
  const scene = await timedScene({}, { timeoutSeconds: "60" });
  scene.github.fault(answer(403, "API rate limit exceeded for user ID 1.", exhausted(scene, 3_000)));
  const first = await failureOf(record.create(scene));
  const second = await failureOf(storage.create(scene));
  for (const { message } of [first, second])
    expect(message).toMatch(/until 2026-01-01T00:50:00Z.*timeoutSeconds, 60 s/);
  expect(scene.github.requests).toHaveLength(1);
  expect(scene.seconds()).toBe(0);
});

test("9. an exhausted rate limit: a removal whose own read has used it up waits like everybody", async () => {
  const scene = await timedScene();
  const saved = await storage.create(scene);
  scene.github.requests.length = 0;
  scene.github.setRemaining(1, 100);
  await scene.passing(storage.remove(scene.another(), saved));
  expect(scene.github.requests.map(({ method, status }) => `${method} ${status}`)).toEqual([
    "GET 200",
    // What was read before the wait may hold no more.
    "GET 200",
    "POST 200",
  ]);
});
