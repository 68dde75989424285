import { without } from "../support/sets";
import { DIGEST, OTHER_DIGEST, recordInputs } from "../support/provider";
import type { Access } from "../../local/github";
import type { Inputs, Outputs } from "../../provider/deployment-record";
import { create, failureOf, newScene, refresh, requestsOf, update, WRITE } from "../support/scene";
import type { Saved, Scene } from "../support/scene";
import { noEntries } from "../support/no-entries";

const body = {
  name: "ghcr.io/acme/web",
  digest: DIGEST,
  status: "deployed",
  logical_environment: "production",
  physical_environment: "eu-west-1",
  cluster: "prod-eu",
  deployment_name: "shop-web-web",
} as const;

/** What the engine asks after a refresh: does the record differ from what the program declares? */
async function changes({ provider }: Scene, read: Saved, inputs: Inputs): Promise<boolean | undefined> {
  return (await provider.diff(read.id, read.outs, inputs)).changes;
}

test("a record that nobody touched is read as it was written", async () => {
  const scene = await newScene();
  const inputs = recordInputs({ version: "1", tags: { team: "shop" }, runtimeRisks: ["internet-exposed"] });
  const saved = await create(scene, inputs);
  const read = await refresh(scene, saved);
  expect(read).toEqual({ ...saved, inputs });
  expect(await changes(scene, read, inputs)).toBe(false);
});

test("25. tags or risks changed elsewhere: they are seen, and one write restores them", async () => {
  const scene = await newScene();
  const inputs = recordInputs({ tags: { team: "shop" }, runtimeRisks: ["internet-exposed"] });
  const saved = await create(scene, inputs);
  scene.clock.advance(1000);
  scene.github.writeDeployment("acme", { ...body, tags: { team: "other" }, runtime_risks: [] });

  const read = await refresh(scene, saved);
  expect(read.inputs.tags).toEqual({ team: "other" });
  expect(read.inputs).not.toHaveProperty("runtimeRisks");
  expect(read.outs).toEqual({ ...saved.outs, tags: { team: "other" }, runtimeRisks: undefined });
  expect(await changes(scene, read, inputs)).toBe(true);

  const again = await refresh(scene, await update(scene, read, inputs));
  expect(again.inputs).toEqual(inputs);
  expect(await changes(scene, again, inputs)).toBe(false);
  expect(requestsOf(scene.github).filter((request) => request === WRITE)).toHaveLength(2);
});

test("tags that appeared elsewhere are seen, and cleared by the next write", async () => {
  const scene = await newScene();
  const saved = await create(scene, recordInputs());
  scene.github.writeDeployment("acme", { ...body, tags: { a: "1" }, runtime_risks: ["sensitive-data"] });
  const read = await refresh(scene, saved);
  expect(read.inputs).toMatchObject({ tags: { a: "1" }, runtimeRisks: ["sensitive-data"] });
  await update(scene, read, recordInputs());
  expect(scene.github.deploymentRecords()).toMatchObject([{ tags: noEntries, runtime_risks: [] }]);
});

test("another order of risks, and empty tags for absent ones, are no drift", async () => {
  const scene = await newScene();
  const inputs = recordInputs({ runtimeRisks: ["sensitive-data", "internet-exposed"], tags: {} });
  const saved = await create(scene, inputs);
  scene.github.writeDeployment("acme", { ...body, runtime_risks: ["internet-exposed", "sensitive-data"] });
  expect((await refresh(scene, saved)).inputs).toEqual(inputs);
});

test("when another writer wrote is not taken for our own write", async () => {
  const scene = await newScene();
  const saved = await create(scene, recordInputs());
  scene.clock.advance(60_000);
  scene.github.writeDeployment("acme", body);
  const read = await refresh(scene, saved);
  expect(scene.github.deploymentRecords()[0]?.updated_at).toBe("2026-01-01T00:01:00Z");
  expect(read.outs.updatedAt).toBe("2026-01-01T00:00:00Z");
});

test("23. another writer's digest: a refresh shows the drift and keeps the record, and the next write takes it back", async () => {
  const scene = await newScene();
  const saved = await create(scene, recordInputs());
  scene.clock.advance(1000);
  scene.github.writeDeployment("acme", { ...body, digest: OTHER_DIGEST });

  const read = await refresh(scene, saved);
  expect(read.id).toBe(saved.id);
  expect(read.outs).toEqual({ ...saved.outs, status: "not listed" });
  expect(read.inputs).toEqual({ ...recordInputs(), status: "not listed" });
  expect(await changes(scene, read, recordInputs())).toBe(true);
  expect(await refresh(scene, read)).toEqual(read);

  const back = await update(scene, read, recordInputs());
  expect(scene.github.deploymentRecords()).toMatchObject([{ digest: DIGEST, status: "deployed" }]);
  expect(await changes(scene, back, recordInputs())).toBe(false);
});

test("a record that is listed again is no drift any more", async () => {
  const scene = await newScene({ server: { rules: { listLag: { reads: 1 } } } });
  const saved = await create(scene, recordInputs());
  const lagging = await refresh(scene, saved);
  expect(lagging.outs.status).toBe("not listed");
  expect(await refresh(scene, lagging)).toEqual({ ...saved, inputs: recordInputs() });
});

