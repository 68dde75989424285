/** Single records that are written while a request is on its way travel together in the next one. */
import type { GitHubOptions } from "../../local/github";
import type { Inputs, Outputs } from "../../provider/deployment-record";
import { CLUSTER, deploymentAt, digestAt, nameAt, newSetScene, statusesOf, writesOf } from "../support/sets";
import type { Run, SetScene } from "../support/sets";
import { virtualTime } from "../support/time";

const SINGLE = "POST /orgs/acme/artifacts/metadata/deployment-record";

const inputsAt = (index: number, more: Partial<Inputs> = {}): Inputs => ({
  org: "acme",
  ...deploymentAt(index),
  logicalEnvironment: "production",
  physicalEnvironment: "eu-west-1",
  cluster: "prod-eu",
  deploymentName: nameAt(index),
  ...more,
});

const indices = (count: number) => Array.from({ length: count }, (_, index) => index);
const all = <T>(count: number, work: (index: number) => Promise<T>) =>
  Promise.allSettled(indices(count).map(work));

interface Saved {
  id: string;
  outs: Outputs;
}

const createAt = async ({ record }: Run, index: number, more: Partial<Inputs> = {}): Promise<Saved> => {
  const { id, outs } = await record.create(inputsAt(index, more));
  return { id, outs: outs as Outputs };
};

async function created(count: number, server: GitHubOptions = {}) {
  const scene = await newSetScene(server);
  const results = await all(count, (index) => createAt(scene, index));
  const saved = results.map((result) => {
    if (result.status === "rejected") throw result.reason;
    return result.value;
  });
  const writes = writesOf(scene.github);
  scene.github.requests.length = 0;
  return { scene, saved, writes };
}

const reasons = (results: PromiseSettledResult<unknown>[]) =>
  results.map((result) => (result.status === "rejected" ? String(result.reason) : "done"));

const methods = ({ github }: SetScene) => github.requests.map(({ method }) => method).join(" ");

test("a lone record goes to the operation for one record", async () => {
  const { writes } = await created(1);
  expect(writes).toEqual([`${SINGLE} 0`]);
});

test("records that are created at once go in one request, each with its own ID and times", async () => {
  const { scene, saved, writes } = await created(50);
  expect(writes).toEqual([`${CLUSTER} 50`]);
  expect(statusesOf(scene.github)).toHaveLength(50);
  const ids = new Map(
    scene.github.deploymentRecords().map(({ id, deployment_name }) => [deployment_name, id]),
  );
  for (const [index, { id, outs }] of saved.entries()) {
    expect(id).toBe(`acme/production/eu-west-1/prod-eu/${nameAt(index)}`);
    expect(outs).toMatchObject({ recordId: ids.get(nameAt(index)), digest: digestAt(index) });
    expect(outs.updatedAt).toBe("2026-01-01T00:00:00Z");
  }
});

test("what arrives while a request is on its way goes in the next one: no more requests with more concurrency", async () => {
  const scene = await newSetScene();
  const held = scene.github.fault({ when: "before", do: "hold" });
  const first = createAt(scene, 0);
  await held.arrived;
  const rest = all(63, (index) => createAt(scene, index + 1));
  await new Promise((resolve) => setImmediate(resolve));
  held.release();
  await Promise.all([first, rest]);
  expect(writesOf(scene.github)).toEqual([`${SINGLE} 0`, `${CLUSTER} 63`]);
});

test("creates, updates and removals travel together; the digests of removals are asked for once each", async () => {
  const { scene, saved } = await created(6, { attested: "all" });
  const next = scene.another();
  const outcomes = await Promise.all([
    createAt(next, 6),
    ...[0, 1].map((index) =>
      next.record.update(saved[index]!.id, saved[index]!.outs, inputsAt(index, { version: "2" })),
    ),
    ...[2, 3, 4].map((index) => next.record.delete(saved[index]!.id, saved[index]!.outs)),
  ]);
  expect(outcomes).toHaveLength(6);
  expect(methods(scene)).toBe("GET GET GET POST");
  expect(writesOf(scene.github)).toEqual([`${CLUSTER} 6`]);
  expect(statusesOf(scene.github)).toEqual(
    [
      "deployed",
      "deployed",
      "decommissioned",
      "decommissioned",
      "decommissioned",
      "deployed",
      "deployed",
    ].map((status, index) => `${nameAt(index)} ${status}`),
  );
});

