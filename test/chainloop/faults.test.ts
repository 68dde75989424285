/** When things go wrong (docs/reliability.md): the same rules as for GitHub, through the same code. */
import { setTimeout as rest } from "node:timers/promises";
import { inspect } from "node:util";
import { startChainloop } from "../../local/chainloop";
import type { ChainloopOptions, ChainloopRules } from "../../local/chainloop";
import type { FaultAction } from "../../local/http/faults";
import {
  body,
  bodiesOf,
  create,
  inputs,
  newScene,
  refresh,
  remove,
  requestsOf,
  statusesOf,
  update,
} from "../support/chainloop";
import type { Scene } from "../support/chainloop";
import { failureOf } from "../support/sets";
import { virtualTime } from "../support/time";

/** A scene whose time passes only where a test lets it pass. */
async function timedScene(config: Record<string, string> = {}, server: ChainloopOptions = {}) {
  const time = virtualTime();
  const begin = time.now();
  const sentAt: number[] = [];
  const onRequest = () => void sentAt.push((time.now() - begin) / 1000);
  const scene = await newScene({ config, time, server: { now: time.now, onRequest, ...server } });
  return {
    ...{ ...scene, sentAt },
    async passing<T>(work: Promise<T>): Promise<T> {
      let ended = false;
      const watched = work.finally(() => (ended = true));
      watched.catch(() => undefined);
      while (!ended) {
        await rest(1);
        if (time.sleeping > 0 && !ended) await time.advance(500);
      }
      return watched;
    },
  };
}

test.each(["before", "after"] as const)(
  "line 4 of the list: a connection that is reset %s the write: the identical body again, and one record",
  async (when) => {
    const scene = await timedScene();
    scene.chainloop.fault({ when, do: "reset", times: 3 });
    const { outs } = await scene.passing(create(scene));
    expect(bodiesOf(scene)).toEqual([body(), body(), body(), body()]);
    expect(scene.chainloop.deployments()).toHaveLength(1);
    expect(outs.recordId).toBe(scene.chainloop.deployments()[0]?.id);
  },
);

test("line 4 of the list: at most 4 tries", async () => {
  const scene = await timedScene();
  scene.chainloop.fault({ when: "before", do: "reset", times: Infinity });
  const { message } = await failureOf(scene.passing(create(scene)));
  expect(message).toBe(
    "POST /v1/deployments did not succeed: ECONNRESET (tried 4 times). Chainloop may have carried it out. " +
      "Run the same command again; writing a record twice does no harm.",
  );
  expect(scene.chainloop.requests).toHaveLength(4);
});

test("line 5 of the list: an answer that was cut off is a lost connection: the identical body again, and one record", async () => {
  const scene = await timedScene();
  scene.chainloop.fault({ when: "after", do: "cut-off", times: 3 });
  await scene.passing(create(scene));
  expect(bodiesOf(scene)).toEqual([body(), body(), body(), body()]);
  expect(scene.chainloop.deployments()).toHaveLength(1);
});

test.each<FaultAction>(["malformed-json", "html", "wrong-content-type"])(
  "line 5 of the list: an answer that is %s is an error that says so, and no success",
  async (action) => {
    const scene = await timedScene();
    scene.chainloop.fault({ when: "after", do: action });
    const { message } = await failureOf(scene.passing(create(scene)));
    expect(message).toBe(
      "POST /v1/deployments was answered with 200. The answer is cut off, or it is not JSON. A proxy or firewall between here " +
        "and Chainloop may be changing responses. Run the same command again; writing a record twice does no harm.",
    );
    expect(scene.chainloop.requests).toHaveLength(1);
  },
);

