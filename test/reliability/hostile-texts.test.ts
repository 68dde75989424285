/** 31, 32. What a server says reaches a user escaped, clipped and without the token, on every path. */
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createGzip } from "node:zlib";
import fc from "fast-check";
import { MAX_QUOTED } from "../../provider/runtime/untrusted-text";
import { EVERYTHING_HOSTILE, hostileText, isHarmless } from "../support/hostile";
import { DIGEST, newProvider, recordInputs } from "../support/provider";
import type { Provider } from "../support/provider";

const TOKEN = "github_pat_canary0123456789";

type Answering = (request: IncomingMessage, response: ServerResponse) => void;
let answer: Answering;
const server = createServer((request, response) => {
  request.resume();
  request.on("end", () => answer(request, response));
});
beforeAll(() => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve)));
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const ID = "acme/production/eu-west-1/prod-eu/shop-web-web";

/** What a create, a refresh and a removal say, with a server that answers so. */
async function everythingSaid(answering: Answering): Promise<{ said: string[]; errors: Error[] }> {
  answer = answering;
  const { port } = server.address() as AddressInfo;
  const config = { token: TOKEN, baseUrl: `http://127.0.0.1:${port}` };
  const long = Object.entries(config).map(([key, value]) => [`artifact-metadata:${key}`, value]);
  const outs = {
    name: "web",
    digest: DIGEST,
    status: "deployed",
    updatedAt: "2026-01-01T00:00:00Z",
  } as const;
  const works: ((provider: Provider) => Promise<unknown>)[] = [
    (provider) => provider.create(recordInputs()),
    (provider) => provider.read(ID, outs),
    (provider) => provider.delete(ID, outs),
  ];
  const errors: Error[] = [];
  const told: string[] = [];
  for (const work of works) {
    // Each in a run of its own: what one run has declared it does not remove.
    const { provider, warnings } = await newProvider(Object.fromEntries(long) as Record<string, string>);
    await work(provider).catch((error: Error) => void errors.push(error));
    told.push(...warnings);
  }
  return { said: [...errors.map(({ message }) => message), ...told], errors };
}

const json =
  (status: number, body: unknown, headers: Record<string, string> = {}): Answering =>
  (_request, response) => {
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(JSON.stringify(body));
  };

const listed = (more: object) => ({
  digest: DIGEST,
  logical_environment: "production",
  physical_environment: "eu-west-1",
  cluster: "prod-eu",
  deployment_name: "shop-web-web",
  ...more,
});

/** A message of ours, with two quoted texts at most. */
const MOST = 3 * MAX_QUOTED + 700;

const paths: [string, (text: string) => Answering][] = [
  ["the message of a refusal", (text) => json(403, { message: text })],
  ["the cause of a refused call", (text) => json(404, { message: { cause: text, repositories: [text] } })],
  [
    "what is wrong with a request",
    (text) => json(422, { message: text, errors: [text, { field: text, code: text }] }),
  ],
  ["a limit", (text) => json(429, { message: text }, { "retry-after": "100000" })],
  [
    "the place in an answer that is not as described",
    (text) => json(200, { deployment_records: [listed({ tags: { [text]: 1 } })] }),
  ],
  [
    "the name of another record",
    (text) => json(200, { deployment_records: [listed({ deployment_name: text, digest: text })] }),
  ],
  ["the time of a record", (text) => json(200, { deployment_records: [listed({ updated_at: text })] })],
];

describe.each(paths)("%s", (_path, answering) => {
  test("shows nothing that steers or hides, and is clipped", async () => {
    const said: string[] = [];
    const collect = async (text: string) => {
      for (const message of (await everythingSaid(answering(text))).said) {
        expect([message, isHarmless(message, MOST)]).toEqual([message, true]);
        said.push(message);
      }
    };
    await collect(EVERYTHING_HOSTILE);
    await collect("x".repeat(2_000_000));
    await fc.assert(fc.asyncProperty(hostileText, collect), { numRuns: 5 });
    expect(said.length).toBeGreaterThan(5);
  });

  test("does not show the token that was sent", async () => {
    const { said, errors } = await everythingSaid(answering(`a ${TOKEN} b`));
    expect(said.length).toBeGreaterThan(0);
    expect(JSON.stringify([said, errors])).not.toContain("canary");
  });
});

