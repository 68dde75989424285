/** Nobody's deployment is undone: what somebody else has deployed since is left, and the user is told. */
import { DIGEST, OTHER_DIGEST } from "../support/provider";
import { failureOf } from "../support/scene";
import {
  bodiesOf,
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
const WHAT = 'The Chainloop deployment "shop-web-web" (production, CONTAINER_IMAGE) was left as it is: ';

test("renamed in the program: what the new resource declares is not decommissioned by the old one", async () => {
  const scene = await newScene();
  const old = await create(scene);
  const run = scene.another();
  await create(run);
  await remove(run, old);
  expect(statusesOf(scene)).toEqual(["a1a1 DEPLOYED"]);
  expect(run.warnings).toEqual([]);
});

test("given up by `up --refresh` or `destroy --refresh`: the diff of the state in the same process declares nothing", async () => {
  const scene = await newScene();
  const old = await create(scene);
  const run = scene.another();
  const { id, outs, inputs: saved } = await refresh(run, old);
  await run.provider.diff(id, outs, saved);
  await remove(run, { id, outs });
  expect(statusesOf(scene)).toEqual(["a1a1 DECOMMISSIONED"]);
});

test.each(["check", "create"] as const)(
  "what another resource of the run has a %s of is not removed",
  async (call) => {
    const scene = await newScene();
    const old = await create(scene);
    const run = scene.another();
    if (call === "check") await run.provider.check(inputs(), inputs());
    else await run.provider.create(inputs());
    const removed = remove(run, old);
    if (call === "check") await expect(removed).rejects.toThrow("has not written it");
    else await removed;
    expect(statusesOf(scene)).toEqual(["a1a1 DEPLOYED"]);
  },
);

test("taken back after a run that failed: the version that is declared replaces the renamed one's, of the same digest", async () => {
  const scene = await newScene();
  const old = await create(scene);
  scene.clock.advance(1_000);
  const renamed = await create(scene.another(), inputs({ artifactVersion: "2.0.0" }));
  const run = scene.another();
  await run.provider.check(inputs(), inputs());
  await run.provider.diff(old.id, old.outs, inputs());
  await remove(run, renamed);
  expect(scene.chainloop.deployments()).toMatchObject([
    { artifact: { version: "1.4.2" }, status: "DEPLOYED" },
  ]);

  const same = scene.another();
  await same.provider.check(inputs(), inputs());
  await same.provider.diff(old.id, old.outs, inputs());
  scene.chainloop.requests.length = 0;
  await remove(same, old);
  expect(requestsOf(scene)).toEqual([]);
});

test("what another resource declares as new is left for that one, and a warning says what follows if it is not created", async () => {
  const scene = await newScene();
  const old = await create(scene);
  const run = scene.another();
  await run.provider.check({} as never, inputs());
  await remove(run, old);
  expect(statusesOf(scene)).toEqual(["a1a1 DEPLOYED"]);
  expect(run.warnings).toEqual([expect.stringMatching(/"shop-web-web".*keep declaring it until/)]);
});

test("declared while a removal is under way: the write waits for it, and comes last", async () => {
  const scene = await newScene();
  const old = await create(scene);
  const held = scene.chainloop.fault({ match: { method: "GET" }, when: "after", do: "hold" });
  const run = scene.another();
  const removed = remove(run, old);
  await held.arrived;
  const created = run.provider.create(inputs());
  await run.provider.check(inputs(), inputs({ deploymentName: "other" }));
  held.release();
  await Promise.all([removed, created]);
  expect(bodiesOf(scene).map((sent) => (sent as { status: string }).status)).toEqual([
    "DEPLOYED",
    "DECOMMISSIONED",
    "DEPLOYED",
  ]);
  expect(statusesOf(scene)).toEqual(["a1a1 DEPLOYED"]);
});

test("removed before it is declared by another resource at the same time: the write comes last", async () => {
  const scene = await newScene();
  const old = await create(scene);
  const run = scene.another();
  await Promise.all([remove(run, old), run.provider.create(inputs(OTHER))]);
  expect(statusesOf(scene).filter((one) => one.endsWith(" DEPLOYED"))).toEqual(["b2b2 DEPLOYED"]);
});

test.each(["first", "last"])(
  "removed %s while another deployment of its digest gets a new version: the artifact keeps the version that is declared",
  async (when) => {
    const scene = await newScene();
    const [old, other] = [inputs(), inputs({ deploymentName: "other" })];
    const [removed, updated] = [await create(scene, old), await create(scene, other)];
    const run = scene.another();
    const next = { ...other, artifactVersion: "2.0.0" };
    await run.provider.check(other, next);
    const works = [() => remove(run, removed), () => update(run, updated, next)];
    for (const work of when === "first" ? works : works.reverse()) await work();
    const versions = scene.chainloop.deployments().map(({ artifact, status }) => [artifact.version, status]);
    expect(versions).toEqual([
      ["2.0.0", "DEPLOYED"],
      ["2.0.0", "DECOMMISSIONED"],
    ]);
  },
);

test("another digest that was deployed since is left, with a warning that names both", async () => {
  const scene = await newScene();
  const saved = await create(scene);
  foreignWrite(scene, { artifact_digest: OTHER_DIGEST });
  const run = scene.another();
  await remove(run, saved);
  expect(statusesOf(scene)).toEqual(["a1a1 SUPERSEDED", "b2b2 DEPLOYED"]);
  expect(run.warnings).toEqual([
    expect.stringContaining(
      `${WHAT}${OTHER_DIGEST} is deployed there now, and this resource has deployed ${DIGEST}. Its current owner must decommission it.`,
    ),
  ]);
});

test("the same digest that was deployed again since is left, with both times", async () => {
  const scene = await newScene();
  const saved = await create(scene);
  foreignWrite(scene);
  const run = scene.another();
  await remove(run, saved);
  expect(statusesOf(scene)).toEqual(["a1a1 DEPLOYED"]);
  expect(run.warnings[0]).toContain(
    `${WHAT}it was written at 2026-01-01T00:00:01.000Z, and this resource wrote it last at 2026-01-01T00:00:00.000Z.`,
  );
});

describe("where writing the same again moves `last_seen_at` alone", () => {
  const server = { rules: { repeatMoves: "last_seen_at" as const } };

  test("another writer's repeat is a write too: the deployment is left", async () => {
    const scene = await newScene({ server });
    const saved = await create(scene);
    foreignWrite(scene);
    const run = scene.another();
    await remove(run, await refresh(run, saved));
    expect(statusesOf(scene)).toEqual(["a1a1 DEPLOYED"]);
    expect(run.warnings[0]).toContain(
      `${WHAT}it was written at 2026-01-01T00:00:01.000Z, and this resource wrote it last at 2026-01-01T00:00:00.000Z.`,
    );
  });

  test("this resource's own repeat makes it this resource's", async () => {
    const scene = await newScene({ server });
    const saved = await create(scene);
    foreignWrite(scene);
    scene.clock.advance(1_000);
    const run = scene.another();
    await remove(run, await update(scene, saved, inputs()));
    expect(statusesOf(scene)).toEqual(["a1a1 DECOMMISSIONED"]);
    expect(run.warnings).toEqual([]);
  });
});

test("a refresh that saw the other's deployment does not make it this resource's", async () => {
  const scene = await newScene();
  const saved = await create(scene);
  foreignWrite(scene, { artifact_digest: OTHER_DIGEST });
  const run = scene.another();
  await remove(run, await refresh(run, saved));
  expect(statusesOf(scene)).toEqual(["a1a1 SUPERSEDED", "b2b2 DEPLOYED"]);
  expect(run.warnings[0]).toContain("it was written at 2026-01-01T00:00:01.000Z");
});

test("what was taken back by an update is this resource's again", async () => {
  const scene = await newScene();
  const saved = await create(scene);
  foreignWrite(scene, { artifact_digest: OTHER_DIGEST });
  scene.clock.advance(1_000);
  const again = await update(scene, saved, inputs());
  const run = scene.another();
  await remove(run, again);
  expect(statusesOf(scene)).toEqual(["a1a1 DECOMMISSIONED", "b2b2 SUPERSEDED"]);
  expect(run.warnings).toEqual([]);
});

test("one that is not listed is left, with a warning", async () => {
  const scene = await newScene();
  const saved = await create(scene);
  scene.chainloop.reset();
  const run = scene.another();
  await remove(run, saved);
  expect(requestsOf(scene)).toEqual(["GET /v1/deployments", "GET /v1/deployments"]);
  expect(run.warnings[0]).toContain(`${WHAT}Chainloop does not list it. `);
});

test("of an environment that Chainloop does not have any more nothing is listed; a wrong address is an error", async () => {
  const scene = await newScene();
  const saved = await create(scene);
  const notFound = (message: string) => {
    const body = { code: 5, message, details: [] };
    scene.chainloop.fault({ match: { method: "GET" }, when: "before", do: { status: 404, body }, times: 1 });
  };
  const run = scene.another();
  notFound("environment not found");
  expect((await refresh(run, saved)).outs.status).toBe("not listed");
  notFound("environment not found");
  await remove(run, saved);
  expect(run.warnings[0]).toContain(`${WHAT}Chainloop does not list it. `);
  for (const work of [() => refresh(run, saved), () => remove(run, saved)]) {
    notFound("Not Found");
    await expect(work()).rejects.toThrow(/404 "Not Found"\. .* Check artifact-metadata:chainloopUrl/);
  }
  expect(statusesOf(scene)).toEqual(["a1a1 DEPLOYED"]);
});

test("other names, kinds and environments are other deployments", async () => {
  const scene = await newScene();
  const saved = await create(scene);
  foreignWrite(scene, { kind: "HELM_CHART", artifact_digest: OTHER_DIGEST });
  foreignWrite(scene, { deployment_name: "shop-web-api", artifact_digest: OTHER_DIGEST });
  foreignWrite(scene, { environment_name: "staging", artifact_digest: OTHER_DIGEST });
  const run = scene.another();
  expect((await refresh(run, saved)).inputs).toEqual(inputs());
  await remove(run, saved);
  const live = scene.chainloop.deployments().filter(({ status }) => status === "DEPLOYED");
  expect(live.map(({ artifact }) => artifact.digest)).toEqual([OTHER_DIGEST, OTHER_DIGEST, OTHER_DIGEST]);
  expect(run.warnings).toEqual([]);
});

test("with a token that is not allowed to read, the state is kept, and a removal decommissions, with a warning each", async () => {
  const scene = await newScene();
  const saved = await create(scene);
  foreignWrite(scene);
  scene.chainloop.fault({ match: { method: "GET" }, when: "before", do: { status: 403 }, times: Infinity });
  const run = scene.another();
  expect((await refresh(run, saved)).outs).toEqual(saved.outs);
  expect(run.warnings[0]).toMatch(
    /^The records of Chainloop's environment "production" cannot be read, so the state is kept as it is\. GET \/v1\/deployments was answered with 403 "error"\. The Chainloop token is not allowed to read deployments of environment "production"/,
  );
  await remove(run, saved);
  expect(statusesOf(scene)).toEqual(["a1a1 DECOMMISSIONED"]);
  expect(run.warnings[1]).toMatch(
    /records are removed without a check whether another writer has taken them over/,
  );
});

test("verifyOwnership=false decommissions without looking", async () => {
  const scene = await newScene({ config: { verifyOwnership: "false" } });
  const saved = await create(scene);
  foreignWrite(scene);
  await remove(scene.another(), saved);
  expect(requestsOf(scene)).toEqual(["POST /v1/deployments", "POST /v1/deployments"]);
  expect(statusesOf(scene)).toEqual(["a1a1 DECOMMISSIONED"]);
});

test("verifyOwnership=false: of two resources that are both removed, the second decommissions its own digest", async () => {
  const scene = await newScene({ config: { verifyOwnership: "false" } });
  const old = await create(scene);
  const moved = await create(scene.another(), inputs(OTHER));
  const run = scene.another();
  await remove(run, old);
  await remove(run, moved);
  expect(statusesOf(scene).filter((status) => status.endsWith(" DEPLOYED"))).toEqual([]);
});

test("a time that Chainloop does not give is no time: then it is left", async () => {
  const scene = await newScene();
  const saved = await create(scene);
  interface Listed {
    deployment_records: { updated_at?: string }[];
  }
  const withoutTimes = (answer: Listed) => ({
    ...answer,
    deployment_records: answer.deployment_records.map((record) => ({
      ...record,
      updated_at: null,
      last_seen_at: null,
    })),
  });
  scene.chainloop.fault({ match: { method: "GET" }, when: "after", do: { json: withoutTimes } });
  const run = scene.another();
  await remove(run, saved);
  expect(statusesOf(scene)).toEqual(["a1a1 DEPLOYED"]);
  expect(run.warnings[0]).toContain(`${WHAT}Chainloop does not say when it was written, and this resource`);
});

describe("of several records of one deployment", () => {
  test("the one that is deployed counts, whatever was written last", async () => {
    const scene = await newScene();
    const saved = await create(scene);
    foreignWrite(scene, { artifact_digest: OTHER_DIGEST, status: "DECOMMISSIONED" });
    expect((await refresh(scene, saved)).inputs).toEqual(inputs());
  });

  test("of those that are no more, the last one counts", async () => {
    const scene = await newScene();
    const saved = await create(scene);
    foreignWrite(scene, { artifact_digest: OTHER_DIGEST });
    foreignWrite(scene, { artifact_digest: OTHER_DIGEST, status: "DECOMMISSIONED" });
    expect((await refresh(scene, saved)).inputs).toEqual({
      ...inputs({ artifactDigest: OTHER_DIGEST }),
      status: "DECOMMISSIONED",
    });
    await remove(scene.another(), saved);
    expect(statusesOf(scene)).toEqual(["a1a1 SUPERSEDED", "b2b2 DECOMMISSIONED"]);
  });
});

describe("a write that failed and that Chainloop has carried out", () => {
  const lost = { match: { method: "POST" }, when: "after", do: { status: 502 }, times: 4 } as const;
  const savedOf = (error: Error) => {
    const { id, properties } = error as Error & { id: string; properties: never };
    return { id, outs: properties };
  };

  test("the program goes back to what it was: it is written again", async () => {
    const scene = await newScene();
    const saved = await create(scene);
    scene.chainloop.fault(lost);
    const error = await failureOf(update(scene.another(), saved, inputs(OTHER)));
    expect(statusesOf(scene)).toEqual(["a1a1 SUPERSEDED", "b2b2 DEPLOYED"]);
    await update(scene.another(), savedOf(error), inputs());
    expect(statusesOf(scene)).toEqual(["a1a1 DEPLOYED", "b2b2 SUPERSEDED"]);
  });

  test("the program goes back after a refresh, which clears the error: the version is written again", async () => {
    const scene = await newScene();
    const saved = await create(scene);
    scene.chainloop.fault(lost);
    const change = inputs({ artifactVersion: "2.0.0" });
    const error = await failureOf(update(scene.another(), saved, change));
    const refreshed = await refresh(scene.another(), savedOf(error));
    expect(await isChanged(scene.another(), refreshed, inputs())).toBe(true);
  });

  test.each(["after", "before"] as const)(
    "a deployment that is given up is left with a warning where it is there (the failure came %s the write)",
    async (when) => {
      const scene = await newScene();
      scene.chainloop.fault({ ...lost, when });
      const saved = savedOf(await failureOf(create(scene)));
      const run = scene.another();
      await remove(run, await refresh(run, saved));
      expect(statusesOf(scene)).toEqual(when === "after" ? ["a1a1 DEPLOYED"] : []);
      expect(run.warnings).toEqual(when === "after" ? [expect.stringContaining("at an unknown time")] : []);
    },
  );
});
