import { DIGEST, newProvider, OTHER_DIGEST, recordInputs } from "../support/provider";
import type { Provider, TestProvider } from "../support/provider";
import {
  bodiesOf,
  create,
  failureOf,
  listOf,
  newScene,
  refresh,
  requestsOf,
  update,
  WRITE,
} from "../support/scene";
import type { Saved, Scene, SceneOptions } from "../support/scene";
import type { Inputs } from "../../provider/deployment-record";

const foreign = {
  name: "ghcr.io/acme/web",
  digest: DIGEST,
  status: "deployed",
  logical_environment: "production",
  physical_environment: "eu-west-1",
  cluster: "prod-eu",
  deployment_name: "shop-web-web",
} as const;

/** A record that one run wrote, and the run that takes it out of the program. */
async function removal(options: SceneOptions = {}, inputs = recordInputs()) {
  const scene = await newScene(options);
  const saved = await create(scene, inputs);
  const later = await scene.another();
  scene.github.requests.length = 0;
  return { scene, saved, later, remove: () => later.provider.delete(saved.id, saved.outs) };
}

const statuses = ({ github }: Scene) => github.deploymentRecords().map(({ status }) => status);
const declare = ({ provider }: TestProvider, inputs: Inputs) => provider.check(inputs, inputs);

test("what we wrote last is decommissioned", async () => {
  const { scene, later, remove } = await removal();
  await remove();
  expect(statuses(scene)).toEqual(["decommissioned"]);
  expect(later.warnings).toEqual([]);
});

test("what we wrote, refreshed, and wrote again is decommissioned", async () => {
  const { scene, saved, later } = await removal();
  scene.clock.advance(60_000);
  const updated = await update(scene, saved, recordInputs({ version: "2" }));
  scene.clock.advance(60_000);
  const read = await refresh(scene, updated);
  await later.provider.delete(read.id, read.outs);
  expect(statuses(scene)).toEqual(["decommissioned"]);
});

test("a list that lags behind our own write does not keep it from being decommissioned", async () => {
  const scene = await newScene({ server: { rules: { listLag: { reads: 3 } } } });
  const first = await create(scene, recordInputs());
  await refresh(scene, first);
  await refresh(scene, first);
  await refresh(scene, first);
  scene.clock.advance(60_000);
  const saved = await update(scene, first, recordInputs({ version: "2" }));
  await (await scene.another()).provider.delete(saved.id, saved.outs);
  expect(statuses(scene)).toEqual(["decommissioned"]);
});

test("what another writer wrote since is left alone, and a warning says what to do", async () => {
  const { scene, later, remove } = await removal();
  scene.clock.advance(1000);
  scene.github.writeDeployment("acme", { ...foreign, version: "2" });
  await remove();
  expect(requestsOf(scene.github)).toEqual([listOf(DIGEST)]);
  expect(statuses(scene)).toEqual(["deployed"]);
  expect(later.warnings).toEqual([
    expect.stringMatching(
      /"shop-web-web".*left as it is.*2026-01-01T00:00:01Z.*declare it again.*verifyOwnership=false/,
    ),
  ]);
});

test("where several are left alone, each is named, and what to do is said once", async () => {
  const { scene, later, remove } = await removal();
  const api = await create(scene, recordInputs({ deploymentName: "shop-api-api" }));
  scene.clock.advance(1000);
  for (const deployment_name of ["shop-web-web", "shop-api-api"])
    scene.github.writeDeployment("acme", { ...foreign, deployment_name });
  await remove();
  await later.provider.delete(api.id, api.outs);
  expect(later.warnings).toEqual([
    expect.stringMatching(/"shop-web-web".*left as it is.*declare it again/),
    expect.stringMatching(/"shop-api-api".*left as it is: it was written at \S+, and .* at \S+Z\.$/),
  ]);
});

test("a refresh after another writer's change does not make it ours", async () => {
  const { scene, saved, later } = await removal();
  scene.clock.advance(1000);
  scene.github.writeDeployment("acme", foreign);
  const read = await refresh(scene, saved);
  await later.provider.delete(read.id, read.outs);
  expect(statuses(scene)).toEqual(["deployed"]);
});

