/** A record that exists already has tags and risks of its own: they do not stay on one that is declared without. */
import { OTHER_DIGEST, recordInputs } from "../support/provider";
import { bodiesOf, create, failureOf, newScene, refresh } from "../support/scene";
import type { Scene } from "../support/scene";
import { CLUSTER, createSet, deploymentAt, deployments, failureOf as partOf, nameAt } from "../support/sets";
import { newSetScene, setOf, updateSet, writesOf } from "../support/sets";

const place = { logical_environment: "production", physical_environment: "eu-west-1", cluster: "prod-eu" };
const theirs = { tags: { team: "other" }, runtime_risks: ["sensitive-data"] };
const none = { tags: {}, runtime_risks: [] };

function foreign({ github }: Pick<Scene, "github">, deployment_name: string, index = 0): void {
  const { name, digest, status } = deploymentAt(index);
  github.writeDeployment("acme", { ...place, name, digest, status, deployment_name, ...theirs });
}

/** Answers with this instead of what each record has. */
const without = (more: object) => ({
  json: (answer: { deployment_records: Record<string, unknown>[] }) => ({
    ...answer,
    deployment_records: answer.deployment_records.map((record) => ({ ...record, ...more })),
  }),
});

const declared = { deploymentName: "web", tags: undefined, runtimeRisks: undefined };

test("a record takes over one with tags and risks: a second write clears what the answer shows to stand", async () => {
  const scene = await newScene();
  foreign(scene, "web");
  await create(scene, recordInputs(declared));
  expect(bodiesOf(scene.github)).toEqual([
    expect.not.objectContaining({ tags: {} }),
    expect.objectContaining(none),
  ]);
  expect(scene.github.deploymentRecords()).toMatchObject([none]);
});

test("where GitHub itself drops what is left out, there is no second write", async () => {
  const scene = await newScene({ server: { rules: { omittedOnUpdate: "clear" } } });
  foreign(scene, "web");
  await create(scene, recordInputs(declared));
  expect(bodiesOf(scene.github)).toHaveLength(1);
  expect(scene.github.deploymentRecords()).toMatchObject([none]);
});

test("what is declared is written as declared, and only the rest is cleared", async () => {
  const scene = await newScene();
  foreign(scene, "web");
  await create(scene, recordInputs({ ...declared, tags: { team: "shop" } }));
  expect(bodiesOf(scene.github)[1]).toMatchObject({ tags: { team: "shop" }, runtime_risks: [] });
  expect(scene.github.deploymentRecords()).toMatchObject([{ tags: { team: "shop" }, runtime_risks: [] }]);
});

test("what only the answer to the second write shows, as another writer's of that moment, is cleared by a third", async () => {
  const scene = await newScene();
  foreign(scene, "web");
  scene.github.fault({ match: { nth: 1 }, when: "after", do: without({ runtime_risks: undefined }) });
  await create(scene, recordInputs(declared));
  expect(bodiesOf(scene.github).slice(1)).toMatchObject([{ tags: {} }, none]);
  expect(scene.github.deploymentRecords()).toMatchObject([none]);
});

test("a record that is declared as decommissioned keeps what others wrote", async () => {
  const scene = await newScene();
  foreign(scene, "web");
  await create(scene, recordInputs({ ...declared, status: "decommissioned" }));
  expect(bodiesOf(scene.github)).toHaveLength(1);
});

test("a record whose second write fails is in the state, and not taken for written", async () => {
  const scene = await newScene();
  foreign(scene, "web");
  scene.github.fault({ match: { nth: 2 }, when: "before", do: { status: 403, body: { message: "no" } } });
  const error = await failureOf(scene.provider.create(recordInputs(declared)));
  expect(error.message).toContain('"Artifact metadata: write"');
  expect(error).toMatchObject({
    id: expect.stringContaining("web") as string,
    properties: { status: "not recorded" },
  });
});

test("a set clears what stands on its new entries, in one more request for all of them", async () => {
  const scene = await newSetScene();
  for (const index of [0, 1]) foreign(scene, nameAt(index), index);
  await createSet(scene, setOf(deployments(5)));
  expect(writesOf(scene.github)).toEqual([`${CLUSTER} 5`, `${CLUSTER} 2`]);
  for (const record of scene.github.deploymentRecords()) expect(record).toMatchObject(none);
});

test("a set whose second request fails sends those entries again at the next run", async () => {
  const scene = await newSetScene();
  foreign(scene, nameAt(0));
  scene.github.fault({ match: { nth: 2 }, when: "before", do: { status: 403, body: { message: "no" } } });
  const error = await partOf(createSet(scene, setOf(deployments(2))));
  expect(error.message).toContain("still has tags or risks that are not declared");
  // The first request has written it: nobody else would remove it.
  expect(error.properties?.deployments).toMatchObject({
    [nameAt(0)]: { status: "not recorded" },
    [nameAt(1)]: {},
  });
  if (!error.properties) throw new Error("nothing was saved");
  await updateSet(scene.another(), error.properties, setOf(deployments(2)));
  for (const record of scene.github.deploymentRecords()) expect(record).toMatchObject(none);
});

test("a refresh takes what an answer does not mention for unchanged, and null for none", async () => {
  const risks = { runtimeRisks: ["sensitive-data" as const], tags: { team: "shop" } };
  const scene = await newScene();
  const saved = await create(scene, recordInputs(risks));
  const about = { match: { method: "GET" }, when: "after" } as const;
  scene.github.fault({ ...about, do: without({ runtime_risks: undefined, tags: undefined }) });
  expect((await refresh(scene, saved)).inputs).toMatchObject(risks);
  scene.github.fault({ ...about, do: without({ runtime_risks: null, tags: null }) });
  const { inputs } = await refresh(scene, saved);
  expect([inputs.runtimeRisks, inputs.tags]).toEqual([undefined, undefined]);
});

test("an update to another digest, over a record that another writer moved there, clears theirs", async () => {
  const scene = await newScene();
  const saved = await create(scene, recordInputs(declared));
  scene.clock.advance(1_000);
  foreign(scene, "web", 9);
  const { outs } = await scene.provider.update(
    saved.id,
    saved.outs,
    recordInputs({ ...declared, digest: OTHER_DIGEST }),
  );
  expect(outs).not.toHaveProperty("tags");
  expect(scene.github.deploymentRecords()).toMatchObject([{ digest: OTHER_DIGEST, ...none }]);
});