test("removals of one digest share one read", async () => {
  const scene = await newSetScene();
  const shared = { digest: digestAt(7), name: "ghcr.io/acme/web" };
  const saved = await Promise.all(indices(5).map((index) => createAt(scene, index, shared)));
  scene.github.requests.length = 0;
  const next = scene.another();
  await Promise.all(saved.map(({ id, outs }) => next.record.delete(id, outs)));
  expect(methods(scene)).toBe("GET POST");
  expect(new Set(scene.github.deploymentRecords().map(({ status }) => status))).toEqual(
    new Set(["decommissioned"]),
  );
});

test("what a removal has to know is asked for while the request before it is on its way", async () => {
  const { scene, saved } = await created(1);
  const next = scene.another();
  const held = scene.github.fault({ match: { method: "POST" }, when: "before", do: "hold" });
  const written = createAt(next, 1);
  await held.arrived;
  const listed = scene.github.fault({ match: { method: "GET" }, when: "before", do: { delay: 0 } });
  const removed = saved.map(({ id, outs }) => next.record.delete(id, outs));
  await listed.arrived;
  held.release();
  await Promise.all([written, ...removed]);
  expect(methods(scene)).toBe("POST GET POST");
});

test("of a record that is declared anew, or where ownership is not asked for, nothing is listed", async () => {
  const { scene, saved } = await created(2);
  const next = scene.another();
  await Promise.all([
    createAt(next, 0, { version: "2" }),
    ...saved.slice(0, 1).map(({ id, outs }) => next.record.delete(id, outs)),
  ]);
  const trusting = scene.another({ verifyOwnership: "false" });
  await Promise.all(saved.slice(1).map(({ id, outs }) => trusting.record.delete(id, outs)));
  expect(methods(scene)).toBe("POST POST");
});

test("a removal whose record was taken over is left out of the request, and the others are not", async () => {
  const { scene, saved } = await created(3);
  scene.clock.advance(1_000);
  const { name, digest, status } = deploymentAt(1);
  const place = { logical_environment: "production", physical_environment: "eu-west-1", cluster: "prod-eu" };
  scene.github.writeDeployment("acme", { ...place, name, digest, status, deployment_name: nameAt(1) });
  const next = scene.another();
  await Promise.all(saved.map(({ id, outs }) => next.record.delete(id, outs)));
  expect(writesOf(scene.github)).toEqual([`${CLUSTER} 2`]);
  expect(statusesOf(scene.github)).toEqual([
    `${nameAt(0)} decommissioned`,
    `${nameAt(1)} deployed`,
    `${nameAt(2)} decommissioned`,
  ]);
  expect(next.warnings).toEqual([expect.stringMatching(`"${nameAt(1)}".* left as it is`)]);
});

test("of a record that is removed and declared anew at once, only the write is sent", async () => {
  const { scene, saved } = await created(2);
  const next = scene.another();
  await Promise.all([
    ...saved.map(({ id, outs }) => next.record.delete(id, outs)),
    ...indices(2).map((index) => createAt(next, index, { version: "2" })),
  ]);
  expect(writesOf(scene.github)).toEqual([`${CLUSTER} 2`]);
  expect(statusesOf(scene.github)).toEqual([`${nameAt(0)} deployed`, `${nameAt(1)} deployed`]);
});

test("an entry that GitHub does not find fails alone, with its digest and the possible causes", async () => {
  const scene = await newSetScene({ attested: [digestAt(0), digestAt(2)] });
  const results = await all(3, (index) => createAt(scene, index));
  expect(writesOf(scene.github)).toEqual([`${CLUSTER} 3`]);
  expect(reasons(results)).toEqual([
    "done",
    expect.stringMatching(
      `^GitHub has no artifact with digest ${digestAt(1)}\\. ${CLUSTER} was answered with 207.*\\(4\\)`,
    ),
    "done",
  ]);
});

test("an entry that GitHub does not find is a warning where that is accepted", async () => {
  const scene = await newSetScene({ attested: [digestAt(0)] }, { onMissingArtifact: "warn" });
  const [first, second] = await all(2, (index) => createAt(scene, index));
  expect([first, second]).toMatchObject([
    { value: { outs: { status: "deployed" } } },
    { value: { outs: { status: "not recorded" } } },
  ]);
  expect(scene.warnings).toEqual([expect.stringContaining(digestAt(1))]);
});