test.each([true, false])(
  "a decommissioned record stays so, whether lists show it or not (%s)",
  async (listDecommissioned) => {
    const scene = await newScene({ server: { rules: { listDecommissioned } } });
    const inputs = recordInputs({ status: "decommissioned" });
    const saved = await create(scene, inputs);
    expect(await refresh(scene, saved)).toEqual({ ...saved, inputs });
  },
);

const blind: [string, Access][] = [
  ["no permission to read", { permission: "none" }],
  ["no access to the organisation", { orgs: [] }],
];
test.each(blind)(
  "24. no right to read: with %s, every resource is kept, and one warning says why",
  async (_what, access) => {
    const scene = await newScene();
    const saved = await create(scene, recordInputs());
    scene.github.setToken(scene.github.token, access);
    const read = await refresh(scene, saved);
    expect(read).toEqual({ ...saved, inputs: recordInputs() });
    expect(await changes(scene, read, recordInputs())).toBe(false);
    expect(scene.warnings).toHaveLength(1);
    expect(scene.warnings[0]).toMatch(/records of acme cannot be read.*kept.*Artifact metadata/);
  },
);

test("an artifact that GitHub does not know any more is as good as not listed", async () => {
  const scene = await newScene();
  const saved = await create(scene, recordInputs());
  scene.github.fault({ when: "before", do: { status: 404, body: { message: "no artifacts found" } } });
  expect((await refresh(scene, saved)).outs.status).toBe("not listed");
});

test("a record whose repository the token may not see is not listed, and kept", async () => {
  const scene = await newScene();
  const saved = await create(scene, recordInputs());
  scene.github.setToken(scene.github.token, { repositories: {} });
  expect((await refresh(scene, saved)).outs.status).toBe("not listed");
});

describe(".get", () => {
  const id = "acme/production/eu-west-1/prod-eu/shop-web-web";
  const get = (scene: Scene, state: Record<string, unknown>, which = id) =>
    scene.provider.read(which, state as Outputs);

  test("reads a record by its ID and digest, identity included", async () => {
    const scene = await newScene();
    const { outs } = await create(scene, recordInputs({ tags: { team: "shop" } }));
    const { props, inputs, id: readId } = await get(scene, { digest: DIGEST });
    const identity = {
      org: "acme",
      logicalEnvironment: "production",
      physicalEnvironment: "eu-west-1",
      cluster: "prod-eu",
      deploymentName: "shop-web-web",
    };
    expect(readId).toBe(id);
    // A list shows neither, and nothing is made up.
    expect(props).toEqual({ ...identity, ...without<unknown>({ ...outs }, "name", "status") });
    expect(inputs).toStrictEqual({ ...identity, digest: DIGEST, tags: { team: "shop" } });
  });

  test("keeps what it was told and GitHub does not say", async () => {
    const scene = await newScene();
    await create(scene, recordInputs({ version: "1" }));
    const { props } = await get(scene, { digest: DIGEST, name: "web", version: "1" });
    expect(props).toMatchObject({ name: "web", version: "1" });
  });

  test("reads the same again in a refresh", async () => {
    const scene = await newScene();
    await create(scene, recordInputs());
    const first = await get(scene, { digest: DIGEST });
    expect(await get(scene, { ...first.props })).toEqual(first);
  });

  test("without a digest, it is an error that says what to give", async () => {
    const scene = await newScene();
    const error = await failureOf(get(scene, {}));
    expect(error.message).toMatch(/without its digest.*\.get\(name, id, \{ digest \}\)/);
    expect(scene.github.requests).toEqual([]);
  });

  test.each([{}, { status: "deployed" }, { status: "decommissioned" }])(
    "a record that is not there is an error, whatever state was given (%j)",
    async (state) => {
      const scene = await newScene();
      const error = await failureOf(get(scene, { digest: DIGEST, ...state }));
      expect(error.message).toMatch(/lists no deployment record "shop-web-web".*for digest sha256:a1a1/);
    },
  );

  test("a record that the token may not see is an error, not a record of which nothing is known", async () => {
    const scene = await newScene();
    await create(scene, recordInputs());
    scene.github.setToken(scene.github.token, { permission: "none" });
    const error = await failureOf(get(scene, { digest: DIGEST }));
    expect(error.message).toMatch(/403.*Artifact metadata: read/);
  });

  test.each([
    ["acme", DIGEST],
    ["../production///web", DIGEST],
    ["acme%2f..%2fwidgets/production///web", DIGEST],
    [id, ".."],
    [id, DIGEST.toUpperCase()],
    [id, "a/../../b"],
  ])("the ID %s with the digest %s is refused, and nothing is sent", async (which, digest) => {
    const scene = await newScene();
    const error = await failureOf((async () => get(scene, { digest }, which))());
    expect(error.message).toMatch(/not the ID|must/);
    expect(error.stack).toBe("");
    expect(scene.github.requests).toEqual([]);
  });
});
