/** A Chainloop deployment from its first write to its removal. */
import type { ChainloopRules } from "../../local/chainloop";
import type { Outputs } from "../../provider/chainloop-deployment";
import { DIGEST, OTHER_DIGEST } from "../support/provider";
import {
  bodiesOf,
  body,
  create,
  foreignWrite,
  inputs,
  isChanged,
  newScene,
  refresh,
  remove,
  requestsOf,
  statusesOf,
  update,
} from "../support/chainloop";

const OTHER = { artifactDigest: OTHER_DIGEST, artifactVersion: "1.5.0" };

test("creating writes what is declared, with the fields of the documented request and no others", async () => {
  const scene = await newScene();
  const { id, outs } = await create(scene);
  expect(id).toBe("production/shop-web-web/CONTAINER_IMAGE");
  expect(requestsOf(scene)).toEqual(["POST /v1/deployments"]);
  expect(bodiesOf(scene)).toEqual([body()]);
  const [record] = scene.chainloop.deployments();
  expect(outs).toEqual({
    environmentName: "production",
    deploymentName: "shop-web-web",
    kind: "CONTAINER_IMAGE",
    artifactName: "ghcr.io/acme/web",
    artifactVersion: "1.4.2",
    artifactDigest: DIGEST,
    status: "DEPLOYED",
    recordId: record?.id,
    artifactId: record?.artifact_id,
    environmentId: record?.environment_id,
    createdAt: "2026-01-01T00:00:00.000Z",
    updatedAt: "2026-01-01T00:00:00.000Z",
    lastSeenAt: "2026-01-01T00:00:00.000Z",
  });
});

test("the identity is percent-encoded in the ID, and what was declared without version is sent without", async () => {
  const scene = await newScene();
  const place = { environmentName: "prod/eu %", deploymentName: "a b", kind: "HELM_CHART" as const };
  const given = inputs({ ...place, artifactVersion: undefined });
  const { id, outs } = await create(scene, given);
  expect(id).toBe("prod%2Feu%20%25/a%20b/HELM_CHART");
  expect(bodiesOf(scene)[0]).not.toHaveProperty("artifact_version");
  expect((await refresh(scene.another(), { id, outs })).inputs).toEqual(given);
});

test("a new digest is an update of the same resource, and Chainloop marks the record before as superseded", async () => {
  const scene = await newScene();
  const saved = await create(scene);
  const news = inputs(OTHER);
  expect(await scene.provider.diff(saved.id, saved.outs, news)).toMatchObject({
    changes: true,
    replaces: [],
  });
  scene.clock.advance(1_000);
  const { outs } = await update(scene, saved, news);
  expect(statusesOf(scene)).toEqual(["a1a1 SUPERSEDED", "b2b2 DEPLOYED"]);
  expect(outs).toMatchObject({ artifactDigest: OTHER_DIGEST, artifactVersion: "1.5.0", status: "DEPLOYED" });
  expect(outs.recordId).toBe(scene.chainloop.deployments()[1]?.id);
  expect(await isChanged(scene, { id: saved.id, outs }, news)).toBe(false);
});

test.each([
  [{ environmentName: "staging" }, "environmentName"],
  [{ deploymentName: "shop-web-api" }, "deploymentName"],
  [{ kind: "HELM_CHART" as const }, "kind"],
])("a change of %j replaces", async (more, field) => {
  const scene = await newScene();
  const { id, outs } = await create(scene);
  const diff = await scene.provider.diff(id, outs, inputs(more));
  expect(diff).toEqual({ changes: true, replaces: [field], deleteBeforeReplace: false });
});

test("a refresh of what is as declared changes nothing, and nothing is written", async () => {
  const scene = await newScene();
  const saved = await create(scene);
  const { outs, inputs: read } = await refresh(scene.another(), saved);
  expect(outs).toEqual(saved.outs);
  expect(read).toEqual(inputs());
  expect(await isChanged(scene, { id: saved.id, outs }, inputs())).toBe(false);
  expect(requestsOf(scene)).toEqual(["POST /v1/deployments", "GET /v1/deployments"]);
});

test("another digest is drift, with its own name and version; an update takes the deployment back", async () => {
  const scene = await newScene();
  const saved = await create(scene);
  foreignWrite(scene, {
    artifact_digest: OTHER_DIGEST,
    artifact_name: "ghcr.io/acme/fork",
    artifact_version: "9",
  });
  const run = scene.another();
  const drifted = await refresh(run, saved);
  expect(drifted.inputs).toEqual(
    inputs({ artifactDigest: OTHER_DIGEST, artifactName: "ghcr.io/acme/fork", artifactVersion: "9" }),
  );
  expect(drifted.outs.updatedAt).toBe(saved.outs.updatedAt);
  expect(await isChanged(run, drifted, inputs())).toBe(true);
  scene.clock.advance(1_000);
  const again = await update(run, drifted, inputs());
  expect(statusesOf(scene)).toEqual(["a1a1 DEPLOYED", "b2b2 SUPERSEDED"]);
  expect((await refresh(scene.another(), again)).inputs).toEqual(inputs());
});

