import { secondaryLimit } from "../../local/github";
import type { GitHub, GitHubOptions } from "../../local/github";
import { ask, deployment, DEPLOYMENT, deploymentsOf, send, serve, storage, STORAGE } from "./client";

const list = (github: GitHub) => ask(github, deploymentsOf());
const write = (github: GitHub) => ask(github, DEPLOYMENT, { body: deployment() });
const START = Date.parse("2026-01-01T00:00:00Z") / 1000;

async function statuses(work: (github: GitHub) => ReturnType<typeof list>, github: GitHub, times: number) {
  const seen: number[] = [];
  for (let count = 0; count < times; count += 1) seen.push((await work(github)).status);
  return seen;
}

test("every answer tells what is left of the primary limit", async () => {
  const { github, clock } = await serve();
  const seen = [
    await list(github),
    await write(github),
    await ask(github, deploymentsOf("x")),
    await send(github, "GET /"),
  ];
  expect(seen.map(({ headers }) => headers["x-ratelimit-remaining"])).toEqual([
    "4999",
    "4998",
    "4997",
    "4996",
  ]);
  clock.advance(1500);
  expect((await list(github)).headers).toMatchObject({
    date: "Thu, 01 Jan 2026 00:00:01 GMT",
    "x-ratelimit-limit": "5000",
    "x-ratelimit-used": "5",
    "x-ratelimit-reset": String(START + 3600),
    "x-ratelimit-resource": "core",
  });
});

test("past the primary limit requests are answered with 403, until it resets", async () => {
  const { github, clock } = await serve({ rateLimit: { limit: 2, windowSeconds: 10 } });
  expect(await statuses(list, github, 2)).toEqual([200, 200]);
  const reply = await write(github);
  expect(reply.status).toBe(403);
  expect(reply.body.message).toMatch(/^API rate limit exceeded/);
  expect(reply.headers).toMatchObject({
    "x-ratelimit-limit": "2",
    "x-ratelimit-remaining": "0",
    "x-ratelimit-used": "2",
    "x-ratelimit-reset": String(START + 10),
  });
  expect(reply.headers).not.toHaveProperty("retry-after");
  expect(github.deploymentRecords()).toEqual([]);
  clock.advance(9999);
  expect((await write(github)).status).toBe(403);
  clock.advance(1);
  const again = await write(github);
  expect([again.status, again.headers["x-ratelimit-remaining"]]).toEqual([200, "1"]);
});

test("what is left is set, and when it resets", async () => {
  const { github, clock } = await serve();
  github.setRemaining(1, 60);
  expect((await list(github)).headers).toMatchObject({
    "x-ratelimit-remaining": "0",
    "x-ratelimit-reset": String(START + 60),
  });
  expect((await list(github)).status).toBe(403);
  github.setRemaining(3);
  expect((await list(github)).headers).toMatchObject({
    "x-ratelimit-remaining": "2",
    "x-ratelimit-reset": String(START + 60),
  });
  github.setRemaining(0, 60);
  clock.advance(60_000);
  expect((await list(github)).headers).toMatchObject({
    "x-ratelimit-remaining": "4999",
    "x-ratelimit-reset": String(START + 60 + 3600),
  });
});

const limited = (secondaryLimit: GitHubOptions["secondaryLimit"] = {}) => serve({ secondaryLimit });

test("without secondary limits, a thousand points a minute are no matter", async () => {
  const { github } = await serve();
  expect(new Set(await statuses(write, github, 200))).toEqual(new Set([200]));
});

test("writes a minute are limited, and reads are not", async () => {
  const { github, clock } = await limited({ contentPerMinute: 2 });
  const store = () => ask(github, STORAGE, { body: storage() });
  expect([(await write(github)).status, (await store()).status]).toEqual([200, 200]);
  const reply = await write(github);
  expect(reply).toMatchObject({
    status: 403,
    headers: { "retry-after": "60", "x-ratelimit-remaining": "4997" },
  });
  expect(reply.body.message).toMatch(/^You have exceeded a secondary rate limit\./);
  expect(reply.body.documentation_url).toMatch(/secondary-rate-limits/);
  expect((await list(github)).status).toBe(200);
  clock.advance(59_999);
  expect((await write(github)).status).toBe(403);
  clock.advance(1);
  expect(await statuses(write, github, 3)).toEqual([200, 200, 403]);
});

test("a refused write does not count", async () => {
  const { github, clock } = await limited({ contentPerMinute: 1 });
  await write(github);
  clock.advance(59_000);
  expect((await write(github)).status).toBe(403);
  clock.advance(1000);
  expect((await write(github)).status).toBe(200);
});

test("requests at once are limited", async () => {
  const { github } = await limited({ concurrent: 2 });
  const held = github.fault({ when: "after", do: "hold", times: 2 });
  const waiting = [list(github), list(github)];
  while (held.hits < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  expect((await list(github)).status).toBe(403);
  held.release();
  expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual([200, 200]);
  expect((await list(github)).status).toBe(200);
});

test.each([
  [{ status: 429, retryAfter: 5 } as const, 429, "5", /^You have exceeded a secondary rate limit\./],
  [{ retryAfter: null } as const, 403, undefined, /^You have exceeded/],
  [{ wording: "content" } as const, 403, "60", /temporarily blocked from content creation/],
  [{ wording: "abuse" } as const, 403, "60", /^You have triggered an abuse detection mechanism/],
  [{ wording: { text: "Slow down" } } as const, 403, "60", /^Slow down$/],
])("a secondary limit with %j answers %i", async (options, status, retryAfter, message) => {
  const { github } = await limited({ contentPerMinute: 0, ...options });
  const reply = await write(github);
  expect([reply.status, reply.headers["retry-after"]]).toEqual([status, retryAfter]);
  expect(reply.body.message).toMatch(message);
  expect(secondaryLimit(options)).toEqual({
    status,
    headers: retryAfter === undefined ? {} : { "retry-after": retryAfter },
    body: reply.body,
  });
});