test("an entry whose repository the token may not write fails alone", async () => {
  const scene = await newSetScene({
    attested: [],
    tokens: { limited: { repositories: { web: "write", closed: "read" } } },
  });
  const run = scene.another({ token: "limited" });
  const results = await all(3, (index) =>
    createAt(run, index, { githubRepository: index === 1 ? "closed" : "web" }),
  );
  expect(reasons(results)).toEqual([
    "done",
    expect.stringMatching(/"unauthorized".*records of closed/),
    "done",
  ]);
});

test.each([
  ["names no entry", []],
  ["names a digest that two have", [{ digest: digestAt(0) }]],
])("where the answer %s, those it may mean are settled one by one", async (_what, [deployment]) => {
  const scene = await newSetScene({ attested: [digestAt(0), digestAt(2)] });
  const shared = { digest: digestAt(0), name: "ghcr.io/acme/web" };
  scene.github.fault({
    match: { nth: 1 },
    when: "after",
    do: {
      json: (answer: object) => ({
        ...answer,
        errors: [{ cause: "not_found", deployment }],
        deployment_records: [],
      }),
    },
  });
  const results = await Promise.allSettled([
    createAt(scene, 0, shared),
    createAt(scene, 1),
    createAt(scene, 2, shared),
  ]);
  const missing = expect.stringMatching(`^GitHub has no artifact with digest ${digestAt(1)}`) as string;
  expect(reasons(results)[0]).toBe("done");
  expect(reasons(results)[2]).toBe("done");
  // One by one, the operation for one record says which of them it is.
  if (deployment === undefined) expect(reasons(results)[1]).toEqual(missing);
  const alone = writesOf(scene.github).slice(1);
  expect(alone).toEqual(Array.from({ length: deployment ? 2 : 3 }, () => `${SINGLE} 0`));
});

test("where the whole request is refused for its artifacts, each is settled alone", async () => {
  const scene = await newSetScene({ attested: [digestAt(0)] });
  scene.github.fault({
    match: { nth: 1 },
    when: "before",
    do: { status: 404, body: { message: "no artifacts found" } },
  });
  const results = await all(2, (index) => createAt(scene, index));
  expect(reasons(results)).toEqual(["done", expect.stringContaining(digestAt(1))]);
  expect(writesOf(scene.github)).toEqual([`${CLUSTER} 2`, `${SINGLE} 0`, `${SINGLE} 0`]);
});

test("where the token may not write, one request says so to all", async () => {
  const scene = await newSetScene();
  scene.github.setToken("reader", { permission: "read" });
  const run = scene.another({ token: "reader" });
  const results = await all(5, (index) => createAt(run, index));
  expect(scene.github.requests).toHaveLength(1);
  for (const reason of reasons(results)) expect(reason).toContain('"Artifact metadata: write"');
});

test("records in other environments, other clusters, or in none, do not travel together", async () => {
  const scene = await newSetScene();
  await Promise.all([
    createAt(scene, 0),
    createAt(scene, 1),
    createAt(scene, 2, { logicalEnvironment: "staging" }),
    createAt(scene, 3, { physicalEnvironment: undefined }),
    createAt(scene, 4, { cluster: "prod-us" }),
    createAt(scene, 5, { cluster: undefined }),
    createAt(scene, 6, { cluster: undefined }),
    createAt(scene, 7, { cluster: "prod eu" }),
    createAt(scene, 8, { cluster: "prod eu" }),
  ]);
  const counts = writesOf(scene.github).sort();
  expect(counts).toEqual([`${CLUSTER} 2`, ...Array.from({ length: 7 }, () => `${SINGLE} 0`)].sort());
  expect(scene.github.deploymentRecords()).toHaveLength(9);
});

test("a cluster in two spellings of one organisation is one", async () => {
  const scene = await newSetScene();
  await Promise.all([createAt(scene, 0), createAt(scene, 1, { org: "Acme" })]);
  expect(writesOf(scene.github)).toHaveLength(1);
});

test("at the pace that GitHub allows, what waits for its turn travels together: 400 records, 8 at once, fewer than 80 writes", async () => {
  const time = virtualTime();
  const scene = await newSetScene({ now: time.now }, {}, time);
  let next = 0;
  // As Pulumi does: each of its workers takes the next resource a moment after it has ended one.
  const worker = async (index: number) => {
    for (; next < 400; await time.sleep(index)) await createAt(scene, next++);
  };
  let done = false;
  const workers = Promise.all(indices(8).map(worker)).finally(() => (done = true));
  while (!done) await time.advance(1);
  await workers;
  expect(statusesOf(scene.github)).toHaveLength(400);
  expect(writesOf(scene.github).length).toBeLessThan(80);
});