test("a deployment that was decommissioned elsewhere is drift of its status, and written again", async () => {
  const scene = await newScene();
  const saved = await create(scene);
  foreignWrite(scene, { status: "DECOMMISSIONED" });
  const drifted = await refresh(scene, saved);
  expect(drifted.inputs).toEqual({ ...inputs(), status: "DECOMMISSIONED" });
  expect(await isChanged(scene, drifted, inputs())).toBe(true);
  expect((await update(scene, drifted, inputs())).outs.status).toBe("DEPLOYED");
  expect(statusesOf(scene)).toEqual(["a1a1 DEPLOYED"]);
});

test("one that is superseded, and nothing is deployed in its place, is drift of its status", async () => {
  const scene = await newScene();
  const saved = await create(scene);
  foreignWrite(scene, { artifact_digest: OTHER_DIGEST });
  // The one that superseded it is of an environment's owner who has taken it away.
  scene.chainloop.fault({ when: "after", times: 2, do: { json: withoutDigest(OTHER_DIGEST) } });
  expect((await refresh(scene, saved)).inputs).toEqual({ ...inputs(), status: "SUPERSEDED" });
});

test("one that Chainloop does not list stays in the state as not listed, and is written again", async () => {
  const scene = await newScene();
  const saved = await create(scene);
  scene.chainloop.reset();
  const drifted = await refresh(scene, saved);
  expect(drifted.outs).toEqual({ ...saved.outs, status: "not listed" });
  expect(await isChanged(scene, drifted, inputs())).toBe(true);
  expect((await update(scene, drifted, inputs())).outs.status).toBe("DEPLOYED");
});

test("the name and version that an artifact has elsewhere are no drift: its digest says what it is", async () => {
  const scene = await newScene();
  const saved = await create(scene);
  foreignWrite(scene, { artifact_name: "web", artifact_version: "stable" });
  expect((await refresh(scene, saved)).inputs).toEqual(inputs());
});

test("a status that is not known here says nothing, and does not reach the state", async () => {
  const scene = await newScene({ server: { rules: { showStatusAs: "PAUSED" } } });
  const saved = await create(scene);
  expect(saved.outs.status).toBe("DEPLOYED");
  const { outs, inputs: read } = await refresh(scene, saved);
  expect([outs, read]).toEqual([saved.outs, inputs()]);
  scene.chainloop.rules.showStatusAs = undefined;
  const gone = { id: saved.id, outs: { ...saved.outs, status: "not listed" as const } };
  scene.chainloop.rules.showStatusAs = "PAUSED";
  expect((await refresh(scene, gone)).outs.status).toBe("DEPLOYED");
});

test("fields that are not known here are ignored, and what is empty may be left out", async () => {
  const scene = await newScene({ server: { rules: { omitEmpty: true } } });
  scene.chainloop.fault({ when: "after", times: Infinity, do: { json: withMore } });
  const saved = await create(scene);
  const { outs, inputs: read } = await refresh(scene, saved);
  expect(JSON.stringify([saved, outs])).not.toMatch(/new_field|more/);
  expect(read).toEqual(inputs());
});

test.each<Partial<ChainloopRules>>([
  { camelCase: true },
  { camelCase: true, omitEmpty: true },
  { spellEnums: "lower" },
  { spellEnums: "prefixed" },
])("answers in another form are understood, and do not reach the state: %j", async (rules) => {
  const plain = await newScene();
  const scene = await newScene({ server: { rules } });
  const saved = await create(scene);
  expect(saved).toEqual(await create(plain));
  expect(scene.warnings).toEqual([]);
  const run = scene.another();
  expect((await refresh(run, saved)).inputs).toEqual(inputs());
  foreignWrite(scene, { artifact_digest: OTHER_DIGEST });
  expect((await refresh(run, saved)).inputs).toMatchObject({
    artifactDigest: OTHER_DIGEST,
    status: "DEPLOYED",
  });
  scene.chainloop.reset();
  Object.assign(scene.chainloop.rules, rules);
  await remove(run, await create(scene));
  expect(statusesOf(scene)).toEqual(["a1a1 DECOMMISSIONED"]);
});

test("a list that does not say how long it is is no list", async () => {
  const scene = await newScene();
  const saved = await create(scene);
  scene.chainloop.fault({ when: "after", do: { json: { deployment_records: [] } } });
  await expect(refresh(scene, saved)).rejects.toThrow(/not what the API describes: pagination: /);
});

