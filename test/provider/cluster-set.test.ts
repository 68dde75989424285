/** What a set sends: only what changed, in one request where it fits. */
import { startGitHub } from "../../local/github";
import {
  CLUSTER,
  createSet,
  deploymentAt,
  deployments,
  digestAt,
  failureOf,
  ID,
  isChanged,
  lastEntries,
  nameAt,
  newSetScene,
  setOf,
  statusesOf,
  updateSet,
  without,
  writesOf,
} from "../support/sets";
import { noEntries } from "../support/no-entries";

test("1,000 deployments are created in one write, and only what changes is sent after that", async () => {
  const scene = await newSetScene();
  const entries = deployments(1_000);
  const created = await createSet(scene, setOf(entries));
  expect(writesOf(scene.github)).toEqual([`${CLUSTER} 1000`]);
  expect(Object.keys(created.records)).toHaveLength(1_000);
  expect(await isChanged(scene, created, setOf(entries))).toBe(false);

  const next = { ...entries, [nameAt(7)]: deploymentAt(7, { version: "2" }) };
  expect(await isChanged(scene, created, setOf(next))).toBe(true);
  const updated = await updateSet(scene.another(), created, setOf(next));
  expect(writesOf(scene.github).slice(1)).toEqual([`${CLUSTER} 1`]);
  expect(lastEntries(scene.github)).toMatchObject([{ deployment_name: nameAt(7), version: "2" }]);

  const fewer = without(next, nameAt(9));
  expect(await isChanged(scene, updated, setOf(fewer))).toBe(true);
  const reduced = await updateSet(scene.another(), updated, setOf(fewer));
  expect(writesOf(scene.github).slice(2)).toEqual([`${CLUSTER} 1`]);
  expect(lastEntries(scene.github)).toMatchObject([{ deployment_name: nameAt(9), status: "decommissioned" }]);
  expect([Object.keys(reduced.deployments).length, Object.keys(reduced.records).length]).toEqual([999, 999]);

  expect(await isChanged(scene, reduced, setOf(fewer))).toBe(false);
  expect(await updateSet(scene.another(), reduced, setOf(fewer))).toEqual(reduced);
  expect(writesOf(scene.github)).toHaveLength(3);
});

test("what was added, changed and taken out goes in one request", async () => {
  const scene = await newSetScene();
  const created = await createSet(scene, setOf(deployments(3)));
  const next = { ...without(deployments(4), nameAt(0)), [nameAt(1)]: deploymentAt(1, { version: "2" }) };
  await updateSet(scene.another(), created, setOf(next));
  expect(writesOf(scene.github)).toEqual([`${CLUSTER} 3`, `${CLUSTER} 3`]);
  expect(statusesOf(scene.github)).toEqual([
    `${nameAt(0)} decommissioned`,
    `${nameAt(1)} deployed`,
    `${nameAt(2)} deployed`,
    `${nameAt(3)} deployed`,
  ]);
});

test("tags and risks that are gone are sent as empty", async () => {
  const scene = await newSetScene();
  const tagged = {
    [nameAt(0)]: deploymentAt(0, { tags: { team: "shop" }, runtimeRisks: ["sensitive-data"] }),
  };
  const created = await createSet(scene, setOf(tagged));
  await updateSet(scene.another(), created, setOf(deployments(1)));
  expect(scene.github.deploymentRecords()).toMatchObject([{ tags: noEntries, runtime_risks: [] }]);
});

test("a set without deployments sends nothing", async () => {
  const scene = await newSetScene();
  const created = await createSet(scene, setOf({}));
  await scene.another().set.delete(ID, created);
  expect(scene.github.requests).toEqual([]);
});

test("a set that is removed decommissions all of its deployments in one write", async () => {
  const scene = await newSetScene();
  const entries = { ...deployments(3), [nameAt(1)]: deploymentAt(1, { status: "decommissioned" }) };
  const created = await createSet(scene, setOf(entries));
  await scene.another().set.delete(ID, created);
  expect(writesOf(scene.github)).toEqual([`${CLUSTER} 3`, `${CLUSTER} 2`]);
  expect(statusesOf(scene.github)).toEqual([0, 1, 2].map((index) => `${nameAt(index)} decommissioned`));
});

