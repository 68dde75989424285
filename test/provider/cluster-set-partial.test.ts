/** Part of a set is written: the rest is named, and only the rest is sent again. */
import { CODE } from "../support/provider-host";
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
import type { Partly } from "../support/sets";
import { noEntries } from "../support/no-entries";

/** Every artifact but this one is attested. */
const MISSING = 500;
const attested = (count: number) =>
  Array.from({ length: count }, (_, index) => digestAt(index)).filter(
    (digest) => digest !== digestAt(MISSING),
  );

const savedOf = ({ properties }: Partly) => {
  if (!properties) throw new Error("nothing was saved");
  return properties;
};

test("14. 207 with one of 1,000 not found: 999 are kept, it is named, and the next run sends only that one", async () => {
  const scene = await newSetScene({ attested: attested(1_000) });
  const entries = deployments(1_000);
  const inputs = { ...setOf(entries), __provider: CODE };
  const error = await failureOf(createSet(scene, inputs));
  expect(error.message).toMatch(/^1 of 1000 changed deployments of cluster prod-eu were not recorded/);
  expect(error.id).toBe(ID);
  expect(error.reasons).toEqual([
    expect.stringContaining(
      `deployments["shop-web-500"]: GitHub has no artifact with digest ${digestAt(MISSING)}`,
    ),
  ]);
  const saved = savedOf(error);
  expect(saved.__provider).toBe(CODE);
  expect(saved.deployments).toEqual(without(entries, nameAt(MISSING)));
  expect(Object.keys(saved.records)).toHaveLength(999);

  expect(await isChanged(scene, saved, inputs)).toBe(true);
  scene.github.attest("acme", digestAt(MISSING));
  const repaired = await updateSet(scene.another(), saved, inputs);
  expect(writesOf(scene.github)).toEqual([`${CLUSTER} 1000`, `${CLUSTER} 1`]);
  expect(lastEntries(scene.github)).toMatchObject([{ deployment_name: nameAt(MISSING) }]);
  expect(repaired.deployments).toEqual(entries);
  expect(await isChanged(scene, repaired, inputs)).toBe(false);
});