describe.each<[string, FaultAction]>([
  ["200 and no body", { status: 200, body: "" }],
  ["201 and no body", { status: 201, body: "" }],
  ["204", { status: 204, body: "" }],
  ["somebody else's JSON", { json: { message: "Welcome to the guest network" } }],
  ["202 and no record", { status: 202, body: {} }],
  ["null", { json: null }],
])("line 5 of the list: a write answered with %s", (_what, action) => {
  const writes = { match: { method: "POST" }, do: action, times: Infinity };
  const methods = ({ chainloop }: Scene) => chainloop.requests.splice(0).map(({ method }) => method);

  test("is read once, and what is listed since then is written", async () => {
    const scene = await newScene();
    scene.chainloop.fault({ ...writes, when: "after" });
    const saved = await create(scene);
    expect(methods(scene)).toEqual(["POST", "GET"]);
    expect(saved.outs.recordId).toBe(scene.chainloop.deployments()[0]?.id);
    scene.clock.advance(5_000);
    const again = await update(scene, saved, inputs({ artifactVersion: "2.0.0" }));
    expect(again.outs.updatedAt).toBe("2026-01-01T00:00:05.000Z");
    await remove(scene.another(), again);
    expect(statusesOf(scene)).toEqual(["a1a1 DECOMMISSIONED"]);
    expect(scene.warnings).toEqual([]);
  });

  test("and not listed since then is an error: it may be written", async () => {
    const scene = await newScene();
    const saved = await create(scene);
    scene.clock.advance(5_000);
    scene.chainloop.fault({ ...writes, when: "before" });
    for (const work of [() => update(scene, saved, inputs()), () => remove(scene.another(), saved)]) {
      const { message } = await failureOf(work());
      expect(message).toMatch(
        /The response does not show what was written, and Chainloop does not list the record as written since then/,
      );
    }
    expect(statusesOf(scene)).toEqual(["a1a1 DEPLOYED"]);
  });

  test("that cannot be read is an error that says so", async () => {
    const scene = await newScene();
    scene.chainloop.fault({ ...writes, when: "after" });
    scene.chainloop.fault({ match: { method: "GET" }, when: "before", do: { status: 403 } });
    const { message } = await failureOf(create(scene));
    expect(message).toMatch(/what was written cannot be read: it may have been written all the same/);
  });
});

test.each([500, 502, 503, 504])("line 6 of the list: %i is tried again", async (status) => {
  const scene = await timedScene();
  scene.chainloop.fault({ when: "before", do: { status }, times: 2 });
  await scene.passing(create(scene));
  expect(scene.chainloop.requests).toHaveLength(3);
});

test.each([429, 503])(
  "line 7 of the list: %i with Retry-After: nobody sends earlier, and the user is told once",
  async (status) => {
    const scene = await timedScene();
    scene.chainloop.fault({ when: "before", do: { status, headers: { "retry-after": "30" } } });
    const others = [inputs({ deploymentName: "a" }), inputs({ deploymentName: "b" })];
    await scene.passing(create(scene));
    await scene.passing(Promise.all(others.map((one) => create(scene, one))));
    expect(scene.sentAt.slice(1).every((seconds) => seconds >= 30)).toBe(true);
    expect(scene.warnings).toEqual([
      expect.stringMatching(/^Chainloop asks to wait 30 s, until .*; no requests are sent until then\.$/),
    ]);
  },
);

test("line 8 of the list: a plain 403 is one request, and names what is missing", async () => {
  const scene = await newScene({ server: { tokens: { reader: { permission: "read" } } } });
  const { message } = await failureOf(create(scene.another({ chainloopToken: "reader" })));
  expect(message).toBe(
    'POST /v1/deployments was answered with 403 "permission denied: deployments:write". The Chainloop token is not allowed to ' +
      'write deployments of environment "production": give it a role that is, or set another one ' +
      "(artifact-metadata:chainloopToken, or CHAINLOOP_TOKEN).",
  );
  expect(scene.chainloop.requests).toHaveLength(1);
});

test("a wrong token is one request, and says which setting it is", async () => {
  const scene = await newScene();
  const { message } = await failureOf(create(scene.another({ chainloopToken: "wrong" })));
  expect(message).toMatch(
    / was answered with 401 .* set artifact-metadata:chainloopToken \(or CHAINLOOP_TOKEN\)/,
  );
  expect(scene.chainloop.requests).toHaveLength(1);
});

