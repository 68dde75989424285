/** Failures in an answer that do not say for certain which entry they are about: nothing counts as written unseen. */
import {
  CLUSTER,
  createSet,
  deploymentAt,
  deployments,
  digestAt,
  failureOf,
  nameAt,
  newSetScene,
  setOf,
  statusesOf,
  writesOf,
} from "../support/sets";
import { recordInputs } from "../support/provider";
import type { SetScene } from "../support/sets";

/** The second of so many artifacts is not attested, and each answer spells its failure in another way. */
const MISSING = 1;
const attested = Array.from({ length: 8 }, (_, index) => digestAt(index)).filter(
  (_, index) => index !== MISSING,
);

interface Answer {
  deployment_records: object[];
  errors?: { cause: string; deployment: { deployment_name: string; digest: string } }[];
}
type Spell = (answer: Answer) => object;
const spelled =
  (deployment: (one: NonNullable<Answer["errors"]>[number]["deployment"]) => object): Spell =>
  (answer) => ({
    ...answer,
    errors: answer.errors?.map(({ cause, deployment: one }) => ({ cause, deployment: deployment(one) })),
  });

const spellings: [string, Spell][] = [
  ["has a digest without its algorithm", spelled(({ digest }) => ({ digest: digest.slice(7) }))],
  ["has a digest in upper case", spelled(({ digest }) => ({ digest: digest.toUpperCase() }))],
  [
    "spells the name differently",
    spelled(({ deployment_name: name }) => ({ deployment_name: name.toUpperCase() })),
  ],
  ["names another deployment", spelled(() => ({ deployment_name: "unknown" }))],
  [
    "names nothing",
    ({ errors, ...answer }) => ({ ...answer, errors: errors?.map(({ cause }) => ({ cause })) }),
  ],
  ["is left out", ({ errors: _, ...answer }) => answer],
  ["is left out, with all records", ({ errors: _, deployment_records: __, ...answer }) => answer],
  ["is a text", (answer) => ({ ...answer, errors: ["shop-web-1: not_found"] })],
  ["is null", (answer) => ({ ...answer, errors: [null] })],
  ["names a text", spelled(({ deployment_name: name }) => name as never)],
  ["has numbers", (answer) => ({ ...answer, errors: [{ cause: 404, deployment: { deployment_name: 1 } }] })],
  ["is in no list", (answer) => ({ ...answer, errors: { "shop-web-1": "not_found" } })],
  ["is in a text, and the records are null", () => ({ deployment_records: null, errors: "1 failed" })],
  ["comes twice", ({ errors = [], ...answer }) => ({ ...answer, errors: [...errors, ...errors] })],
  [
    "names nothing, and no record is shown",
    ({ errors }) => ({ errors: (errors ?? []).map(({ cause }) => ({ cause })) }),
  ],
];

/** As GitHub answers a part of the entries with 207. */
function spell({ github }: SetScene, as: Spell): void {
  const body = (sent: unknown) =>
    ((sent as { deployments?: unknown[] } | undefined)?.deployments ?? []).length > 1;
  github.fault({ match: { method: "POST", body }, when: "after", do: { json: as }, times: 99 });
}

describe.each(spellings)("a failure that %s", (_, as) => {
  test("fails its entry of a set, and no other", async () => {
    const scene = await newSetScene({ attested });
    spell(scene, as);
    const error = await failureOf(createSet(scene, setOf(deployments(8))));
    const written = Array.from({ length: 8 }, (_, index) => nameAt(index)).filter(
      (_, index) => index !== MISSING,
    );
    expect(Object.keys(error.properties?.deployments ?? {}).sort()).toEqual(written);
    expect(error.reasons).toEqual([expect.stringContaining(`deployments["${nameAt(MISSING)}"]`)]);
    expect(statusesOf(scene.github)).toHaveLength(7);
  });

  test("fails its record of a batch, and no other", async () => {
    const scene = await newSetScene({ attested });
    spell(scene, as);
    const create = (index: number) =>
      scene.record.create(recordInputs({ ...deploymentAt(index), deploymentName: nameAt(index) }));
    const results = await Promise.allSettled([0, 1, 2, 3].map(create));
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled", "fulfilled"]);
    expect(statusesOf(scene.github)).toHaveLength(3);
  });
});