test("23. another writer's digest: what moved there is left alone by a removal, with a warning", async () => {
  const { scene, later, remove } = await removal();
  scene.github.writeDeployment("acme", { ...foreign, digest: OTHER_DIGEST });
  await remove();
  expect(requestsOf(scene.github)).toEqual([listOf(DIGEST)]);
  expect(scene.github.deploymentRecords()).toMatchObject([{ digest: OTHER_DIGEST, status: "deployed" }]);
  expect(later.warnings).toEqual([expect.stringMatching(/left as it is.*does not list it for the digest/)]);
});

test("what another writer decommissioned, and lists do not show, is left alone", async () => {
  const { scene, remove } = await removal({ server: { rules: { listDecommissioned: false } } });
  scene.github.writeDeployment("acme", { ...foreign, status: "decommissioned" });
  await remove();
  expect(requestsOf(scene.github)).toEqual([listOf(DIGEST)]);
});

test("a live record that does not say when it was written is left alone", async () => {
  const { scene, remove } = await removal();
  const thin = ({ deployment_records: records }: { deployment_records: object[] }) => ({
    deployment_records: records.map((record) => ({ ...record, updated_at: null })),
  });
  scene.github.fault({ match: { method: "GET" }, when: "after", do: { json: thin } });
  await remove();
  expect(statuses(scene)).toEqual(["deployed"]);
});

test("without the right to read it is decommissioned, with a warning", async () => {
  const { scene, later, remove } = await removal();
  scene.github.fault({
    match: { method: "GET" },
    when: "before",
    do: { status: 403, body: { message: "Resource not accessible by personal access token" } },
  });
  await remove();
  expect(statuses(scene)).toEqual(["decommissioned"]);
  expect(later.warnings).toEqual([
    expect.stringMatching(/cannot be read.*without a check whether another writer/),
  ]);
});

test("with verifyOwnership=false it is decommissioned without a look", async () => {
  const { scene, remove } = await removal({ config: { verifyOwnership: "false" } });
  scene.clock.advance(1000);
  scene.github.writeDeployment("acme", foreign);
  await remove();
  expect(requestsOf(scene.github)).toEqual([WRITE]);
  expect(statuses(scene)).toEqual(["decommissioned"]);
});

test.each([true, false])(
  "what is decommissioned already is not written, also where lists show it: %s",
  async (listDecommissioned) => {
    const gone = recordInputs({ status: "decommissioned" });
    const { scene, later, remove } = await removal({ server: { rules: { listDecommissioned } } }, gone);
    await remove();
    expect(requestsOf(scene.github)).toEqual([listOf(DIGEST)]);
    expect(later.warnings).toEqual([]);
  },
);

test("what is decommissioned in the state, and was written since by a run that was cut off, is told of", async () => {
  const { scene, saved, later, remove } = await removal({}, recordInputs({ status: "decommissioned" }));
  scene.clock.advance(1000);
  await update(await scene.another(), saved, recordInputs());
  scene.github.requests.length = 0;
  await remove();
  expect(requestsOf(scene.github)).toEqual([listOf(DIGEST)]);
  expect(later.warnings).toEqual([expect.stringMatching(/left as it is: it was written at/)]);
});

test("what is decommissioned in the state is written where nobody may look", async () => {
  const options = { config: { verifyOwnership: "false" } };
  const { scene, remove } = await removal(options, recordInputs({ status: "decommissioned" }));
  await remove();
  expect(requestsOf(scene.github)).toEqual([WRITE]);
});

test("a removal that could not be done fails, and can be done again", async () => {
  const { scene, saved, later, remove } = await removal();
  const forbidden = { status: 403, body: { message: "Resource not accessible by personal access token" } };
  scene.github.fault({ match: { method: "POST" }, when: "before", do: forbidden });
  expect((await failureOf(remove())).message).toMatch(/403.*Artifact metadata: write/);
  expect(statuses(scene)).toEqual(["deployed"]);
  await later.provider.delete(saved.id, saved.outs);
  expect(statuses(scene)).toEqual(["decommissioned"]);
});

test("a removal that was repeated after its answer was lost sends the same again", async () => {
  const { scene, remove } = await removal();
  scene.github.fault({ match: { method: "POST" }, when: "after", do: "reset" });
  jest.spyOn(Math, "random").mockReturnValue(0.001);
  await remove();
  const [first, second, ...more] = bodiesOf(scene.github);
  expect(second).toEqual(first);
  expect(more).toEqual([]);
  expect(statuses(scene)).toEqual(["decommissioned"]);
});