test("an entry that the token is not allowed to write is named with its repository", async () => {
  const token = "limited";
  const scene = await newSetScene({
    attested: [digestAt(0)],
    tokens: { limited: { repositories: { source: "write", closed: "read" } } },
  });
  const entries = { ...deployments(1), [nameAt(1)]: deploymentAt(1, { githubRepository: "closed" }) };
  const error = await failureOf(createSet(scene.another({ token }), setOf(entries)));
  expect(error.reasons).toEqual([
    expect.stringMatching(
      /^deployments\["shop-web-1"\]: the token is not allowed to write records of closed \(unauth/,
    ),
  ]);
  expect(Object.keys(savedOf(error).deployments)).toEqual([nameAt(0)]);
});

test("an entry that could not be updated keeps its last record", async () => {
  const scene = await newSetScene({ attested: attested(3) });
  const created = await createSet(scene, setOf(deployments(3)));
  const next = { ...deployments(3), [nameAt(1)]: deploymentAt(MISSING) };
  const error = await failureOf(updateSet(scene.another(), created, setOf(next)));
  const saved = savedOf(error);
  expect(saved.deployments).toEqual(created.deployments);
  expect(saved.records).toEqual(created.records);
});

test("an update that takes the last entry out and cannot write the new one saves that nothing is recorded", async () => {
  const scene = await newSetScene({ attested: attested(1) });
  const created = await createSet(scene, setOf(deployments(1)));
  const next = setOf({ [nameAt(1)]: deploymentAt(MISSING) });
  const error = await failureOf(updateSet(scene.another(), created, next));
  expect(savedOf(error)).toMatchObject({ deployments: noEntries, records: noEntries });
  expect(statusesOf(scene.github)).toEqual([`${nameAt(0)} decommissioned`]);
});

test("an entry that could not be taken out stays in the state, and is taken out by the next run", async () => {
  const scene = await newSetScene();
  const created = await createSet(scene, setOf(deployments(2)));
  const json = (body: object) => ({
    ...body,
    errors: [{ cause: "unauthorized", deployment: { deployment_name: nameAt(0) } }],
  });
  scene.github.fault({ match: { method: "POST" }, when: "after", do: { json } });
  const fewer = setOf(without(deployments(2), nameAt(0)));
  const error = await failureOf(updateSet(scene.another(), created, fewer));
  expect(savedOf(error)).toMatchObject({ deployments: created.deployments, records: created.records });
  expect(await isChanged(scene, savedOf(error), fewer)).toBe(true);
});

test("where nothing of a new set was written, nothing is saved", async () => {
  const scene = await newSetScene({ attested: [] });
  const error = await failureOf(createSet(scene, setOf(deployments(12))));
  expect(error.message).toMatch(/^12 of 12 .*"shop-web-0".*"shop-web-9".*…and 2 more\.$/);
  expect(error.message).not.toMatch("shop-web-10");
  expect(error.properties).toBeUndefined();
});

test("a set that is removed only in part stays as it was", async () => {
  const scene = await newSetScene();
  const created = await createSet(scene, setOf(deployments(2)));
  const json = (body: object) => ({
    ...body,
    errors: [{ cause: "unauthorized", deployment: { deployment_name: nameAt(0) } }],
  });
  scene.github.fault({ match: { method: "POST" }, when: "after", do: { json } });
  const error = await failureOf(scene.another().set.delete(ID, created));
  expect(error.message).toMatch(/1 of 2 .*deployments\["shop-web-0"\].*unauthorized/);
  expect(error.properties).toBeUndefined();
});

test("a set that is removed in two runs is decommissioned, and the warning says what the first may have done", async () => {
  const scene = await newSetScene({
    attested: [digestAt(0), digestAt(1)],
    tokens: { limited: { repositories: { source: "write", closed: "read" } } },
  });
  const closed = deploymentAt(2, { githubRepository: "closed" });
  const created = await createSet(scene, setOf({ ...deployments(2), [nameAt(2)]: closed }));
  scene.clock.advance(1_000);
  const error = await failureOf(scene.another({ token: "limited" }).set.delete(ID, created));
  expect(error.message).toMatch(/^1 of 3 .*deployments\["shop-web-2"\].*unauthorized/);
  expect(statusesOf(scene.github)).toEqual([
    `${nameAt(0)} decommissioned`,
    `${nameAt(1)} decommissioned`,
    `${nameAt(2)} deployed`,
  ]);

  scene.clock.advance(1_000);
  const later = scene.another();
  await later.set.delete(ID, created);
  expect(lastEntries(scene.github)).toMatchObject([{ deployment_name: nameAt(2), status: "decommissioned" }]);
  expect(statusesOf(scene.github)).toEqual([0, 1, 2].map((index) => `${nameAt(index)} decommissioned`));
  expect(later.warnings).toEqual([
    expect.stringMatching(/^2 records were left .*because an earlier removal failed/),
  ]);
});

test("of many artifacts that are not known each has its reason, and the causes are said once", async () => {
  const scene = await newSetScene({ attested: [] });
  const error = await failureOf(createSet(scene, setOf(deployments(12))));
  expect(error.message.match(/GitHub has no artifact/g)).toHaveLength(10);
  expect(error.message.match(/Possible causes:/g)).toHaveLength(1);
});

describe("with onMissingArtifact set to warn", () => {
  const lenient = { onMissingArtifact: "warn" };

  test("what GitHub has no artifact of is skipped, and tried again by every run", async () => {
    const scene = await newSetScene({ attested: attested(3) }, lenient);
    const inputs = setOf({ ...deployments(2), [nameAt(MISSING)]: deploymentAt(MISSING) });
    const created = await createSet(scene, inputs);
    expect(created.skipped).toEqual([nameAt(MISSING)]);
    expect(scene.warnings).toEqual([
      expect.stringMatching(/^deployments\["shop-web-500"\] was not recorded\. GitHub has no artifact/),
    ]);

    expect(await isChanged(scene, created, inputs)).toBe(true);
    scene.github.attest("acme", digestAt(MISSING));
    const later = await updateSet(scene.another(), created, inputs);
    expect(lastEntries(scene.github)).toMatchObject([{ deployment_name: nameAt(MISSING) }]);
    expect(later.skipped).toBeUndefined();
    expect(await isChanged(scene, later, inputs)).toBe(false);
  });

  test("many of them are one warning, which names ten and the causes once", async () => {
    const scene = await newSetScene({ attested: [] }, lenient);
    const created = await createSet(scene, setOf(deployments(12)));
    expect(created.skipped).toHaveLength(12);
    expect(scene.warnings).toEqual([
      expect.stringMatching(
        /^12 deployments were not recorded: .*Possible causes:.*"shop-web-0".* and 2 more\.$/,
      ),
    ]);
    expect(scene.warnings[0]?.match(/deployments\["/g)).toHaveLength(10);
  });

  test("what cannot be taken out for that reason is gone from the state, with a warning", async () => {
    const scene = await newSetScene({}, lenient);
    const created = await createSet(scene, setOf(deployments(2)));
    const json = (body: object) => ({
      ...body,
      errors: [{ cause: "not_found", deployment: { deployment_name: nameAt(0) } }],
    });
    scene.github.fault({ match: { method: "POST" }, when: "after", do: { json } });
    const later = scene.another();
    const updated = await updateSet(later, created, setOf(without(deployments(2), nameAt(0))));
    expect(Object.keys(updated.deployments)).toEqual([nameAt(1)]);
    expect(updated.skipped).toBeUndefined();
    expect(later.warnings).toEqual([
      expect.stringMatching(/"shop-web-0".*removed from the set, but not decommissioned/),
    ]);
  });

  test("another failure is an error still", async () => {
    const scene = await newSetScene({ attested: [digestAt(0)] }, { ...lenient, token: "limited" });
    scene.github.setToken("limited", { repositories: { source: "write", closed: "read" } });
    const inputs = setOf({
      ...deployments(1),
      [nameAt(1)]: deploymentAt(1, { githubRepository: "closed" }),
      [nameAt(2)]: deploymentAt(2),
    });
    const error = await failureOf(createSet(scene, inputs));
    expect(error.reasons).toEqual([expect.stringMatching(/"shop-web-1".*unauthorized/)]);
    expect(savedOf(error).skipped).toEqual([nameAt(2)]);
  });
});

describe("with partialSuccess: false", () => {
  const allOrNothing = { partialSuccess: false };

  test("one entry that cannot be written keeps the others from being written", async () => {
    const scene = await newSetScene({ attested: attested(3) });
    const inputs = setOf({ ...deployments(2), [nameAt(MISSING)]: deploymentAt(MISSING) }, allOrNothing);
    const error = await failureOf(createSet(scene, inputs));
    expect(error.message).toMatch(/GitHub has no artifact/);
    expect(error.properties).toBeUndefined();
    expect(statusesOf(scene.github)).toEqual([]);

    scene.github.attest("acme", digestAt(MISSING));
    expect((await createSet(scene.another(), inputs)).partialSuccess).toBe(false);
    expect(scene.github.requests.at(-1)?.body).toMatchObject({ partial_success: false });
  });

  test.each(["object", "text"] as const)(
    "the repository at fault is named (%s)",
    async (repositoryErrors) => {
      const scene = await newSetScene({ attested: [], repositories: ["web"], rules: { repositoryErrors } });
      const inputs = setOf(deployments(1, { githubRepository: "wbe" }), allOrNothing);
      const { message } = await failureOf(createSet(scene, inputs));
      expect(message).toMatch(/repositories do not exist/);
      expect(message).toMatch(/attest it .* or set githubRepository/);
      if (repositoryErrors === "object") expect(message).toMatch(/do not exist, wbe/);
    },
  );
});

test.each([
  ["fails", {}, 1],
  ["is accepted as missing", { onMissingArtifact: "warn" }, 0],
])("a former secret of an entry whose write %s is not in the state", async (_, config, failures) => {
  const scene = await newSetScene({ attested: attested(3) }, config as Record<string, string>);
  const secret = { tags: { key: "former-secret" }, version: "former-version" };
  const created = await createSet(scene, setOf(deployments(3, secret)));
  const changed = deploymentAt(0, { digest: digestAt(MISSING), tags: { key: "open" } });
  const news = setOf({
    ...deployments(3, { tags: { key: "open" }, version: "2.0.0" }),
    [nameAt(0)]: changed,
  });
  const saved = await updateSet(scene.another(), created, news).catch((error: Partly) => {
    expect(error.reasons).toHaveLength(failures);
    return savedOf(error);
  });
  expect(JSON.stringify(saved)).not.toContain("former-");
  expect(saved.deployments[nameAt(0)]).toMatchObject({ digest: digestAt(0), tags: noEntries, version: "" });
  expect(await isChanged(scene, saved, news)).toBe(true);
});

test("a former secret of entries that were not tried or not removed is not in the state", async () => {
  const scene = await newSetScene();
  const secret = { tags: { key: "former-secret" } };
  const created = await createSet(scene, setOf(deployments(5_002, secret)));
  const refused = { status: 403, body: { message: "Resource not accessible" } };
  scene.github.fault({ match: { path: /\/jobs$/, nth: 2 }, when: "before", do: refused });
  scene.clock.advance(1_000);
  const error = await failureOf(
    updateSet(scene.another(), created, setOf(without(deployments(5_002), nameAt(5_001)))),
  );
  expect(Object.keys(savedOf(error).deployments)).toHaveLength(5_002);
  expect(JSON.stringify(savedOf(error))).not.toContain("former-");
});
