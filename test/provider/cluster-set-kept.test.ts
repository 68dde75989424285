/** What a set keeps and says where only part of it is known. */
import type { SetInputs } from "../../provider/cluster-deployment-set/fields";
import {
  createSet,
  deploymentAt,
  deployments,
  digestAt,
  failureOf,
  foreignWrite,
  ID,
  nameAt,
  newSetScene,
  refreshSet,
  setOf,
  statusesOf,
  updateSet,
  without,
} from "../support/sets";

type State = Parameters<typeof refreshSet>[1];

test("a refresh keeps what was skipped, and that all or nothing is to be written", async () => {
  const scene = await newSetScene({ attested: [digestAt(0)] }, { onMissingArtifact: "warn" });
  const created = await createSet(scene, setOf(deployments(2)));
  expect(created.skipped).toEqual([nameAt(1)]);
  expect((await refreshSet(scene.another(), created)).outs).toStrictEqual(created);

  const strict = await createSet(scene.another(), setOf(deployments(1), { partialSuccess: false }));
  const read = await refreshSet(scene.another(), strict);
  expect(read.outs).toStrictEqual(strict);
  expect(read.inputs.partialSuccess).toBe(false);
});

test("of a set that says nothing of partial success, nothing of it is saved: not even that it is undefined", async () => {
  const scene = await newSetScene();
  const created = await createSet(scene, setOf(deployments(1)));
  const identity = ["org", "logicalEnvironment", "physicalEnvironment", "cluster"];
  expect(Object.keys(created)).toEqual([...identity, "deployments", "records"]);
});

test("a state that has the set's identity keeps it at a refresh", async () => {
  const scene = await newSetScene();
  const inputs = setOf(deployments(1));
  const state = { ...without({ ...inputs }, "deployments"), ...(await createSet(scene, inputs)) } as State &
    SetInputs;
  expect((await refreshSet(scene.another(), state)).outs).toStrictEqual(state);
});

test("an entry of which neither the state nor a list knows a record has none after a refresh", async () => {
  const scene = await newSetScene();
  const created = await createSet(scene, setOf(deployments(1)));
  const state = { ...created, deployments: { ...created.deployments, gone: deploymentAt(1) } };
  const { outs } = await refreshSet(scene.another(), state);
  expect(outs.deployments.gone?.status).toBe("not listed");
  expect(outs.records).toStrictEqual(created.records);
});

test("an entry of which a state from before has an object is taken out by the time that stands there", async () => {
  const scene = await newSetScene();
  const created = await createSet(scene, setOf(deployments(2)));
  const [recordId, , updatedAt] = created.records[nameAt(1)]?.split(" ") ?? [];
  const before = { ...created.records, [nameAt(1)]: { recordId, updatedAt } as unknown as string };
  const later = scene.another();
  await updateSet(later, { ...created, records: before }, setOf(deployments(1)));
  expect(statusesOf(scene.github)).toEqual([`${nameAt(0)} deployed`, `${nameAt(1)} decommissioned`]);
  expect(later.warnings).toEqual([]);
});

test("an entry whose own write is not known is left alone when it is taken out, with a warning", async () => {
  const scene = await newSetScene();
  const created = await createSet(scene, setOf(deployments(2)));
  const later = scene.another();
  await updateSet(later, { ...created, records: {} }, setOf(deployments(1)));
  expect(statusesOf(scene.github)).toEqual([`${nameAt(0)} deployed`, `${nameAt(1)} deployed`]);
  expect(later.warnings).toEqual([expect.stringMatching(/"shop-web-1".* wrote it last at an unknown time/)]);
});

