/**
 * A write fails, and GitHub has carried it out. Whatever the program declares next, also what the state had before, the next
 * run writes it: Pulumi saves the resource with the error, and then calls `update` whatever the diff says.
 */
import { OTHER_DIGEST, recordInputs } from "../support/provider";
import {
  createSet,
  deploymentAt,
  deployments,
  failureOf,
  ID,
  nameAt,
  newSetScene,
  setOf,
  updateSet,
} from "../support/sets";
import type { FaultOptions } from "../../local/github";
import type { Outputs as SetOutputs } from "../../provider/cluster-deployment-set";
import type { Partly, SetScene } from "../support/sets";
import { everyKind, record, set } from "./support/kinds";
import type { Kind, Saved } from "./support/kinds";

const lost = { match: { method: "POST" }, when: "after", do: { status: 502 }, times: 4 } as const;
const refused = { match: { method: "POST" }, when: "before", do: { status: 403 }, times: 9 } as const;

const recordsOf = ({ github }: SetScene) => [...github.deploymentRecords(), ...github.storageRecords()];

function savedOf({ id, properties }: Partly): Saved {
  if (id === undefined || properties === undefined) throw new Error("nothing was saved");
  return { id, outs: properties };
}

async function created(of: Kind, config: Record<string, string> = {}) {
  const scene = await newSetScene({}, config);
  const saved = await of.create(scene, "1.0.0");
  scene.clock.advance(5_000);
  return { scene, saved };
}

test.each(everyKind)("a $kind goes back to what it was: it is written again", async ({ of }) => {
  const { scene, saved } = await created(of);
  scene.github.fault(lost);
  const error = await failureOf(of.update(scene.another(), saved, "2.0.0"));
  expect(recordsOf(scene)).toMatchObject([{ version: "2.0.0" }]);

  const back = await of.update(scene.another(), savedOf(error), "1.0.0");
  expect(recordsOf(scene)).toMatchObject([{ version: "1.0.0" }]);
  expect(await of.diff(scene.another(), back, "1.0.0")).toBe(false);
});

test.each(everyKind)(
  "a $kind goes back after a refresh, which clears the error: it is written again",
  async ({ of }) => {
    const { scene, saved } = await created(of);
    scene.github.fault(lost);
    // A list shows no version: the same one in the state says nothing of what is there.
    const error = await failureOf(of.update(scene.another(), saved, "2.0.0"));
    const { id, outs } = savedOf(error);
    const whole = JSON.parse(JSON.stringify(outs).replaceAll('"version":""', '"version":"1.0.0"')) as object;
    const refreshed = await of.read(scene.another(), { id, outs: whole });
    expect(await of.diff(scene.another(), refreshed, "1.0.0")).toBe(true);
    await of.update(scene.another(), refreshed, "1.0.0");
    expect(recordsOf(scene)).toMatchObject([{ version: "1.0.0" }]);
  },
);

test.each(everyKind)("a $kind that is created and given up is left with a warning", async ({ of }) => {
  const scene = await newSetScene();
  scene.github.fault(lost);
  const saved = savedOf(await failureOf(of.create(scene)));
  scene.github.requests.length = 0;
  const run = scene.another();
  await of.remove(run, saved);
  expect(scene.github.requests.map(({ method }) => method)).toEqual(["GET"]);
  expect(run.warnings).toEqual([expect.stringMatching(/left as it is: .* at an unknown time/)]);
});

test.each(everyKind)("a $kind whose create was not carried out leaves nothing to remove", async ({ of }) => {
  const scene = await newSetScene();
  scene.github.fault({ ...lost, when: "before" });
  const saved = savedOf(await failureOf(of.create(scene)));
  scene.github.requests.length = 0;
  const refreshed = await of.read(scene.another(), saved);
  const run = scene.another();
  await of.remove(run, refreshed);
  expect(scene.github.requests.map(({ method }) => method)).toEqual(["GET", "GET"]);
  expect(run.warnings).toEqual([]);
});

test.each(everyKind)(
  "a $kind may be removed by a deletion that fails: --replace writes it",
  async ({ of }) => {
    // With a look at what is there, the second try would find that the first one has removed it.
    const { scene, saved } = await created(of, { verifyOwnership: "false" });
    scene.github.fault(lost);
    const { message } = await failureOf(of.remove(scene.another(), saved));
    expect(message).toMatch(/run pulumi up --replace with its URN: its state cannot say what/);
    expect(await of.diff(scene.another(), saved)).toBe(false);
    await of.create(scene.another());
    expect(recordsOf(scene)).toMatchObject([{ status: expect.stringMatching(/deployed|active/) as string }]);
  },
);