describe("what an answer does not show, and GitHub then refuses, may have been written: it stays in the state", () => {
  async function refused() {
    const scene = await newSetScene();
    const withOther = { json: () => ({ deployment_records: [], errors: [null] }) };
    scene.github.fault({ match: { method: "POST", nth: 1 }, when: "after", do: withOther });
    const forbidden = { status: 403, body: { message: "Forbidden" } };
    scene.github.fault({ match: { method: "POST", nth: 2 }, when: "before", do: forbidden, times: 9 });
    return scene;
  }

  test("entries of a set", async () => {
    const scene = await refused();
    const error = await failureOf(createSet(scene, setOf(deployments(4))));
    const states = Object.values(error.properties?.deployments ?? {}).map(({ status }) => status);
    expect(states).toEqual(Array.from({ length: 4 }, () => "not recorded"));
    expect(statusesOf(scene.github)).toHaveLength(4);
  });

  test("records of a batch", async () => {
    const scene = await refused();
    const create = (index: number) =>
      failureOf(scene.record.create(recordInputs({ ...deploymentAt(index), deploymentName: nameAt(index) })));
    const errors = await Promise.all([0, 1, 2, 3].map(create));
    expect(statusesOf(scene.github)).toHaveLength(4);
    const saved = { id: expect.any(String) as string, properties: { status: "not recorded" } };
    expect(errors).toMatchObject([saved, saved, saved, saved]);
  });
});

test("a failure of another deployment does not fail the only one that was sent, where its record is shown", async () => {
  const scene = await newSetScene();
  const other = { cause: "not_found", deployment: { deployment_name: "other", digest: digestAt(9) } };
  const withOther = { json: (answer: object) => ({ ...answer, errors: [other] }) };
  scene.github.fault({ match: { method: "POST" }, when: "after", do: withOther, times: 1 });
  const created = await createSet(scene, setOf(deployments(1)));
  expect(Object.keys(created.deployments)).toEqual([nameAt(0)]);
  expect(writesOf(scene.github)).toEqual([`${CLUSTER} 1`]);
});

test("an answer that can be matched costs no other request", async () => {
  const scene = await newSetScene({ attested });
  await failureOf(createSet(scene, setOf(deployments(8))));
  expect(writesOf(scene.github)).toEqual([`${CLUSTER} 8`]);
});

test("a failure of a job that cannot be matched: its entries are sent again, and the one at fault is named", async () => {
  const entries = deployments(1_001);
  const digests = Object.values(entries).map(({ digest }) => digest);
  const scene = await newSetScene({ attested: digests });
  scene.github.planJob({ outcome: "completed", written: 0, errors: [{ cause: "not_found" }] });
  const created = await createSet(scene, setOf(entries));
  expect(Object.keys(created.deployments)).toHaveLength(1_001);
  expect(writesOf(scene.github).slice(1)).toEqual([`${CLUSTER} 501`, `${CLUSTER} 500`]);
});

describe("a refusal of the whole request that names a repository", () => {
  const NAMED = { cause: "unauthorized", repositories: ["secret-repo"] };
  const isAbout = (body: unknown) => JSON.stringify(body ?? {}).includes("secret-repo");
  const refuse = ({ github }: SetScene, status: number) =>
    github.fault({
      match: { method: "POST", body: isAbout },
      when: "before",
      do: { status, body: { message: NAMED } },
      times: 9,
    });
  const entries = {
    ...deployments(3),
    [nameAt(1)]: deploymentAt(1, { githubRepository: "secret-repo" }),
  };

  test("fails its entries of a set, and no others", async () => {
    const scene = await newSetScene();
    refuse(scene, 403);
    const error = await failureOf(createSet(scene, setOf(entries)));
    expect(Object.keys(error.properties?.deployments ?? {}).sort()).toEqual([nameAt(0), nameAt(2)]);
    expect(error.reasons).toEqual([expect.stringMatching(/shop-web-1.*secret-repo/)]);
    expect(writesOf(scene.github)).toEqual([`${CLUSTER} 3`, `${CLUSTER} 2`]);
  });

  test("fails its records of a batch, and no others", async () => {
    const scene = await newSetScene();
    refuse(scene, 403);
    const create = (index: number) =>
      scene.record.create(
        recordInputs({ ...entries[nameAt(index)], deploymentName: nameAt(index) } as never),
      );
    const results = await Promise.allSettled([0, 1, 2].map(create));
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(writesOf(scene.github)).toEqual([`${CLUSTER} 3`, `${CLUSTER} 2`]);
  });

  test("fails its records of a batch, and no others, where it names the repository by its id", async () => {
    const scene = await newSetScene();
    const body = { message: { cause: "unauthorized", repositories: [42] } };
    const match = { method: "POST", body: isAbout };
    scene.github.fault({ match, when: "before", do: { status: 403, body }, times: 9 });
    const create = (index: number) =>
      scene.record.create(
        recordInputs({ ...entries[nameAt(index)], deploymentName: nameAt(index) } as never),
      );
    const results = await Promise.allSettled([0, 1, 2].map(create));
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(writesOf(scene.github)).toHaveLength(4);
  });
});
