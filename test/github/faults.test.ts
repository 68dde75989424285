import type { FaultAction, RedirectStatus } from "../../local/github";
import { secondaryLimit } from "../../local/github";
import { ask, deployment, DEPLOYMENT, deploymentsOf, send, serve } from "./client";
import { count, outcome, pause, write } from "./outcomes";

const WHEN = ["before", "after"] as const;
const written = (when: "before" | "after") => (when === "after" ? 1 : 0);

async function withFault(when: "before" | "after", action: FaultAction) {
  const { github } = await serve();
  const handle = github.fault({ match: { method: "POST" }, when, do: action });
  return { github, handle };
}

describe.each(WHEN)("%s the commit,", (when) => {
  test("a reset ends the connection without an answer", async () => {
    const { github, handle } = await withFault(when, "reset");
    expect(await outcome(write(github))).toBe("ECONNRESET");
    expect([count(github), handle.hits]).toEqual([written(when), 1]);
    expect(github.requests[0]?.status).toBeNull();
    expect((await write(github)).status).toBe(200);
    expect(count(github)).toBe(1);
  });

  test("a body that is cut off ends before its length", async () => {
    const { github } = await withFault(when, "cut-off");
    expect(await outcome(write(github))).toBe("ECONNRESET");
    expect(count(github)).toBe(written(when));
    expect(github.requests[0]?.status).toBe(200);
  });

  test("malformed JSON comes with status 200", async () => {
    const { github } = await withFault(when, "malformed-json");
    const { status, text, headers } = await write(github);
    expect([status, headers["content-type"]]).toEqual([200, "application/json; charset=utf-8"]);
    expect(text.length).toBeGreaterThan(10);
    expect(() => JSON.parse(text) as unknown).toThrow(SyntaxError);
    expect(count(github)).toBe(written(when));
  });

  test("a page of HTML comes with status 200", async () => {
    const { github } = await withFault(when, "html");
    const { status, text, headers } = await write(github);
    expect([status, headers["content-type"]]).toEqual([200, "text/html; charset=utf-8"]);
    expect(text).toMatch(/^<!DOCTYPE html>/);
    expect(count(github)).toBe(written(when));
  });

  test("an answer of the wrong content type is JSON that says it is text", async () => {
    const { github } = await withFault(when, "wrong-content-type");
    const { status, text, headers } = await write(github);
    expect([status, headers["content-type"]]).toEqual([200, "text/plain; charset=utf-8"]);
    expect(JSON.parse(text)).toMatchObject({ total_count: written(when) });
    expect(count(github)).toBe(written(when));
  });

  test("a request may never be answered", async () => {
    const { github, handle } = await withFault(when, "never-answer");
    const stop = new AbortController();
    const reply = outcome(send(github, DEPLOYMENT, { body: deployment(), signal: stop.signal }));
    await handle.arrived;
    expect(await Promise.race([reply, pause(50)])).toBe("still waiting");
    expect(count(github)).toBe(written(when));
    stop.abort();
    expect(await reply).toBe("ABORT_ERR");
    expect(github.requests[0]?.status).toBeNull();
  });

  test("a body may never end", async () => {
    const { github } = await withFault(when, "never-end");
    const response = await fetch(`${github.url}${DEPLOYMENT.replace("POST ", "")}`, {
      method: "POST",
      headers: {
        accept: "application/vnd.github+json",
        authorization: `Bearer ${github.token}`,
        "content-type": "application/json",
        "x-github-api-version": "2022-11-28",
      },
      body: JSON.stringify(deployment()),
    });
    expect([response.status, response.headers.get("content-type")]).toEqual([
      200,
      "application/json; charset=utf-8",
    ]);
    const reader = response.body?.getReader();
    const first = await reader?.read();
    expect(new TextDecoder().decode(first?.value as Uint8Array)).toMatch(/^\{"total/);
    expect(await Promise.race([reader?.read(), pause(50)])).toBe("still waiting");
    expect(count(github)).toBe(written(when));
    await reader?.cancel();
  });

  test("a delayed request goes on after its time", async () => {
    const { github, handle } = await withFault(when, { delay: 60 });
    const start = performance.now();
    const reply = write(github);
    await handle.arrived;
    expect(count(github)).toBe(written(when));
    expect((await reply).status).toBe(200);
    // Timers may fire a millisecond early.
    expect(performance.now() - start).toBeGreaterThan(55);
    expect(count(github)).toBe(1);
  });

  test("another status takes the answer's place", async () => {
    const { github } = await withFault(when, { status: 503, headers: { "Retry-After": "30" } });
    const { body, ...reply } = await ask(github, DEPLOYMENT, { body: deployment() });
    expect(reply).toMatchObject({
      status: 503,
      headers: { "retry-after": "30", "x-ratelimit-limit": "5000" },
    });
    expect(body).toMatchObject({ message: "Service Unavailable", status: "503" });
    expect(count(github)).toBe(written(when));
  });

  test("the body of another status is sent as it is where it is a text", async () => {
    const { github } = await withFault(when, {
      status: 502,
      headers: { "Content-Type": "text/html" },
      body: "<h1>Bad gateway</h1>",
    });
    const { status, text, headers } = await write(github);
    expect([status, text, headers["content-type"]]).toEqual([502, "<h1>Bad gateway</h1>", "text/html"]);
  });

  test("headers of another status replace the usual ones", async () => {
    const headers = { "X-RateLimit-Remaining": "0", "x-ratelimit-reset": "1" };
    const { github } = await withFault(when, { status: 403, headers, body: { message: "no" } });
    const reply = await write(github);
    expect(JSON.parse(reply.text)).toEqual({ message: "no" });
    expect(reply.headers).toMatchObject({ "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1" });
  });

  test.each<RedirectStatus>([301, 302, 303, 307, 308])(
    "a redirect with %s names its location",
    async (redirect) => {
      const location = "http://127.0.0.1:9/elsewhere";
      const { github } = await withFault(when, { redirect, location });
      const { status, headers, text } = await write(github);
      expect([status, headers.location]).toEqual([redirect, location]);
      expect(JSON.parse(text)).toMatchObject({ url: location, status: String(redirect) });
      expect(count(github)).toBe(written(when));
    },
  );

  test("another body takes the true one's place", async () => {
    const { github } = await withFault(when, { json: { deployment_records: "none" } });
    const { status, text } = await write(github);
    expect([status, text]).toEqual([200, '{"deployment_records":"none"}']);
    expect(count(github)).toBe(written(when));
  });

  test("a secondary limit answers as GitHub does", async () => {
    const { github } = await withFault(
      when,
      secondaryLimit({ retryAfter: 7, status: 429, wording: "content" }),
    );
    const { body, status, headers } = await ask(github, DEPLOYMENT, { body: deployment() });
    expect([status, headers["retry-after"]]).toEqual([429, "7"]);
    expect(body.message).toMatch(/content creation/);
    expect(count(github)).toBe(written(when));
  });

  test("a held request waits until it is released", async () => {
    const { github, handle } = await withFault(when, "hold");
    const reply = outcome(write(github));
    expect(await handle.arrived).toMatchObject({ method: "POST", body: deployment(), status: null });
    expect(await Promise.race([reply, pause(30)])).toBe("still waiting");
    expect(count(github)).toBe(written(when));
    handle.release();
    expect(await reply).toMatchObject({ status: 200 });
    expect(count(github)).toBe(1);
  });

  test("a held request that is dropped gets no answer", async () => {
    const { github, handle } = await withFault(when, "hold");
    const reply = outcome(write(github));
    await handle.arrived;
    handle.drop();
    expect(await reply).toBe("ECONNRESET");
    expect(count(github)).toBe(written(when));
  });

  test("a held request goes on when its fault is removed", async () => {
    const { github, handle } = await withFault(when, "hold");
    const reply = write(github);
    await handle.arrived;
    handle.remove();
    expect((await reply).status).toBe(200);
    expect((await write(github)).status).toBe(200);
    expect(handle.hits).toBe(1);
  });
});

test("a link is added to the true answer", async () => {
  const { github } = await serve();
  await write(github);
  github.fault({ when: "after", do: { link: "http://127.0.0.1:9/next" } });
  const reply = await ask(github, deploymentsOf());
  expect(reply.headers.link).toBe('<http://127.0.0.1:9/next>; rel="next"');
  expect(reply.body.total_count).toBe(1);
});

test("a function makes another body of the true one, and cannot change what the server keeps", async () => {
  const { github } = await serve({ firstId: 2n ** 60n });
  await send(github, DEPLOYMENT, {
    body: deployment({ tags: { team: "shop" }, runtime_risks: ["sensitive-data"] }),
  });
  const seen: unknown[] = [];
  const change = (answer: {
    deployment_records: { id: bigint; tags: object; runtime_risks: string[] }[];
  }) => {
    for (const record of answer.deployment_records) {
      seen.push(record.id);
      Object.assign(record.tags, { team: "other" });
      record.runtime_risks.pop();
    }
    return { ...answer, total_count: 7 };
  };
  github.fault({ when: "after", do: { json: change } });
  const { text } = await send(github, deploymentsOf());
  expect(JSON.parse(text)).toMatchObject({
    total_count: 7,
    deployment_records: [{ tags: { team: "other" } }],
  });
  expect(seen.map(String)).toEqual([github.deploymentRecords()[0]?.id]);
  expect(text).toContain(String(seen[0]));
  expect(github.deploymentRecords()).toMatchObject([
    { tags: { team: "shop" }, runtime_risks: ["sensitive-data"] },
  ]);
});

test("a function that fails is a failure of the server, not a silence", async () => {
  const { github } = await serve();
  const failing = () => {
    throw new Error("there are no records");
  };
  github.fault({ when: "after", do: { json: failing } });
  const reply = await ask(github, deploymentsOf());
  expect([reply.status, reply.body.message]).toEqual([500, "The stand-in failed: there are no records"]);
});

test.each<FaultAction>([{ link: "http://127.0.0.1:9" }, { json: (body: unknown) => body }])(
  "%s needs an answer, so it is refused before the commit",
  async (action) => {
    const { github } = await serve();
    expect(() => github.fault({ when: "before", do: action })).toThrow(/when: "after"/);
    expect((await write(github)).status).toBe(200);
  },
);
