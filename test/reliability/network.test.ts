/** The connection breaks, or GitHub answers what is none of its answers. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { startGitHub } from "../../local/github";
import type { FaultOptions, GitHub, RedirectStatus } from "../../local/github";
import { DIGEST, recordInputs } from "../support/provider";
import { createSet, deployments, digestAt, failureOf, newSetScene, setOf } from "../support/sets";
import type { SetScene } from "../support/sets";
import { everyKind, expectUnconfirmed, kinds, record, savesId, storage } from "./support/kinds";
import type { Kind, Saved } from "./support/kinds";

const recordsOf = ({ github }: SetScene) => [...github.deploymentRecords(), ...github.storageRecords()];
const bodiesOf = ({ github }: SetScene) => github.requests.map(({ body }) => JSON.stringify(body));

const resets = everyKind.flatMap((one) => (["before", "after"] as const).map((when) => ({ ...one, when })));

test.each(resets)(
  "4. connection reset before the commit, and after it: $when it, a $kind sends the identical body again",
  async ({ of, when }) => {
    const scene = await newSetScene();
    scene.github.fault({ when, do: "reset", times: 3 });
    const saved = await of.create(scene);
    expect(new Set(bodiesOf(scene))).toEqual(new Set([bodiesOf(scene)[0]]));
    expect(scene.github.requests).toHaveLength(4);
    expect(recordsOf(scene)).toHaveLength(1);
    expect(JSON.stringify(saved.outs)).toMatch(savesId(recordsOf(scene)[0]?.id));
    expect(scene.warnings).toEqual([]);
  },
);

test.each(resets)(
  "4. connection reset before the commit, and after it: always $when it, a $kind is tried four times",
  async ({ of, when }) => {
    const scene = await newSetScene();
    scene.github.fault({ when, do: "reset", times: 99 });
    const error = await failureOf(of.create(scene));
    expect(scene.github.requests).toHaveLength(4);
    expect(error.message).toMatch(/4 times.*writing a record twice does no harm/);
    expectUnconfirmed(error);
    expect(error.stack).toBe("");

    await of.create(scene.another()).catch(() => undefined);
    expect(recordsOf(scene).length).toBe(when === "after" ? 1 : 0);
  },
);

const ANSWERED = {
  ...{ id: 7, digest: DIGEST, deployment_name: "shop-web-web" },
  ...{ logical_environment: "production", physical_environment: "eu-west-1", cluster: "prod-eu" },
};
const NO_ANSWER = /The answer is cut off, or it is not JSON\./;
const broken: [string, FaultOptions["do"], RegExp][] = [
  ["malformed", "malformed-json", NO_ANSWER],
  ["HTML with status 200", "html", NO_ANSWER],
  ["of another content type", "wrong-content-type", NO_ANSWER],
  ["a list", { json: [] }, /not what the API describes/],
];
const works: [string, (kind: Kind, scene: SetScene, saved: Saved) => Promise<unknown>][] = [
  ["create", (kind, scene) => kind.create(scene)],
  ["update", (kind, scene, saved) => kind.update(scene, saved)],
  ["read", (kind, scene, saved) => kind.read(scene, saved)],
  ["delete", (kind, scene, saved) => kind.remove(scene.another(), saved)],
];

test.each(everyKind)(
  "an answer that was cut off is a lost connection: a $kind sends the identical body again",
  async ({ of }) => {
    const scene = await newSetScene();
    scene.github.fault({ when: "after", do: "cut-off", times: 3 });
    const saved = await of.create(scene);
    expect(new Set(bodiesOf(scene))).toEqual(new Set([bodiesOf(scene)[0]]));
    expect(scene.github.requests).toHaveLength(4);
    expect(recordsOf(scene)).toHaveLength(1);
    expect(JSON.stringify(saved.outs)).toMatch(savesId(recordsOf(scene)[0]?.id));
  },
);

test.each(everyKind)(
  "answers that are always cut off: a $kind is tried four times, and may have been written",
  async ({ of }) => {
    const scene = await newSetScene();
    scene.github.fault({ when: "after", do: "cut-off", times: 99 });
    const error = await failureOf(of.create(scene));
    expectUnconfirmed(error);
    expect(error.message).toMatch(/tried 4 times.*may have carried it out/);
    expect(scene.github.requests).toHaveLength(4);
  },
);

test("an answer whose compressed data was cut off is a lost connection, although its bytes are as announced", async () => {
  const whole = gzipSync(JSON.stringify({ total_count: 1, deployment_records: [ANSWERED] }));
  let requests = 0;
  const server = createServer((_, response) => {
    requests++;
    response.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" });
    response.end(requests < 3 ? whole.subarray(0, whole.length / 2) : whole);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const scene = await newSetScene({}, { baseUrl: `http://127.0.0.1:${port}` });
  const created = scene.record.create(recordInputs()).finally(() => {
    server.closeAllConnections();
    server.close();
  });
  expect((await created).outs?.recordId).toBe("7");
  expect(requests).toBe(3);
});

describe.each(works)("%s", (name, work) => {
  test.each(broken)(
    "5. answer cut off, malformed, HTML or of the wrong type: %s, it is an error that says so, and no success",
    async (_what, fault, message) => {
      const scene = await newSetScene();
      const saved = await Promise.all(kinds.map((kind) => kind.create(scene)));
      scene.github.fault({ when: "after", do: fault, times: 99 });
      for (const [index, kind] of kinds.entries()) {
        scene.github.requests.length = 0;
        const error = await failureOf(work(kind, { ...scene, ...scene.another() }, saved[index] as Saved));
        expect(error.message).toMatch(message);
        expect(error.message).toMatch(/^(POST|GET) \/orgs\/acme\/artifacts\/.*Run the same command again/);
        if (name === "create") expectUnconfirmed(error);
        else expect(error.properties !== undefined).toBe(name === "update");
        expect(JSON.stringify(error.properties ?? {})).not.toContain("2.0.0");
        expect(scene.github.requests).toHaveLength(1);
      }
    },
  );
});

const empty: [string, FaultOptions["do"]][] = [
  ["200 and no body", { status: 200, body: "" }],
  ["201 and no body", { status: 201, body: "" }],
  ["204", { status: 204, body: "" }],
  ["202 and no record", { status: 202, body: { message: "Accepted" } }],
  ["null", { json: null }],
  ["somebody else's JSON", { json: { message: "Welcome to the guest network" } }],
];
const methodsOf = ({ github }: SetScene) => github.requests.splice(0).map(({ method }) => method);
const statusesOf = (scene: SetScene) => recordsOf(scene).map(({ status }) => status);

describe.each(empty)("a write answered with %s", (_what, action) => {
  const writes = { match: { method: "POST" }, do: action, times: Infinity };

  test.each(everyKind)("a $kind is read once, and what is listed since then is written", async ({ of }) => {
    const scene = await newSetScene({ rules: { listDecommissioned: of !== record } });
    scene.github.fault({ ...writes, when: "after" });
    const saved = await of.create(scene);
    expect(methodsOf(scene)).toEqual(["POST", "GET"]);
    expect(JSON.stringify(saved.outs)).toMatch(savesId(recordsOf(scene)[0]?.id));
    scene.clock.advance(5_000);
    const updated = await of.update(scene, saved);
    expect(methodsOf(scene)).toEqual(["POST", "GET"]);
    expect(JSON.stringify(updated.outs)).toContain("2026-01-01T00:00:05Z");
    await of.remove(scene.another(), updated);
    // Whose it is, and whether it was done.
    expect(methodsOf(scene)).toEqual(["GET", "POST", "GET"]);
    expect(statusesOf(scene)).toEqual([of === storage ? "deleted" : "decommissioned"]);
    expect(scene.warnings).toEqual([]);
  });

  test.each(everyKind)(
    "a $kind that is not listed since then is an error: it may be written",
    async ({ of }) => {
      const scene = await newSetScene();
      const saved = await of.create(scene);
      scene.clock.advance(5_000);
      scene.github.fault({ ...writes, when: "before" });
      const works = [() => of.update(scene, saved), () => of.remove(scene.another(), saved)];
      for (const work of works) {
        const error = await failureOf(work());
        expect(error.message).toMatch(
          /GitHub does not list the record as written since then: it may have been written/,
        );
        expect(error.message).not.toMatch(/bug/);
      }
      expect(statusesOf(scene)).toEqual([of === storage ? "active" : "deployed"]);
    },
  );

  test.each(everyKind)(
    "a $kind that cannot be read is an error that says so, and no success",
    async ({ of }) => {
      const scene = await newSetScene();
      scene.github.fault({ ...writes, when: "after" });
      scene.github.fault({ match: { method: "GET" }, when: "before", do: { status: 403 }, times: Infinity });
      const error = await failureOf(of.create(scene));
      expect(error.message).toMatch(/what was written cannot be read: it may have been written all the same/);
      expectUnconfirmed(error);
      expect(methodsOf(scene)).toEqual(["POST", "GET"]);
    },
  );
});

test("of a set whose write has an empty answer, what is not listed since then fails alone", async () => {
  const scene = await newSetScene();
  scene.github.fault({ match: { method: "POST" }, when: "after", do: { status: 204, body: "" } });
  const path = new RegExp(`/artifacts/${encodeURIComponent(digestAt(1))}/`);
  scene.github.fault({ match: { path }, when: "after", do: { json: { total_count: 0 } } });
  const error = await failureOf(createSet(scene, setOf(deployments(3))));
  expect(error.message).toMatch(/^1 of 3 .*deployments\["shop-web-1"\]: GitHub does not list the record/);
  const statuses = Object.values(error.properties?.deployments ?? {}).map(({ status }) => status);
  expect(statuses).toEqual(["deployed", "not recorded", "deployed"]);
});

test("records that were sent together, with an empty answer, are each read once", async () => {
  const scene = await newSetScene();
  scene.github.fault({
    match: { method: "POST" },
    when: "after",
    do: { status: 204, body: "" },
    times: Infinity,
  });
  const names = ["a", "b", "c", "d"];
  const create = (deploymentName: string, index: number) =>
    scene.record.create(recordInputs({ deploymentName, digest: digestAt(index) }));
  const created = await Promise.all(names.map(create));
  expect(created.map(({ outs }) => outs?.recordId)).toEqual(recordsOf(scene).map(({ id }) => id));
  expect(methodsOf(scene).filter((method) => method === "GET")).toHaveLength(names.length);
});

test("a background job that is accepted with an empty answer may be running, and its end cannot be seen", async () => {
  const scene = await newSetScene();
  scene.github.fault({ match: { path: /\/jobs$/ }, when: "after", do: { status: 202, body: "" } });
  const error = await failureOf(createSet(scene, setOf(deployments(1_001))));
  expect(error.message).toMatch(
    /answered with 202.*The response does not show what was written, so it may have been carried out or not/,
  );
  expectUnconfirmed(error);
});

test("a write answered with 201 and its record is a success like any other", async () => {
  const scene = await newSetScene();
  const [given] = [await record.create(scene)];
  const [own] = scene.github.deploymentRecords();
  scene.github.requests.length = 0;
  scene.github.fault({ when: "before", do: { status: 201, body: { deployment_records: [own] } } });
  expect((await record.create(scene)).outs).toEqual(given.outs);
  expect(methodsOf(scene)).toEqual(["POST"]);
});

test("a read is never empty", async () => {
  const scene = await newSetScene();
  const saved = await record.create(scene);
  scene.github.fault({ match: { method: "GET" }, when: "after", do: { status: 204, body: "" } });
  expect((await failureOf(record.read(scene, saved))).message).toMatch(
    /answered with 204.*should have been answered with another status.*Run the same command again\.$/,
  );
});

const elsewhere: GitHub[] = [];
afterEach(async () => void (await Promise.all(elsewhere.splice(0).map((server) => server.close()))));

async function anotherServer(): Promise<GitHub> {
  const server = await startGitHub({ attested: "all" });
  elsewhere.push(server);
  return server;
}

describe.each<RedirectStatus>([301, 302, 303, 307, 308])("status %i", (redirect) => {
  test.each(everyKind)(
    "11. a redirected write: a $kind is no success, and nothing goes to another address",
    async ({ of }) => {
      const other = await anotherServer();
      const scene = await newSetScene();
      for (const location of [
        `${other.url}/orgs/acme`,
        "/organizations/1/artifacts",
        "//127.0.0.1:9/x",
        "",
      ]) {
        scene.github.requests.length = 0;
        scene.github.fault({ when: "before", do: { redirect, location } });
        const error = await failureOf(of.create(scene.another()));
        expect(error.message).toMatch(/If the organisation was renamed/);
        expect(error.message).toContain(`answered with ${redirect}`);
        expect(scene.github.requests).toHaveLength(1);
      }
      expect(other.requests).toEqual([]);
      expect(recordsOf(scene)).toEqual([]);
    },
  );
});

test.each(everyKind)("12. a Link to another host: a $kind asks nothing of it", async ({ of }) => {
  const other = await anotherServer();
  const scene = await newSetScene();
  scene.github.fault({ when: "after", do: { link: `${other.url}/orgs/acme/next` }, times: 99 });
  const saved = await of.create(scene);
  await of.read(scene, saved);
  await of.remove(scene.another(), saved);
  expect(other.requests).toEqual([]);
  expect(scene.github.requests).toHaveLength(4);
});
