import { DIGEST, OTHER_DIGEST, recordInputs } from "../support/provider";
import { create, failureOf, newScene, refresh, requestsOf, update } from "../support/scene";

const unattested = { server: { attested: [] as string[] } };
const warn = { ...unattested, config: { onMissingArtifact: "warn" } };

test("with githubRepository, no attestation is needed", async () => {
  const scene = await newScene(unattested);
  const { outs } = await create(scene, recordInputs({ githubRepository: "shop" }));
  expect(outs).not.toHaveProperty("attestationId");
  expect(scene.github.deploymentRecords()).toMatchObject([{ github_repository: "shop" }]);
});

describe("with onMissingArtifact=warn", () => {
  test("a create succeeds with a warning, and the next up writes the record", async () => {
    const scene = await newScene(warn);
    const saved = await create(scene, recordInputs());
    expect(saved.outs).toStrictEqual({ ...recordInputs(), status: "not recorded" });
    expect(scene.warnings).toEqual([
      expect.stringMatching(/was not written; the next pulumi up tries again.*no artifact/),
    ]);
    expect((await scene.provider.diff(saved.id, saved.outs, recordInputs())).changes).toBe(true);

    scene.github.attest("acme", DIGEST);
    const later = await update(scene, saved, recordInputs());
    expect(later.outs).toMatchObject({ status: "deployed", recordId: expect.any(String) as string });
    expect((await scene.provider.diff(later.id, later.outs, recordInputs())).changes).toBe(false);
  });

  test("each record has a warning, and the first one the causes", async () => {
    const scene = await newScene(warn);
    await create(scene, recordInputs());
    await create(scene, recordInputs({ deploymentName: "shop-api-api", digest: OTHER_DIGEST }));
    expect(scene.warnings).toEqual([
      expect.stringMatching(/"shop-web-web".*Possible causes/),
      expect.stringMatching(/"shop-api-api" .* was not written; .* has no artifact .*\(request id \w+\)\.$/),
    ]);
  });

  test("an update keeps what was written, so that the next up tries again", async () => {
    const scene = await newScene(warn);
    scene.github.attest("acme", DIGEST);
    const saved = await create(scene, recordInputs({ tags: { team: "shop" } }));
    const wanted = recordInputs({ digest: OTHER_DIGEST });
    const later = await update(scene, saved, wanted);
    // Tags that are declared no more can be a former secret.
    expect(later.outs).toEqual({ ...saved.outs, tags: {} });
    expect(scene.warnings).toHaveLength(1);
    expect((await scene.provider.diff(later.id, later.outs, wanted)).changes).toBe(true);
  });

  test("a record that was never written is kept by a refresh, and needs no request to be removed", async () => {
    const scene = await newScene(warn);
    const saved = await create(scene, recordInputs());
    expect((await refresh(scene, saved)).outs).toEqual(saved.outs);
    scene.github.requests.length = 0;
    await (await scene.another()).provider.delete(saved.id, saved.outs);
    expect(requestsOf(scene.github)).toEqual([]);
  });

  test("a record that was never written is written, also where ignoreChanges keeps the status that a refresh found", async () => {
    const scene = await newScene(warn);
    const read = await refresh(scene, await create(scene, recordInputs()));
    const kept = recordInputs({ status: read.outs.status as "deployed" });
    const later = await scene.another();
    expect((await later.provider.diff(read.id, read.outs, kept)).changes).toBe(true);
    scene.github.attest("acme", DIGEST);
    const { outs } = await update(later, read, kept);
    expect(scene.github.deploymentRecords()).toMatchObject([{ status: "deployed" }]);
    expect((await later.provider.diff(read.id, outs, kept)).changes).toBe(false);
  });

  test("a record that was never written, but is another writer's, does not become ours by a refresh", async () => {
    const scene = await newScene(warn);
    const saved = await create(scene, recordInputs());
    scene.github.attest("acme", DIGEST);
    await create(await scene.another(), recordInputs());
    const read = await refresh(scene, saved);
    expect(read.outs.status).toBe("not recorded");
    await (await scene.another()).provider.delete(read.id, read.outs);
    expect(scene.github.deploymentRecords()).toMatchObject([{ status: "deployed" }]);
  });

  test("the removal of a record whose artifact GitHub does not know any more succeeds, with a warning", async () => {
    const scene = await newScene(warn);
    scene.github.attest("acme", DIGEST);
    const saved = await create(scene, recordInputs());
    const gone = { status: 404, body: { message: "no artifacts found" } };
    scene.github.fault({ match: { method: "POST" }, when: "before", do: gone });
    const later = await scene.another();
    await later.provider.delete(saved.id, saved.outs);
    expect(later.warnings).toEqual([
      expect.stringMatching(/"shop-web-web".*was not decommissioned.*no artifact/),
    ]);
  });

  test("every other failure is an error all the same", async () => {
    const scene = await newScene(warn);
    scene.github.setToken(scene.github.token, { permission: "read" });
    expect((await failureOf(create(scene, recordInputs()))).message).toMatch(/403/);
    expect(scene.warnings).toEqual([]);
  });
});