test.each([
  ["Location", 307, "location"],
  ["the request's id", 404, "x-github-request-id"],
])("%s does not show the token that was sent", async (_what, status, name) => {
  const { said } = await everythingSaid(json(status, {}, { [name]: `https://example.com/?t=${TOKEN}` }));
  expect(said.join()).toMatch(/\?t=\*\*\*/);
  expect(said.join()).not.toContain("canary");
});

test("a token that is spelled with escape sequences is not shown", async () => {
  const spelled = [...TOKEN].map((letter) => `\\u00${letter.charCodeAt(0).toString(16)}`).join("");
  const { said } = await everythingSaid((_request, response) => {
    response.writeHead(403, { "content-type": "application/json" }).end(`{"message":"your ${spelled}"}`);
  });
  expect(said.join()).toContain('"your ***"');
  expect(said.join()).not.toContain("canary");
});

test("nothing of an answer is printed by a library: it would go round us", async () => {
  const streams = [process.stdout, process.stderr].map((stream) => jest.spyOn(stream, "write"));
  const spies = [...streams, jest.spyOn(process, "emitWarning").mockImplementation(() => undefined)];
  const logs = (["log", "warn", "error", "info", "debug"] as const).map((name) =>
    jest.spyOn(console, name).mockImplementation(() => undefined),
  );
  const check = async (text: string) => {
    // What a header can carry of it.
    const value = text.replace(/[^\t\x20-\x7e\x80-\xff]/g, "").slice(0, 1_000);
    const headers = {
      deprecation: value,
      sunset: value,
      link: `<${value}>; rel="deprecation"`,
      warning: value,
    };
    await everythingSaid(json(200, { total_count: 0, deployment_records: [] }, headers));
    await everythingSaid(json(404, { message: text }, headers));
  };
  await check("::error::now");
  await check(EVERYTHING_HOSTILE);
  await fc.assert(fc.asyncProperty(hostileText, check), { numRuns: 5 });
  expect([...spies, ...logs].flatMap((spy) => spy.mock.calls)).toEqual([]);
  jest.restoreAllMocks();
});

test("a content type that cannot be read is an answer like any other, and not a lost connection", async () => {
  let requests = 0;
  const { errors } = await everythingSaid((_request, response) => {
    requests++;
    response.writeHead(403, { "content-type": ";;;" }).end("no");
  });
  expect(errors.map(({ name }) => name)).toEqual(["ForbiddenError", "ForbiddenError"]);
  // The create, the refresh, and the removal, which lists before it writes.
  expect(requests).toBe(4);
});

/** Zeros that gzip to a thousandth. */
const bomb =
  (status: number, head: string, megabytes: number): Answering =>
  (_request, response) => {
    response.writeHead(status, { "content-type": "application/json", "content-encoding": "gzip" });
    const gzip = createGzip({ level: 1 });
    gzip.pipe(response);
    gzip.on("error", () => undefined);
    const part = Buffer.alloc(2 ** 20, " ");
    gzip.write(head);
    let left = megabytes;
    const more = () => {
      while (left-- > 0) if (!gzip.write(part)) return void gzip.once("drain", more);
      gzip.end();
    };
    response.on("close", () => (left = 0));
    more();
  };

test("600 MB of gzip are refused after the part that an answer may have, and not asked for again", async () => {
  let requests = 0;
  const sent = bomb(200, "{", 600);
  const before = process.memoryUsage().rss;
  const { errors } = await everythingSaid((request, response) => {
    requests++;
    sent(request, response);
  });
  expect(errors.map(({ message }) => /longer than (\d+) MB and was not read/.exec(message)?.[1])).toEqual([
    "1",
    "16",
    "16",
  ]);
  expect(requests).toBe(3);
  expect((process.memoryUsage().rss - before) / 2 ** 20).toBeLessThan(200);
});

test("of an error answer that is too long, the status is kept", async () => {
  const { errors } = await everythingSaid(bomb(403, '{"message":"', 600));
  expect(errors[0]).toMatchObject({ name: "ForbiddenError", status: 403 });
});

test.each([
  ["lists in lists", `{"deployment_records":${"[".repeat(100_000)}${"]".repeat(100_000)}}`],
  ["a million records that are none", `{"deployment_records":[${"0,".repeat(1_000_000)}0]}`],
])("%s are an unusable answer, and not a lost connection", async (_what, body) => {
  let requests = 0;
  const { errors } = await everythingSaid((_request, response) => {
    requests++;
    response.writeHead(200, { "content-type": "application/json" }).end(body);
  });
  expect(errors.map(({ name }) => name)).toEqual(Array(3).fill("UnexpectedAnswerError"));
  expect(requests).toBe(3);
});