test("an environment that there is not, and what Chainloop refuses, are said in its own words", async () => {
  const scene = await newScene({ server: { environments: ["staging"] } });
  const missing = await failureOf(create(scene));
  expect(missing.message).toMatch(
    /404 "environment \\"production\\" not found"\..* and that environment "production" exists/,
  );
  const message = "validation error: deployment_name is too long";
  scene.chainloop.fault({ when: "before", do: { status: 400, body: { code: 3, message, details: [] } } });
  const refused = await failureOf(create(scene));
  expect(refused.message).toBe(
    `POST /v1/deployments was answered with 400 "${message}". The request was refused. Check this resource's ` +
      "properties: Chainloop documents no limits for them, so they were not checked before.",
  );
});

test.each<FaultAction>(["never-answer", "never-end"])(
  "line 10 of the list: %s: it fails at the deadline",
  async (action) => {
    const scene = await newScene({ config: { timeoutSeconds: "1" } });
    scene.chainloop.fault({ when: "before", do: action, times: Infinity });
    const { message } = await failureOf(scene.provider.create(inputs()));
    expect(message).toMatch(/^POST \/v1\/deployments did not succeed: the deadline passed/);
  },
);

test.each([301, 302, 303, 307, 308] as const)(
  "line 11 of the list: %i is never success, and no token goes to the other host",
  async (redirect) => {
    const other = await startChainloop();
    const scene = await newScene();
    scene.chainloop.fault({ when: "before", do: { redirect, location: `${other.url}/v1/deployments` } });
    const { message } = await failureOf(create(scene)).finally(() => other.close());
    expect(message).toMatch(/which is not followed: .* Check artifact-metadata:chainloopUrl\.$/);
    expect(other.requests).toEqual([]);
  },
);

test("line 26 of the list: the token is found nowhere: in no error, no warning, no state", async () => {
  const canary = "chainloop-canary-7d1f";
  const scene = await newScene({ server: { token: canary } });
  const said: unknown[] = [];
  const saved = await create(scene);
  said.push(saved, await refresh(scene, saved));
  const faults: FaultAction[] = [
    "reset",
    "html",
    { status: 403 },
    { status: 401 },
    { redirect: 307, location: "http://x" },
  ];
  for (const fault of faults) {
    scene.chainloop.fault({ when: "before", do: fault, times: 4 }).arrived.catch(() => undefined);
    said.push(await failureOf(create(scene.another())), scene.chainloop.requests);
  }
  scene.chainloop.reset();
  const run = scene.another();
  await remove(run, saved);
  said.push(run.warnings, scene.warnings);
  const shown = inspect(said, { depth: Infinity, showHidden: true });
  expect(shown).toContain("POST /v1/deployments");
  expect(shown).not.toContain(canary);
});

test("a dead server stops what was not sent yet, and names Chainloop", async () => {
  const scene = await timedScene();
  scene.chainloop.fault({ when: "before", do: { status: 500 }, times: Infinity });
  const many = Array.from({ length: 200 }, (_, index) =>
    create(scene, inputs({ deploymentName: `web-${index}` })),
  );
  const errors = await scene.passing(Promise.all(many.map(failureOf)));
  expect(errors.some(({ message }) => /Chainloop answered none of the last \d+ requests/.test(message))).toBe(
    true,
  );
  expect(scene.chainloop.requests.length).toBeLessThanOrEqual(150);
});

test.each([
  [true, 1],
  // Where Chainloop does not know that filter, all of the environment is read: from the first page again, by hundreds.
  [false, 3],
])("where lists are filtered by name (%j), a refresh reads %i pages", async (filterNames, pages) => {
  const scene = await newScene({ server: { rules: { filterNames } } });
  const saved = await create(scene);
  for (let index = 0; index < 120; index++)
    scene.chainloop.writeDeployment(body({ deployment_name: `shop-web-web-${index}` }));
  expect((await refresh(scene, saved)).inputs).toEqual(inputs());
  expect(requestsOf(scene).filter((one) => one.startsWith("GET"))).toHaveLength(pages);
});

const fewToAPage = async (rules: Partial<ChainloopRules>) => {
  const scene = await newScene({ server: { rules: { filterNames: false, maxPageSize: 2, ...rules } } });
  const saved = await create(scene);
  for (let index = 0; index < 4; index++)
    scene.chainloop.writeDeployment(body({ deployment_name: `web-${index}` }));
  const reads = () => requestsOf(scene).filter((one) => one.startsWith("GET")).length;
  return { scene, saved, reads };
};