test("what is managed elsewhere is read by its ID alone, with all that Chainloop says of it", async () => {
  const scene = await newScene();
  foreignWrite(scene);
  const [record] = scene.chainloop.deployments();
  const { props } = await scene.provider.read("production/shop-web-web/CONTAINER_IMAGE", {} as Outputs);
  expect(props).toEqual({
    ...inputs(),
    recordId: record?.id,
    artifactId: record?.artifact_id,
    environmentId: record?.environment_id,
    createdAt: record?.created_at,
    updatedAt: record?.updated_at,
    lastSeenAt: record?.last_seen_at,
  });
  await expect(scene.provider.read("production/other/CONTAINER_IMAGE", {} as Outputs)).rejects.toThrow(
    'Chainloop lists no Chainloop deployment "other" (production, CONTAINER_IMAGE). Check the ID, and that the token',
  );
});

test("removal decommissions what was written last, with the same artifact", async () => {
  const scene = await newScene();
  const saved = await create(scene);
  const run = scene.another();
  await remove(run, saved);
  expect(bodiesOf(scene).at(-1)).toEqual(body({ status: "DECOMMISSIONED" }));
  expect(statusesOf(scene)).toEqual(["a1a1 DECOMMISSIONED"]);
  expect(run.warnings).toEqual([]);
});

test("what is asked for twice is done once: a deployment that is decommissioned already is not written again", async () => {
  const scene = await newScene();
  const saved = await create(scene);
  await remove(scene.another(), saved);
  const writes = bodiesOf(scene).length;
  const run = scene.another();
  await remove(run, saved);
  expect(bodiesOf(scene)).toHaveLength(writes);
  expect(run.warnings).toEqual([]);
});

test.each([
  [{ deployment_name: "other" }, "other", DIGEST],
  [{ artifact: { kind: "CONTAINER_IMAGE", digest: OTHER_DIGEST } }, "shop-web-web", OTHER_DIGEST],
])("an answer about another deployment is not taken for ours: %j", async (more, name, digest) => {
  const scene = await newScene();
  scene.chainloop.fault({ when: "after", do: { json: withRecord(more) } });
  const { outs } = await create(scene);
  expect(outs).toMatchObject({ status: "DEPLOYED", updatedAt: "2026-01-01T00:00:00Z" });
  expect(outs).not.toHaveProperty("recordId");
  expect(scene.warnings).toEqual([
    `Chainloop accepted the Chainloop deployment "shop-web-web" (production, CONTAINER_IMAGE), but its answer names ` +
      `deployment "${name}" with digest ${digest}; its id and timestamps are ignored.`,
  ]);
});

test("one that was superseded before it was answered is so in the state, and written again", async () => {
  const scene = await newScene();
  scene.chainloop.fault({ when: "after", do: { json: withRecord({ status: "SUPERSEDED" }) } });
  const saved = await create(scene);
  expect(saved.outs).toMatchObject({ status: "SUPERSEDED", recordId: scene.chainloop.deployments()[0]?.id });
  expect(await isChanged(scene, saved, inputs())).toBe(true);
  expect((await update(scene, saved, inputs())).outs.status).toBe("DEPLOYED");
});

test("records of others that have no name are no reason to read nothing", async () => {
  const scene = await newScene();
  const saved = await create(scene);
  const nameless = { id: "1", artifact: { digest: OTHER_DIGEST } };
  const beside = (answer: Listed) => ({
    deployment_records: [nameless, ...answer.deployment_records],
    pagination: { ...answer.pagination, total_count: answer.pagination.total_count + 1 },
  });
  scene.chainloop.fault({ match: { method: "GET" }, when: "after", do: { json: beside } });
  expect((await refresh(scene, saved)).inputs).toEqual(inputs());
});

test("an answer without a record is said, and the deployment is in the state", async () => {
  const scene = await newScene();
  scene.chainloop.fault({ when: "after", do: { json: {} } });
  const { outs } = await create(scene);
  expect(outs).toMatchObject({
    artifactDigest: DIGEST,
    status: "DEPLOYED",
    updatedAt: "2026-01-01T00:00:00Z",
  });
  expect(scene.warnings).toEqual([expect.stringMatching(/its answer contains no record/)]);
});

interface Listed {
  deployment_records: { artifact: { digest: string } }[];
  pagination: { total_count: number };
}

const withoutDigest = (digest: string) => (answer: Listed) => {
  const records = answer.deployment_records.filter(({ artifact }) => artifact.digest !== digest);
  return { deployment_records: records, pagination: { ...answer.pagination, total_count: records.length } };
};

const withRecord =
  (more: object) =>
  ({ deployment_record: record }: { deployment_record: object }) => ({
    deployment_record: { ...record, ...more },
  });

/** The same, with a field that nobody documents in each object. */
function withMore(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withMore);
  if (typeof value !== "object" || value === null) return value;
  const parts = Object.entries(value).map(([name, part]): [string, unknown] => [name, withMore(part)]);
  return { ...Object.fromEntries(parts), new_field: { more: [1] } };
}