describe("a record that is declared in this run", () => {
  test("by a check alone is not decommissioned", async () => {
    const { scene, later, remove } = await removal();
    await declare(later, recordInputs());
    expect((await failureOf(remove())).message).toContain("has not written it");
    expect(requestsOf(scene.github)).toEqual([listOf(DIGEST)]);
    expect(statuses(scene)).toEqual(["deployed"]);
  });

  test("by a check as new alone, as Pulumi's --replace makes it, is left for the create that follows", async () => {
    const { scene, later, remove } = await removal();
    await later.provider.check({} as Inputs, recordInputs());
    await remove();
    expect(requestsOf(scene.github)).toEqual([]);
    expect(statuses(scene)).toEqual(["deployed"]);
    // Or it is a rename whose create Pulumi leaves out, because something else has failed (--continue-on-error).
    expect(later.warnings).toEqual([expect.stringMatching(/"shop-web-web".*keep declaring it until/)]);
  });

  test("under another spelling of the organisation is the same record", async () => {
    const { scene, later, remove } = await removal();
    await declare(later, recordInputs({ org: "ACME" }));
    expect((await failureOf(remove())).message).toContain("has not written it");
    expect(requestsOf(scene.github)).toEqual([listOf(DIGEST)]);
  });

  test("with another identity does not keep the old one", async () => {
    const { scene, later, remove } = await removal();
    await declare(later, recordInputs({ cluster: "prod-us" }));
    await remove();
    expect(statuses(scene)).toEqual(["decommissioned"]);
  });

  test("with a failing check does not keep it", async () => {
    const { scene, later, remove } = await removal();
    await later.provider.check(recordInputs(), recordInputs({ digest: "sha256:1" }));
    await remove();
    expect(statuses(scene)).toEqual(["decommissioned"]);
  });

  test("and renamed (created, then deleted) stays deployed, even within one second", async () => {
    const { scene, saved, later, remove } = await removal();
    await create(later, recordInputs({ version: "2" }));
    await remove();
    expect(statuses(scene)).toEqual(["deployed"]);
    expect(saved.id).toBe("acme/production/eu-west-1/prod-eu/shop-web-web");
    expect(requestsOf(scene.github)).toEqual([WRITE]);
  });

  test.each([1, 2, 3, 4, 5])("and removed at the same time stays deployed (try %i)", async (turn) => {
    const { scene, later, remove } = await removal();
    const work = [() => create(later, recordInputs({ version: "2" })), remove];
    if (turn % 2) work.reverse();
    await Promise.all(work.map((one) => one()));
    expect(statuses(scene)).toEqual(["deployed"]);
  });

  test("while its removal is on the way is written after it", async () => {
    const { scene, later, remove } = await removal();
    const held = scene.github.fault({ match: { method: "POST" }, when: "after", do: "hold" });
    const removed = remove();
    await held.arrived;
    const created = create(later, recordInputs({ version: "2" }));
    held.release();
    await Promise.all([removed, created]);
    expect(bodiesOf(scene.github)).toMatchObject([{ status: "decommissioned" }, { status: "deployed" }]);
    expect(statuses(scene)).toEqual(["deployed"]);
  });
});

test("two resources with one identity, both removed: it is decommissioned once", async () => {
  const { scene, saved, later, remove } = await removal();
  await Promise.all([remove(), later.provider.delete(saved.id, saved.outs)]);
  expect(bodiesOf(scene.github)).toMatchObject([{ status: "decommissioned" }]);
});

test("after a record moved to another stack, its removal here leaves it alone", async () => {
  const { scene, remove } = await removal();
  scene.clock.advance(1000);
  await create(await scene.another(), recordInputs());
  await remove();
  expect(statuses(scene)).toEqual(["deployed"]);
});

test("a removal whose ID nobody could have written sends nothing", async () => {
  const { provider } = await newProvider({ "artifact-metadata:baseUrl": "http://127.0.0.1:9" });
  const remove = async (target: Provider, saved: Saved) => target.delete(saved.id, saved.outs);
  const outs = { name: "x", digest: DIGEST, status: "deployed" } as const;
  await expect(remove(provider, { id: "nonsense", outs })).rejects.toThrow(/is not the ID/);
});
