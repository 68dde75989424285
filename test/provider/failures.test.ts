import { recordInputs } from "../support/provider";
import type { FaultOptions } from "../../local/github";
import { create, failureOf, newScene, requestsOf, withoutPauses, WRITE } from "../support/scene";

const answer = (status: number, message?: string, headers: Record<string, string> = {}): FaultOptions => ({
  when: "before",
  do: { status, headers, ...(message === undefined ? {} : { body: { message } }) },
});

/** One create with this answer; the error, and how many requests there were. */
async function createWith(fault: FaultOptions) {
  const scene = await newScene();
  scene.github.fault(fault);
  const error = await failureOf(create(scene, recordInputs()));
  return { message: error.message, stack: error.stack, requests: requestsOf(scene.github), scene };
}

describe("an answer that no repetition makes better is one request, and an error that says what to do", () => {
  test.each([
    [401, "Bad credentials", /answered with 401 "Bad credentials".*token is wrong or has expired/],
    [403, "Resource not accessible by personal access token", /403.*"Artifact metadata: write"/],
    [404, "Not Found", /404 "Not Found".*Check that acme is an organisation.*single sign-on/],
    [404, "no artifacts found", /has no artifact.*Possible causes:/],
    [422, "Invalid request.", /422 "Invalid request\.".*refused/],
    [400, "Problems parsing JSON", /400 "Problems parsing JSON"/],
    [409, "Conflict", /409 "Conflict"/],
  ])("%i %s", async (status, text, message) => {
    const failed = await createWith(answer(status, text));
    expect(failed.message).toMatch(message);
    expect(failed.message).toContain(WRITE);
    expect(failed.message).toMatch(/request id [0-9A-F]+/);
    expect(failed.stack).toBe("");
    expect(failed.requests).toEqual([WRITE]);
  });

  test("422 names the fields that GitHub names", async () => {
    const scene = await newScene();
    const errors = [
      { resource: "body", field: "tags", code: "invalid", message: "has too many" },
      "and a text",
    ];
    scene.github.fault({
      when: "before",
      do: { status: 422, body: { message: "Invalid request.", errors } },
    });
    const error = await failureOf(create(scene, recordInputs()));
    expect(error.message).toMatch(/tags.*has too many.*and a text/);
  });

  test("the local server's own refusals: a wrong token, an unknown organisation, a read-only token", async () => {
    const scene = await newScene();
    scene.github.setToken("ghp_reader", { permission: "read" });
    const tries = [
      [
        { token: "ghp_wrong" },
        "acme",
        /401.*\(this one is from configuration artifact-metadata:token\)\. `pulumi refresh --run-program` and .* saved\.$/,
      ],
      [{ token: "ghp_reader" }, "acme", /403.*Artifact metadata: write/],
      [{}, "nobody", /404.*nobody is an organisation/],
    ] as const;
    for (const [config, org, message] of tries) {
      const run = await scene.another(config);
      expect((await failureOf(run.provider.create(recordInputs({ org })))).message).toMatch(message);
    }
    expect(scene.github.requests).toHaveLength(tries.length);
  });
});

describe("what may pass is tried again", () => {
  beforeEach(withoutPauses);

  test.each([500, 502, 503, 504])("%i: with the same request, until it is answered", async (status) => {
    const scene = await newScene();
    scene.github.fault({ ...answer(status), times: 3 });
    await create(scene, recordInputs({ tags: { team: "shop" } }));
    const [first, ...others] = scene.github.requests.map(({ method, path, headers, body }) => ({
      ...{ method, path, headers, body },
    }));
    expect(others).toEqual([first, first, first]);
    expect(scene.github.deploymentRecords()).toHaveLength(1);
    expect(scene.warnings).toEqual([]);
  });

  test.each([500, 503])("%i: at most four times", async (status) => {
    const scene = await newScene();
    scene.github.fault({ ...answer(status, "down for maintenance"), times: 99 });
    const error = await failureOf(create(scene, recordInputs()));
    expect(scene.github.requests).toHaveLength(4);
    expect(error.message).toMatch(new RegExp(`${status} down for maintenance.*4 times`));
  });

  test("a server that is not there is tried four times, and named by its fault", async () => {
    const scene = await newScene();
    await scene.github.close();
    const error = await failureOf(create(scene, recordInputs()));
    expect(error.message).toMatch(/was not sent: cannot connect to 127\.0\.0\.1 \(ECONNREFUSED\).*4 times/);
    expect(error.stack).toBe("");
  });
});

describe("how long to wait is what GitHub says", () => {
  const secondary =
    "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.";

  const dated = (time: string) => answer(429, "Too many requests", { "retry-after": time });

  test("Retry-After is waited for, and then the request is sent again", async () => {
    const scene = await newScene();
    scene.github.fault(answer(429, "Too many requests", { "retry-after": "1" }));
    await create(scene, recordInputs());
    const [first, second] = scene.github.requests;
    expect((second?.time ?? 0) - (first?.time ?? 0)).toBeGreaterThanOrEqual(1000);
  });

  test.each([
    ["429 with Retry-After", answer(429, "Too many requests", { "retry-after": "400" }), 400],
    ["429 with Retry-After as a date", dated("Thu, 01 Jan 2026 00:06:40 GMT"), 400],
    ["429 with a time that is none", dated("soon"), 60],
    ["429 with an empty time", dated(""), 60],
    ["429 with a time without end", dated("9".repeat(400)), 1_000_000],
    ["503 with Retry-After", answer(503, "Unavailable", { "retry-after": "400" }), 400],
    ["a secondary limit with Retry-After", answer(403, secondary, { "retry-after": "400" }), 400],
    ["a secondary limit that names no time", answer(403, secondary), 60],
    ["abuse detection", answer(403, "You have triggered an abuse detection mechanism."), 60],
    ["429 that names no time", answer(429, "Slow down"), 60],
  ])("%s: a wait past the deadline is an error at once", async (_what, fault, seconds) => {
    const scene = await newScene({ config: { timeoutSeconds: "50" } });
    scene.github.fault(fault);
    const error = await failureOf(create(scene, recordInputs()));
    expect(error.message).toMatch(new RegExp(`wait ${seconds} s.*timeoutSeconds, 50 s`));
    expect(scene.github.requests).toHaveLength(1);
  });

  test.each([403, 429])("an exhausted limit, %i, waits for the reset by GitHub's clock", async (status) => {
    const scene = await newScene({ config: { timeoutSeconds: "50" } });
    const reset = String(scene.clock.now() / 1000 + 120);
    const headers = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": reset };
    scene.github.fault(answer(status, "API rate limit exceeded for user ID 1.", headers));
    const error = await failureOf(create(scene, recordInputs()));
    expect(error.message).toMatch(/wait 120 s/);
    expect(scene.github.requests).toHaveLength(1);
  });

  test("a missing permission is no rate limit, whatever is left of the limit", async () => {
    const scene = await newScene();
    scene.github.setToken(scene.github.token, { permission: "none" });
    scene.github.setRemaining(10);
    expect((await failureOf(create(scene, recordInputs()))).message).toMatch(/needs the permission/);
    expect(scene.github.requests).toHaveLength(1);
  });
});