test("a set that a deletion has removed in part says the same", async () => {
  const scene = await newSetScene();
  const outs = await createSet(scene, setOf(deployments(2)));
  scene.clock.advance(5_000);
  const path = new RegExp(`sha256(:|%3A)${deploymentAt(1).digest.slice(7)}`);
  scene.github.fault({ match: { method: "GET", path }, when: "before", do: { status: 502 }, times: 99 });
  const { message } = await failureOf(set.remove(scene.another(), { id: ID, outs }));
  expect(message).toMatch(
    /1 of 2 changed deployments .*: its state cannot say what this deletion has removed/,
  );
});

test("an entry that may be removed and is declared again is written again", async () => {
  const scene = await newSetScene({}, { verifyOwnership: "false" });
  const outs = await createSet(scene, setOf(deployments(2)));
  scene.clock.advance(5_000);
  scene.github.fault(lost);
  const saved = savedOf(await failureOf(updateSet(scene.another(), outs, setOf(deployments(1)))));
  expect(recordsOf(scene).map(({ status }) => status)).toEqual(["deployed", "decommissioned"]);

  const back = await updateSet(scene.another(), saved.outs as SetOutputs, setOf(deployments(2)));
  expect(recordsOf(scene).map(({ status }) => status)).toEqual(["deployed", "deployed"]);
  expect(back).toMatchObject(setOf(deployments(2)));
});

test.each(everyKind)("a $kind that no deletion has reached is as the state says", async ({ of }) => {
  const { scene, saved } = await created(of);
  scene.github.fault(refused);
  const { message } = await failureOf(of.remove(scene.another(), saved));
  expect(message).not.toContain("--replace");
});

test.each(everyKind)(
  "a $kind whose create was not carried out for want of an artifact can be removed without a look",
  async ({ of }) => {
    const scene = await newSetScene({ attested: [] }, { verifyOwnership: "false" });
    scene.github.fault({ ...lost, when: "before" });
    const saved = savedOf(await failureOf(of.create(scene)));
    const run = scene.another();
    await of.remove(run, saved);
    expect(run.warnings).toEqual([]);
  },
);

test.each(everyKind)(
  "a $kind whose create ends for want of an artifact is not in the state, whatever became of the first try",
  async ({ of }) => {
    const scene = await newSetScene({ attested: [] });
    scene.github.fault({ ...lost, times: 1 });
    const { message, id } = await failureOf(of.create(scene));
    expect([message, id]).toEqual([expect.stringContaining("GitHub has no artifact"), undefined]);
  },
);

test.each(everyKind)("a $kind whose create nobody can confirm is written by the next run", async ({ of }) => {
  const scene = await newSetScene();
  scene.github.fault(lost);
  const saved = savedOf(await failureOf(of.create(scene)));
  expect(await of.diff(scene.another(), saved)).toBe(true);
  scene.clock.advance(5_000);
  const written = await of.update(scene.another(), saved, "1.0.0");
  expect(await of.diff(scene.another(), written)).toBe(false);
  await of.remove(scene.another(), written);
  expect(recordsOf(scene).map(({ status }) => status)).not.toContainEqual(
    expect.stringMatching(/deployed|active/),
  );
});

test.each(everyKind)(
  "a $kind whose update is refused is as the state says: nothing is saved",
  async ({ of }) => {
    const { scene, saved } = await created(of);
    scene.github.fault(refused);
    const error = await failureOf(of.update(scene.another(), saved, "2.0.0"));
    expect(error.properties).toBeUndefined();
  },
);

test("an entry that a set may have written leaves it with a warning, and the others are as they were", async () => {
  const scene = await newSetScene();
  const outs = await createSet(scene, setOf(deployments(1)));
  scene.clock.advance(5_000);
  scene.github.fault(lost);
  const error = await failureOf(updateSet(scene.another(), outs, setOf(deployments(2))));
  const saved = savedOf(error).outs as typeof outs;
  expect(saved.deployments[nameAt(0)]).toEqual(outs.deployments[nameAt(0)]);
  const run = scene.another();
  const back = await updateSet(run, saved, setOf(deployments(1)));
  expect(back).toEqual(outs);
  expect(run.warnings).toEqual([expect.stringMatching(/"shop-web-1".*left as it is/)]);
});

