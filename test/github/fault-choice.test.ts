import type { FaultAction, FaultOptions, GitHub } from "../../local/github";
import { DEPLOYMENT, deploymentsOf, DIGEST, send, serve } from "./client";
import { count, outcome, write } from "./outcomes";

describe("which requests are hit:", () => {
  const unavailable: Pick<FaultOptions, "when" | "do"> = { when: "before", do: { status: 503 } };
  const statuses = async (github: GitHub, names: string[]) => {
    const seen: number[] = [];
    for (const name of names) seen.push((await write(github, name)).status);
    return seen;
  };

  test("the first one, once, where nothing else is said", async () => {
    const { github } = await serve();
    const handle = github.fault(unavailable);
    expect(await statuses(github, ["a", "b"])).toEqual([503, 200]);
    expect(handle.hits).toBe(1);
  });

  test("as many as that is said", async () => {
    const { github } = await serve();
    github.fault({ ...unavailable, times: 3 });
    expect(await statuses(github, ["a", "b", "c", "d"])).toEqual([503, 503, 503, 200]);
  });

  test("from the one that is counted on", async () => {
    const { github } = await serve();
    github.fault({ ...unavailable, match: { nth: 3 }, times: 2 });
    expect(await statuses(github, ["a", "b", "c", "d", "e"])).toEqual([200, 200, 503, 503, 200]);
  });

  test("counted among those that match otherwise", async () => {
    const { github } = await serve();
    github.fault({ ...unavailable, match: { method: "post", nth: 2 } });
    const first = await write(github);
    const list = await send(github, deploymentsOf());
    expect([first.status, list.status, (await write(github)).status]).toEqual([200, 200, 503]);
  });

  test("by operation, by path and by body", async () => {
    const { github } = await serve();
    const path = DEPLOYMENT.replace("POST ", "");
    const named = (name: string) => (body: unknown) =>
      (body as { deployment_name?: string } | undefined)?.deployment_name === name;
    github.fault({
      when: "before",
      do: { status: 501 },
      match: { operation: "list-artifact-deployment-records" },
    });
    github.fault({ when: "before", do: { status: 502 }, match: { path, body: named("a") } });
    github.fault({
      when: "before",
      do: { status: 503 },
      match: { path: /deployment-record$/g, body: named("b") },
    });
    github.fault({ when: "before", do: { status: 504 }, match: { path: `${path}s` } });
    expect(await statuses(github, ["c", "b", "a", "b"])).toEqual([200, 503, 502, 200]);
    expect((await send(github, deploymentsOf())).status).toBe(501);
    expect((await send(github, deploymentsOf(DIGEST, "ACME"))).status).toBe(200);
  });

  test("none any more when it is removed", async () => {
    const { github } = await serve();
    const handle = github.fault({ ...unavailable, times: 10 });
    expect(await statuses(github, ["a"])).toEqual([503]);
    handle.remove();
    expect(await statuses(github, ["b"])).toEqual([200]);
  });

  test("not even one that is on its way to a fault when it is removed", async () => {
    const { github } = await serve();
    const held = github.fault({ when: "before", do: "hold" });
    const next = github.fault({ when: "after", do: { status: 503 } });
    const reply = write(github);
    await held.arrived;
    next.remove();
    held.release();
    expect((await reply).status).toBe(200);
    expect(next.hits).toBe(0);
  });

  test("one that an earlier fault ended does not use up the next fault", async () => {
    const { github } = await serve();
    const before = github.fault({ when: "before", do: "reset" });
    const after = github.fault({ when: "after", do: "reset" });
    const last = github.fault({ when: "after", do: { status: 503 } });
    expect(await outcome(write(github))).toBe("ECONNRESET");
    expect([before.hits, after.hits, last.hits, count(github)]).toEqual([1, 0, 0, 0]);
    expect(await outcome(write(github))).toBe("ECONNRESET");
    expect([before.hits, after.hits, last.hits, count(github)]).toEqual([1, 1, 0, 1]);
    expect(await statuses(github, ["a", "b"])).toEqual([503, 200]);
  });

  test("by several faults in their order, where they let it go on", async () => {
    const { github } = await serve();
    github.fault({ when: "after", do: { link: "http://127.0.0.1:9" } });
    github.fault({ when: "after", do: { delay: 1 } });
    github.fault({ when: "after", do: { json: (body: object) => ({ ...body, more: true }) } });
    const { text, headers } = await write(github);
    expect(JSON.parse(text)).toMatchObject({ total_count: 1, more: true });
    expect(headers.link).toBe('<http://127.0.0.1:9>; rel="next"');
  });

  test("those that are refused too: a fault acts after the refusal", async () => {
    const { github } = await serve({ attested: [] });
    github.fault({ when: "after", do: "wrong-content-type" });
    const { status, text } = await write(github);
    expect([status, JSON.parse(text)]).toMatchObject([404, { message: "no artifacts found" }]);
  });
});

describe("when the server closes,", () => {
  test.each<FaultAction>(["hold", "never-answer", "never-end", { delay: 60_000 }])(
    "a request that waits for %s ends without an answer, and writes nothing more",
    async (action) => {
      const { github } = await serve();
      const handle = github.fault({ when: "before", do: action });
      const reply = outcome(write(github));
      await handle.arrived;
      await github.close();
      expect(await reply).toBe("ECONNRESET");
      expect(count(github)).toBe(0);
    },
  );

  test("it may be closed again", async () => {
    const { github } = await serve();
    await github.close();
    await github.close();
    expect(await outcome(write(github))).toBe("ECONNREFUSED");
  });
});