test.each([0, 1] as const)(
  "a list whose first page is %i is read to its last one, and no page is asked for that there is not",
  async (firstPage) => {
    for (const omitEmpty of [false, true]) {
      const { scene, saved, reads } = await fewToAPage({ firstPage, omitEmpty });
      expect((await refresh(scene, saved)).inputs).toEqual(inputs());
      // The first one twice: what it is called, its first answer says.
      expect(reads()).toBe(4);
    }
  },
);

test.each([
  [{ total_count: 5 }, 4],
  [{ total_count: 5, total_pages: 0, page_size: 2 }, 4],
  // The last page brings nothing new.
  [{}, 5],
])("a list that says no more of its length than %j is read to its end", async (pagination, expected) => {
  const { scene, saved, reads } = await fewToAPage({});
  const json = (answer: object) => ({ ...answer, pagination });
  scene.chainloop.fault({ match: { method: "GET" }, when: "after", do: { json }, times: Infinity });
  expect((await refresh(scene, saved)).inputs).toEqual(inputs());
  expect(reads()).toBe(expected);
});

test("a deployment that moves to a page that was read already is found all the same", async () => {
  const scene = await newScene({ server: { rules: { filterNames: false, maxPageSize: 1 } } });
  for (const name of ["a", "b"]) scene.chainloop.writeDeployment(body({ deployment_name: name }));
  const saved = {
    id: "production/a/CONTAINER_IMAGE",
    outs: (await create(scene, inputs({ deploymentName: "a" }))).outs,
  };
  // The list is [b, a]: when b is taken away after its page was read, a moves to where b was.
  const held = scene.chainloop.fault({ match: { method: "GET", nth: 1 }, when: "after", do: "hold" });
  const reading = refresh(scene, saved);
  await held.arrived;
  scene.chainloop.writeDeployment(body({ deployment_name: "b", status: "DECOMMISSIONED" }));
  held.release();
  expect((await reading).outs.status).toBe("DEPLOYED");
});

test("a deployment that moves to a page that was read already, at each reading, is found all the same", async () => {
  const rules = { firstPage: 1, filterNames: false, listAll: false, maxPageSize: 1 } as const;
  const scene = await newScene({ server: { rules } });
  const saved = await create(scene);
  let left = 0;
  while (left < 10) scene.chainloop.writeDeployment(body({ deployment_name: `other-${++left}` }));
  // It is the last of the list, a page each: before its page is asked for, one before it is taken away.
  const json = (answer: object) => {
    const { page } = (answer as { pagination: { page: number } }).pagination;
    if (page === left)
      scene.chainloop.writeDeployment(body({ deployment_name: `other-${left--}`, status: "DECOMMISSIONED" }));
    return answer;
  };
  scene.chainloop.fault({ match: { method: "GET" }, when: "after", do: { json }, times: Infinity });
  expect((await refresh(scene, saved)).outs.status).toBe("DEPLOYED");
  expect(left).toBeLessThan(10);
});

test("a list that holds fewer than it says is read again, and at most three times", async () => {
  const scene = await newScene();
  const saved = await create(scene);
  const without = (answer: object) => ({ ...answer, deployment_records: [] });
  scene.chainloop.fault({ match: { method: "GET" }, when: "after", do: { json: without } });
  expect((await refresh(scene, saved)).outs.status).toBe("DEPLOYED");
  expect(requestsOf(scene)).toHaveLength(3);
  scene.chainloop.fault({ match: { method: "GET" }, when: "after", do: { json: without }, times: Infinity });
  expect((await refresh(scene, saved)).outs.status).toBe("not listed");
  // Three of what is deployed, and three of all.
  expect(requestsOf(scene)).toHaveLength(9);
});

test("a list that never ends by what it says is read until nothing new comes", async () => {
  const scene = await newScene();
  const saved = await create(scene);
  const endless = (answer: object) => ({ ...answer, pagination: { total_count: 1, total_pages: 1_000_000 } });
  scene.chainloop.fault({ match: { method: "GET" }, when: "after", do: { json: endless }, times: Infinity });
  expect((await refresh(scene, saved)).inputs).toEqual(inputs());
  expect(requestsOf(scene)).toHaveLength(4);
});