test("what this run has removed before its own write failed is written by the next run", async () => {
  const scene = await newSetScene();
  const [old, outs] = [await record.create(scene), await createSet(scene, setOf({ web: deploymentAt(1) }))];
  const run = scene.another();
  // Not declared yet, as of a resource that is made in an `apply`.
  await record.remove(run, old);
  await run.set.delete(ID, outs);
  const refusing = scene.github.fault(refused);
  const single = savedOf(await failureOf(record.update(run, old, "1.0.0")));
  const set = savedOf(await failureOf(updateSet(run, outs, setOf({ web: deploymentAt(1) })))).outs;
  expect(set).toMatchObject({ deployments: { web: { status: "not recorded" } } });

  refusing.remove();
  const next = scene.another();
  await record.update(next, single, "1.0.0");
  await updateSet(next, set as typeof outs, setOf({ web: deploymentAt(1) }));
  expect(scene.github.deploymentRecords().map(({ status }) => status)).toEqual(["deployed", "deployed"]);
});

test("records whose write was shared, and failed, are saved each as itself", async () => {
  const scene = await newSetScene();
  scene.github.fault({ ...lost, times: Infinity });
  const names = ["a", "b", "c", "d", "e", "f"];
  const errors = await Promise.all(
    names.map((deploymentName) =>
      failureOf(scene.record.create(recordInputs({ deploymentName, digest: OTHER_DIGEST }))),
    ),
  );
  const saved = errors.filter(({ id }) => id !== undefined);
  expect(saved.map(({ id }) => id?.split("/").at(-1))).toEqual(
    saved.map(({ properties }) => (properties as unknown as { deploymentName: string }).deploymentName),
  );
  expect(new Set(saved.map(({ id }) => id)).size).toBeGreaterThan(4);
});

/** The answer to the first write shows nothing, and neither does what is listed then. */
function showNothing({ github }: SetScene, answer: FaultOptions["do"]): void {
  github.fault({ match: { method: "POST" }, when: "after", do: answer });
  github.fault({ match: { method: "GET" }, when: "after", do: { json: { total_count: 0 } } });
}

test.each<[string, FaultOptions["do"]]>([
  ["is empty", { status: 204, body: "" }],
  ["does not show it", { status: 207, body: { deployment_records: [] } }],
])("an entry whose answer %s is written again, also where the program goes back", async (_what, answer) => {
  const scene = await newSetScene();
  const before = setOf({ web: deploymentAt(1) });
  const outs = await createSet(scene, before);
  scene.clock.advance(5_000);
  showNothing(scene, answer);
  const changed = setOf({ web: deploymentAt(2) });
  const error = await failureOf(updateSet(scene.another(), outs, changed));
  expect(recordsOf(scene)).toMatchObject([{ digest: deploymentAt(2).digest }]);
  const back = await updateSet(scene.another(), savedOf(error).outs as typeof outs, before);
  expect(recordsOf(scene)).toMatchObject([{ digest: deploymentAt(1).digest }]);
  expect(back.deployments).toEqual(before.deployments);
});

const MANY = deployments(1_001);
const jobsOf = { path: /\/jobs$/ };

test.each<[string, (scene: SetScene) => void]>([
  [
    "whose start was answered by nothing, and that runs past the deadline",
    ({ github }) => void github.fault({ match: jobsOf, when: "after", do: "reset" }),
  ],
  [
    "that failed, and whose second start is refused",
    ({ github }) => {
      github.planJob({ outcome: "failed", written: 10 });
      github.fault({ match: { ...jobsOf, nth: 2 }, when: "before", do: { status: 403 } });
    },
  ],
])("the entries of a job %s are written by the next run", async (_what, fail) => {
  let now = Date.now();
  const sleep = async (milliseconds: number) => void (now += milliseconds);
  const time = { now: () => now, sleep };
  const scene = await newSetScene({ jobs: { pollsPerStep: 10 } }, { timeoutSeconds: "60" }, time);
  fail(scene);
  const long = scene.another(_what.startsWith("that failed") ? { timeoutSeconds: "9000" } : {});
  const saved = savedOf(await failureOf(long.set.create(setOf(MANY)))).outs as SetOutputs;
  expect(Object.values(saved.deployments).map(({ status }) => status)).toEqual(
    Object.keys(MANY).map(() => "not recorded"),
  );
});