test("deployments that are not in the set are not touched", async () => {
  const scene = await newSetScene();
  const place = { logical_environment: "production", physical_environment: "eu-west-1", cluster: "prod-eu" };
  const other = {
    name: "other",
    digest: digestAt(99),
    deployment_name: "other",
    status: "deployed" as const,
  };
  scene.github.writeDeployment("acme", { ...place, ...other });
  const created = await createSet(scene, setOf(deployments(1)));
  await scene.another().set.delete(ID, created);
  expect(statusesOf(scene.github)).toEqual(["other deployed", `${nameAt(0)} decommissioned`]);
});

test("the documentation's example arrives on the wire as documented", async () => {
  const scene = await newSetScene();
  const digest = "sha256:1bb1e949e55dcefc6353e7b36c8897d2a107d8e8dca49d4e3c0ea8493fc0bc72";
  const artifact = { name: "awesome-image", digest, version: "2.1.0", status: "deployed" as const };
  const entry = { ...artifact, tags: { "runtime-risk": "sensitive-data" } };
  await scene.set.create({
    org: "acme",
    cluster: "moda-1",
    logicalEnvironment: "prod",
    physicalEnvironment: "pacific-east",
    deployments: { "deployment-pod": entry },
  });
  expect(scene.github.requests).toMatchObject([
    { path: "/orgs/acme/artifacts/metadata/deployment-record/cluster/moda-1", status: 200 },
  ]);
  expect(scene.github.requests[0]?.body).toEqual({
    logical_environment: "prod",
    physical_environment: "pacific-east",
    deployments: [{ ...entry, deployment_name: "deployment-pod" }],
    partial_success: true,
  });
});

test("answers as thin as the documentation's examples are understood", async () => {
  const scene = await newSetScene({ rules: { answers: "documentation", showAbsentAs: "null" } });
  const created = await createSet(scene, setOf(deployments(2)));
  expect(created.records[nameAt(0)]).toMatch(/^\d+ \d+ 2026-01-01T00:00:00Z$/);
});

test("an answer about another digest is not taken for ours", async () => {
  const scene = await newSetScene();
  const json = (body: { deployment_records: object[] }) => ({
    ...body,
    deployment_records: body.deployment_records.map((record) => ({ ...record, digest: digestAt(77) })),
  });
  scene.github.fault({ match: { method: "POST" }, when: "after", do: { json } });
  const created = await createSet(scene, setOf(deployments(1)));
  expect(created.records[nameAt(0)]).toMatch(/^- - \S+Z$/);
  expect(scene.warnings).toEqual([
    expect.stringMatching(
      /its answer names deployment "shop-web-0" with digest sha256:0+4d, which is not one/,
    ),
  ]);
});

test.each([
  ["deployment", { deployment_name: "prod-deployment" }],
  ["cluster", { cluster: "moda-2" }],
  ["environment", { logical_environment: "staging" }],
])("an answer about another %s is not taken for ours", async (_what, other) => {
  const scene = await newSetScene();
  const json = (body: { deployment_records: object[] }) => ({
    ...body,
    deployment_records: body.deployment_records.map((record) => ({ ...record, ...other })),
  });
  scene.github.fault({ match: { method: "POST" }, when: "after", do: { json } });
  const created = await createSet(scene, setOf(deployments(1)));
  expect(created.records[nameAt(0)]).toMatch(/^- - \S+Z$/);
  expect(scene.warnings).toEqual([expect.stringMatching(/^GitHub accepted 1 .*timestamps are ignored/)]);
});

test("a request that fails changes nothing in the state, and what was to be taken out is taken out later", async () => {
  const scene = await newSetScene();
  const created = await createSet(scene, setOf(deployments(2)));
  const forbidden = { status: 403, body: { message: "Resource not accessible by personal access token" } };
  scene.github.fault({ match: { method: "POST" }, when: "before", do: forbidden });
  const fewer = setOf({ [nameAt(1)]: deploymentAt(1, { version: "2" }) });
  const error = await failureOf(updateSet(scene.another(), created, fewer));
  expect(error.message).toMatch(/403.*Artifact metadata: write/);
  expect(error.properties).toBeUndefined();

  await updateSet(scene.another(), created, fewer);
  expect(statusesOf(scene.github)).toEqual([`${nameAt(0)} decommissioned`, `${nameAt(1)} deployed`]);
});

test("a server that is gone leaves the set as it was", async () => {
  const gone = await startGitHub();
  await gone.close();
  const { another } = await newSetScene({}, { baseUrl: gone.url });
  const error = await failureOf(createSet(another(), setOf(deployments(2))));
  expect(error.message).toMatch(/ECONNREFUSED/);
  expect(error.properties).toBeUndefined();
});