test.each([
  [
    10,
    /"shop-web-9" \(production, eu-west-1, prod-eu\) of acme\. Check the ID, .*is allowed to read "Artifact metadata" of acme/,
  ],
  [11, /"shop-web-9" \(production, eu-west-1, prod-eu\) of acme …and 1 more\. Check the ID/],
])(".get names ten of the records that are not listed, and counts the others (%i)", async (count, words) => {
  const scene = await newSetScene();
  const { message } = await failureOf(
    refreshSet(scene, { deployments: deployments(count) } as unknown as State),
  );
  expect(message).toMatch(words);
  expect(message).toContain(
    '"shop-web-0" (production, eu-west-1, prod-eu) of acme; deployment record "shop-web-1"',
  );
  expect(message).not.toContain("shop-web-10");
});

test(".get says which part of what it is given is not valid", async () => {
  const scene = await newSetScene();
  const state = { deployments: { web: { digest: "latest" } } } as unknown as State;
  expect((await failureOf(refreshSet(scene, state))).message).toMatch(
    /^The set is not valid: digest must be /,
  );
  expect(scene.github.requests).toEqual([]);
});

test.each([
  [10, /"shop-web-9"[^…]*\. Its current/],
  [11, /; deployment record "shop-web-9".*…and 1 more\. Its current/],
])(
  "a warning names ten of the records that were left alone, and counts the others (%i)",
  async (count, words) => {
    const scene = await newSetScene();
    const created = await createSet(scene, setOf(deployments(count)));
    for (let index = 0; index < count; index++) foreignWrite(scene, index);
    const later = scene.another();
    await later.set.delete(ID, created);
    expect(later.warnings).toEqual([expect.stringMatching(words)]);
    expect(later.warnings[0]).not.toContain('"shop-web-10"');
  },
);

test.each([
  [10, /"shop-web-9"[^…]*$/],
  [11, /"shop-web-9".*…and 1 more\.$/],
])("an error names ten of the entries that failed, and counts the others (%i)", async (count, words) => {
  const scene = await newSetScene({ attested: [] });
  const { message } = await failureOf(createSet(scene, setOf(deployments(count))));
  expect(message).toMatch(words);
  expect(message).toMatch(/githubRepository.*\. deployments\["shop-web-1"\]: GitHub has no/);
});

test.each([
  [{ cause: "conflict" }, /^deployments\["shop-web-0"\]: GitHub refused it \(conflict\)\.$/],
  [{}, /^deployments\["shop-web-0"\]: GitHub refused it \(no cause given\)\.$/],
  [
    { cause: "unauthorized" },
    /: the token is not allowed to write records of the artifact's repository \(unauthorized\)\.$/,
  ],
])("an entry that GitHub refuses with %j is named with the cause", async (why, words) => {
  const scene = await newSetScene();
  const json = (body: object) => ({
    ...body,
    errors: [{ ...why, deployment: { deployment_name: nameAt(0) } }],
  });
  scene.github.fault({ match: { method: "POST" }, when: "after", do: { json } });
  const { reasons } = await failureOf(createSet(scene, setOf(deployments(2))));
  expect(reasons).toEqual([expect.stringMatching(words)]);
});

test("a job that may not be looked at is an error, and not taken for one that vanished", async () => {
  const scene = await newSetScene();
  const refused = { status: 403, body: { message: "Resource not accessible by integration" } };
  scene.github.fault({ match: { method: "GET", path: /\/jobs\// }, when: "before", do: refused });
  const { message } = await failureOf(createSet(scene, setOf(deployments(1_001))));
  expect(message).toMatch(/GET .*\/jobs\/.* 403 "Resource not accessible by integration"/);
  expect(scene.github.jobs()).toHaveLength(1);
});

test("an update of which nothing could be written keeps all, and the error is the cause's own", async () => {
  const scene = await newSetScene();
  const created = await createSet(scene, setOf(deployments(2)));
  const refused = { status: 401, body: { message: "Bad credentials" } };
  scene.github.fault({ match: { method: "POST" }, when: "before", do: refused });
  const error = await failureOf(updateSet(scene.another(), created, setOf(deployments(2, { version: "2" }))));
  expect(error.name).toBe("UnauthorizedError");
  expect(error.properties).toBeUndefined();
});
