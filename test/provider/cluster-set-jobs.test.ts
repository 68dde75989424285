/** More than 1,000 changes: GitHub's background jobs, one after the other. */
import { deploymentIdentity } from "../../provider/deployment-record/identity";
import type { Outputs as RecordOutputs } from "../../provider/deployment-record";
import {
  CLUSTER,
  createSet,
  deploymentAt,
  deployments,
  digestAt,
  failureOf,
  ID,
  isChanged,
  nameAt,
  newSetScene,
  refreshSet,
  setOf,
  statusesOf,
  updateSet,
  without,
  writesOf,
} from "../support/sets";
import type { Partly, Run, SetScene } from "../support/sets";
import { recordInputs } from "../support/provider";

const JOBS = `${CLUSTER}/jobs`;
// Of one artifact, so that one list shows them all.
const many = deployments(1_001, { digest: digestAt(0) });
/** A job answers three times: pending, processing, completed. */
const POLLS = 3;

test("10,001 deployments are created in three jobs, and no other write", async () => {
  const scene = await newSetScene();
  const entries = deployments(10_001);
  const created = await createSet(scene, setOf(entries));
  expect(writesOf(scene.github)).toEqual([`${JOBS} 5000`, `${JOBS} 5000`, `${JOBS} 1`]);
  expect(scene.github.deploymentRecords()).toHaveLength(10_001);
  expect(scene.github.requests).toHaveLength(3 + 3 * POLLS);
  expect(Object.keys(created.deployments)).toHaveLength(10_001);
  expect(await isChanged(scene, created, setOf(entries))).toBe(false);

  await updateSet(scene.another(), created, setOf(without(entries, nameAt(3))));
  expect(writesOf(scene.github).slice(3)).toEqual([`${CLUSTER} 1`]);
  expect(scene.github.deploymentRecords().filter(({ status }) => status === "decommissioned")).toHaveLength(
    1,
  );
});

test("1,001 changes go into a job, with growing pauses up to half a minute", async () => {
  const scene = await newSetScene({ jobs: { pollsPerStep: 8 } });
  const created = await createSet(scene, setOf(many));
  expect(writesOf(scene.github)).toEqual([`${JOBS} 1001`]);
  // Short at first: the poll that sees the end says when the entries were written.
  expect(scene.pauses[0]).toBe(250);
  expect([...scene.pauses].sort((a, b) => a - b)).toEqual(scene.pauses);
  expect(Math.max(...scene.pauses)).toBe(30_000);
  // A job names no record: its time is the server's when it was done.
  expect(created.records[nameAt(0)]).toMatch(/^- - \S+Z$/);
});

test("the user is told at most every ten seconds, across jobs", async () => {
  let now = Date.now();
  const scene = await newSetScene({ jobs: { pollsPerStep: 6 } }, {}, { now: () => now });
  const push = scene.pauses.push.bind(scene.pauses);
  scene.pauses.push = (milliseconds) => {
    now += milliseconds;
    return push(milliseconds);
  };
  const told: number[] = [];
  const say = scene.infos.push.bind(scene.infos);
  scene.infos.push = (message) => {
    told.push(now);
    return say(message);
  };
  await createSet(scene, setOf(deployments(6_000)));
  expect(scene.infos[0]).toMatch(/Cluster prod-eu: 0 of 6000 deployments written; job \d+ is pending/);
  expect(scene.infos.at(-1)).toMatch(/5000 of 6000/);
  const gaps = told.slice(1).map((time, index) => time - (told[index] ?? 0));
  expect(gaps.length).toBeGreaterThan(1);
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(10_000);
});

/** Jobs that do not end by themselves, and a clock that pauses move on. */
async function longJobs(config: Record<string, string> = { timeoutSeconds: "60" }) {
  let now = Date.now();
  const sleep = async (milliseconds: number) => void (now += milliseconds);
  return newSetScene({ jobs: { pollsPerStep: 40 } }, config, { now: () => now, sleep });
}

const savedOf = ({ properties }: Partly) => {
  if (properties === undefined) throw new Error("nothing was saved");
  return properties;
};

test("a job that outlives the deadline is waited for by the next runs, until nothing is left to send", async () => {
  const scene = await longJobs();
  const error = await failureOf(createSet(scene, setOf(many)));
  expect(error.message).toMatch(
    /had not finished after 60 s.*timeoutSeconds.*continues on GitHub.*waits for this job/,
  );
  const saved = savedOf(error);
  expect([error.id, await isChanged(scene.another(), saved, setOf(many))]).toEqual([ID, true]);
  const { outs: refreshed } = await refreshSet(scene.another(), saved);
  expect(refreshed.job).toEqual(saved.job);

  const again = await failureOf(updateSet(scene.another(), saved, setOf(many)));
  expect(again.message).toMatch(/continues on GitHub/);
  expect(again.properties).toBeUndefined();
  scene.github.finishJobs();
  const updated = await updateSet(scene.another(), saved, setOf(many));
  expect(writesOf(scene.github)).toEqual([`${JOBS} 1001`]);
  expect(updated.job).toBeUndefined();
  expect(await isChanged(scene.another(), updated, setOf(many))).toBe(false);
});

test.each([
  ["its polls are lost", "reset"],
  ["the token expires", { status: 401 }],
  ["a limit asks to wait past the deadline", { status: 429, headers: { "retry-after": "9000" } }],
  ["an answer is not one", "html"],
] as const)(
  "a job whose end cannot be seen because %s is remembered, and waited for before anything is written",
  async (_why, answer) => {
    const scene = await longJobs();
    const polls = { match: { path: /\/jobs\/\d+$/ }, when: "before", do: answer, times: Infinity } as const;
    const fault = scene.github.fault(polls);
    const error = await failureOf(createSet(scene, setOf(many)));
    expect(error.message).toMatch(
      /The background job (\d+) of cluster prod-eu was started, and its end could not be seen: GET .*\/jobs\/\1 .*the next run waits for it/,
    );
    const saved = savedOf(error);
    expect(saved.job?.written).toHaveLength(1_001);
    // A program that went back sends so little that no 409 holds it up.
    const other = { ...many, [nameAt(0)]: deploymentAt(5_000) };
    const early = await failureOf(updateSet(scene.another(), saved, setOf(other)));
    expect(early.message).toMatch(/end could not be seen/);
    expect(writesOf(scene.github)).toEqual([`${JOBS} 1001`]);
    fault.remove();
    scene.github.finishJobs();
    await updateSet(scene.another(), saved, setOf(other));
    expect(writesOf(scene.github)).toEqual([`${JOBS} 1001`, `${CLUSTER} 1`]);
    expect(scene.github.deploymentRecords().map(({ digest }) => digest)).toContain(digestAt(5_000));
  },
);

test("the end of an earlier job is kept where the write after it fails: it is not asked for again", async () => {
  const scene = await longJobs();
  const saved = savedOf(await failureOf(createSet(scene, setOf(many))));
  scene.github.finishJobs();
  const other = { ...many, [nameAt(0)]: deploymentAt(5_000) };
  scene.github.fault({ match: { method: "POST" }, when: "before", do: { status: 422 } });
  const after = savedOf(await failureOf(updateSet(scene.another(), saved, setOf(other))));
  expect([after.job, after.records[nameAt(1)]]).toEqual([undefined, "- - 2026-01-01T00:00:00Z"]);
  scene.github.requests.length = 0;
  const updated = await updateSet(scene.another(), after, setOf(other));
  expect(updated.deployments).toEqual(other);
  expect(scene.github.requests.map(({ method }) => method)).toEqual(["POST"]);
});

test("the time that a write waits in the lane behind a job counts against its deadline", async () => {
  let now = Date.now();
  const sleep = async (milliseconds: number) => void (now += milliseconds);
  const scene = await newSetScene(
    { jobs: { pollsPerStep: 8 } },
    { timeoutSeconds: "300" },
    { now: () => now, sleep },
  );
  const begun = now;
  const set = createSet(scene, setOf(many));
  const single = recordInputs({ deploymentName: "behind" });
  const limit = { status: 429, headers: { "retry-after": "200" } };
  scene.github.fault({ match: { path: /deployment-record$/ }, when: "before", do: limit });
  const behind = failureOf(scene.record.create(single));
  await set;
  // So long that 200 s more are past its deadline, and the request was sent all the same.
  expect(now - begun).toBeGreaterThan(100_000);
  expect((await behind).message).toMatch(/asks to wait 200 s.*past the deadline of this operation/);
  expect(scene.github.deploymentRecords().some(({ deployment_name: name }) => name === "behind")).toBe(false);
  // Who has all of its time waits for it.
  scene.github.fault({ match: { path: /deployment-record$/ }, when: "before", do: limit });
  await scene.another().record.create(single);
});

test("entries that change while a job goes on are written after it, and not overwritten by it", async () => {
  const scene = await longJobs();
  const saved = savedOf(await failureOf(createSet(scene, setOf(many))));
  const other = { ...many, [nameAt(0)]: deploymentAt(5_000) };
  const early = await failureOf(updateSet(scene.another(), saved, setOf(other)));
  expect(early.message).toMatch(/continues on GitHub/);
  expect(writesOf(scene.github)).toEqual([`${JOBS} 1001`]);
  scene.github.finishJobs();
  await updateSet(scene.another(), saved, setOf(other));
  expect(writesOf(scene.github)).toEqual([`${JOBS} 1001`, `${CLUSTER} 1`]);
  const digests = scene.github
    .deploymentRecords()
    .map(({ deployment_name, digest }) => [deployment_name, digest]);
  expect(Object.fromEntries(digests)).toMatchObject({
    [nameAt(0)]: digestAt(5_000),
    [nameAt(1)]: digestAt(0),
  });
});

test("a refresh while a job goes on leaves what the job writes: a program that goes back writes it again", async () => {
  const scene = await longJobs({ timeoutSeconds: "90000" });
  const created = await createSet(scene, setOf(many));
  const changed = Object.fromEntries(
    Object.entries(many).map(([name, entry]) => [name, { ...entry, tags: { tier: "1" } }]),
  );
  const short = scene.another({ timeoutSeconds: "60" });
  const saved = savedOf(await failureOf(updateSet(short, created, setOf(changed))));
  const { outs: refreshed } = await refreshSet(scene.another(), saved);
  expect(refreshed.deployments).toEqual(changed);
  scene.github.finishJobs();
  await updateSet(scene.another({ timeoutSeconds: "90000" }), refreshed, setOf(many));
  expect(contentOf(scene, nameAt(0))?.tags ?? {}).toEqual({});
});

test("a set that is removed while its job goes on is decommissioned after it", async () => {
  const scene = await longJobs();
  const artifact = { ...deploymentAt(0), tags: { key: "former-secret" } };
  const entries = Object.fromEntries(Object.keys(many).map((name) => [name, artifact]));
  const saved = savedOf(await failureOf(createSet(scene, setOf(entries))));
  expect((await failureOf(scene.another().set.delete(ID, saved))).message).toMatch(/continues on GitHub/);
  scene.github.finishJobs();
  const run = scene.another({ timeoutSeconds: "90000" });
  await run.set.delete(ID, saved);
  expect(new Set(scene.github.deploymentRecords().map(({ status }) => status))).toEqual(
    new Set(["decommissioned"]),
  );
  expect(run.warnings).toEqual([]);
});

/** As it is at GitHub in the end. */
const contentOf = ({ github }: SetScene, name: string) =>
  github.deploymentRecords().find(({ deployment_name }) => deployment_name === name);

test("what a replacement has written and the former set's job overwrites is written once more", async () => {
  const scene = await longJobs();
  const saved = savedOf(await failureOf(createSet(scene, setOf(many))));
  // As with --replace: the create is not told of the job.
  const run = scene.another({ timeoutSeconds: "90000" });
  const declared = { [nameAt(0)]: deploymentAt(5_000) };
  const replaced = await createSet(run, setOf(declared));
  scene.github.finishJobs();
  await run.set.delete(ID, saved);
  expect(contentOf(scene, nameAt(0))).toMatchObject({ digest: digestAt(5_000), status: "deployed" });
  expect(contentOf(scene, nameAt(1))).toMatchObject({ status: "decommissioned" });
  expect(await isChanged(scene.another(), replaced, setOf(declared))).toBe(false);
});

const single = recordInputs({ ...deploymentAt(5_000), deploymentName: nameAt(0) });

/** As a resource whose state has it. */
async function declareUnchanged(run: Run) {
  const news = (await run.record.check(single, single)).inputs ?? single;
  const outs = { ...news } as object as RecordOutputs;
  expect(await run.record.diff(deploymentIdentity.format(single), outs, news)).toMatchObject({
    changes: false,
  });
}

test.each([
  ["has written it", async (run: Run) => void (await run.record.create(single))],
  ["has nothing to write", declareUnchanged],
])(
  "a record that leaves a set whose job still writes it: the resource that declares it %s",
  async (_what, declare) => {
    const scene = await longJobs();
    const saved = savedOf(await failureOf(createSet(scene, setOf(many))));
    const run = scene.another({ timeoutSeconds: "90000" });
    await declare(run);
    scene.github.finishJobs();
    const updated = await updateSet(run, saved, setOf(without(many, nameAt(0))));
    expect(contentOf(scene, nameAt(0))).toMatchObject({ digest: digestAt(5_000), status: "deployed" });
    expect([Object.hasOwn(updated.deployments, nameAt(0)), updated.unfinished]).toEqual([false, undefined]);
  },
);

/** The state that a run saves when its job is still running, and one of the job's entries has the content of a DeploymentRecord. */
async function savedWhileRestoring(scene: SetScene) {
  const tags = { key: "former-secret" };
  const entries = Object.fromEntries(Object.entries(many).map(([name, entry]) => [name, { ...entry, tags }]));
  const created = await createSet(scene, setOf(entries));
  scene.clock.advance(1_000);
  const run = scene.another({ timeoutSeconds: "60" });
  await declareUnchanged(run);
  const saved = savedOf(await failureOf(updateSet(run, created, setOf({}))));
  expect(saved.job?.restored).toEqual([nameAt(0)]);
  expect(JSON.stringify(saved)).not.toContain("former-");
  return saved;
}

test("what a job restores for another resource is removed by the set when nobody declares it any more", async () => {
  const scene = await longJobs({ timeoutSeconds: "90000" });
  const saved = await savedWhileRestoring(scene);
  scene.github.finishJobs();
  expect(contentOf(scene, nameAt(0))).toMatchObject({ digest: digestAt(5_000), status: "deployed" });
  const run = scene.another();
  expect((await updateSet(run, saved, setOf({}))).deployments).toEqual({});
  expect(contentOf(scene, nameAt(0))).toMatchObject({ digest: digestAt(5_000), status: "decommissioned" });
  expect(run.warnings).toEqual([]);
});

test("what a job restores for another resource is written again when it goes back into the set", async () => {
  const scene = await longJobs({ timeoutSeconds: "90000" });
  const saved = await savedWhileRestoring(scene);
  const { inputs } = await refreshSet(scene.another(), saved);
  expect(inputs?.deployments).toEqual({});
  scene.github.finishJobs();
  const back = setOf({ [nameAt(0)]: deploymentAt(0) });
  expect(await isChanged(scene.another(), saved, back)).toBe(true);
  const updated = await updateSet(scene.another(), saved, back);
  expect(contentOf(scene, nameAt(0))).toMatchObject({ digest: digestAt(0), status: "deployed" });
  expect(await isChanged(scene.another(), updated, back)).toBe(false);
});

test("a job that removes a record which another resource has written since: it is written once more", async () => {
  const scene = await longJobs({ timeoutSeconds: "90000" });
  const created = await createSet(scene, setOf(many));
  scene.clock.advance(1_000);
  const none = setOf({ [nameAt(5_000)]: deploymentAt(5_000) });
  const saved = savedOf(await failureOf(updateSet(scene.another({ timeoutSeconds: "60" }), created, none)));
  const run = scene.another();
  await run.record.create(single);
  scene.github.finishJobs();
  await updateSet(run, saved, none);
  expect(contentOf(scene, nameAt(0))).toMatchObject({ digest: digestAt(5_000), status: "deployed" });
  expect(contentOf(scene, nameAt(1))).toMatchObject({ status: "decommissioned" });
});

test("what another resource has removed and the job of a set writes after that is removed with the set", async () => {
  const scene = await longJobs();
  const held = await scene.record.create(single);
  scene.clock.advance(1_000);
  // The record has moved into the set, and the run failed before the deletion of the resource that held it.
  const saved = savedOf(await failureOf(createSet(scene.another(), setOf(many))));
  const run = scene.another({ timeoutSeconds: "90000" });
  await run.record.delete(held.id, held.outs as RecordOutputs);
  expect(contentOf(scene, nameAt(0))).toMatchObject({ status: "decommissioned" });
  scene.github.finishJobs();
  await run.set.delete(ID, saved);
  expect(new Set(scene.github.deploymentRecords().map(({ status }) => status))).toEqual(
    new Set(["decommissioned"]),
  );
});

test("entries that a job decommissions past the deadline leave the state when it has ended", async () => {
  const scene = await longJobs({ timeoutSeconds: "90000" });
  const artifact = { ...deploymentAt(0), tags: { key: "former-secret" } };
  const entries = Object.fromEntries(Object.keys(many).map((name) => [name, artifact]));
  const one = { [nameAt(5_000)]: deploymentAt(5_000) };
  const created = await createSet(scene, setOf({ ...entries, ...one }));
  scene.clock.advance(1_000);
  const short = { timeoutSeconds: "60" };
  const saved = savedOf(await failureOf(updateSet(scene.another(short), created, setOf(one))));
  expect(JSON.stringify(saved)).not.toContain("former-");
  scene.github.finishJobs();
  const run = scene.another(short);
  expect((await updateSet(run, saved, setOf(one))).deployments).toEqual(one);
  expect(run.warnings).toEqual([]);
  expect(writesOf(scene.github)).toHaveLength(2);
});

test.each(["failed", "vanished"] as const)(
  "what an earlier job that %s did not write for certain is sent again",
  async (outcome) => {
    const scene = await longJobs();
    scene.github.planJob({ outcome, written: 10 });
    const saved = savedOf(await failureOf(createSet(scene, setOf(many))));
    scene.github.finishJobs();
    const run = scene.another({ timeoutSeconds: "90000" });
    const updated = await updateSet(run, saved, setOf(many));
    expect(writesOf(scene.github)).toEqual([`${JOBS} 1001`, `${JOBS} 1001`]);
    expect(updated.deployments).toEqual(many);
  },
);

test("13. 409 for a running job, and a job that vanished or failed: somebody else's is waited out", async () => {
  const scene = await newSetScene({ jobs: { pollsPerStep: 2 } });
  await Promise.all([createSet(scene.another(), setOf(many)), createSet(scene, setOf(deployments(1_002)))]);
  expect(scene.github.requests.filter(({ status }) => status === 409).length).toBeGreaterThan(0);
  expect(scene.github.jobs().map(({ status }) => status)).toEqual(["completed", "completed"]);
});

test("13. 409 for a running job, and a job that vanished or failed: the wait grows, and is said once", async () => {
  const scene = await newSetScene();
  const conflict = { status: 409, body: { message: "A job is already in progress for this cluster." } };
  scene.github.fault({ match: { path: /\/jobs$/ }, when: "before", do: conflict, times: 3 });
  await createSet(scene, setOf(many));
  expect(scene.infos.filter((message) => /waiting for another background job/.test(message))).toEqual([
    "Cluster prod-eu: waiting for another background job to end, for at most 300 s (artifact-metadata:timeoutSeconds).",
  ]);
  expect(scene.pauses.slice(0, 3)).toEqual([2_000, 3_000, 4_500]);
});

test.each(["failed", "vanished"] as const)(
  "13. 409 for a running job, and a job that vanished or failed: one that %s is sent once more",
  async (outcome) => {
    const scene = await newSetScene();
    scene.github.planJob({ outcome, written: 10 });
    const created = await createSet(scene, setOf(many));
    expect(writesOf(scene.github)).toEqual([`${JOBS} 1001`, `${JOBS} 1001`]);
    expect(Object.keys(created.deployments)).toHaveLength(1_001);
    expect(scene.github.deploymentRecords()).toHaveLength(1_001);
  },
);

test("13. 409 for a running job, and a job that vanished or failed: twice is an error, and what was written before is kept", async () => {
  const scene = await newSetScene();
  for (const outcome of ["completed", "failed", "vanished"] as const) scene.github.planJob({ outcome });
  const error = await failureOf(createSet(scene, setOf(deployments(11_000))));
  expect(error.message).toMatch(/6000 of 11000 .*cluster prod-eu.*job \d+ .*vanished/);
  expect(error.id).toBe(ID);
  const { properties } = error;
  const kept = Object.values(properties?.deployments ?? {}).filter(({ status }) => status === "deployed");
  expect(kept).toHaveLength(5_000);
  expect(writesOf(scene.github)).toEqual([`${JOBS} 5000`, `${JOBS} 5000`, `${JOBS} 5000`]);

  if (!properties) throw new Error("nothing was kept");
  await updateSet(scene.another(), properties, setOf(deployments(11_000)));
  expect(writesOf(scene.github).slice(3)).toEqual([`${JOBS} 5000`, `${JOBS} 1000`]);
});

test("entries that a job rejects are named, the others are kept, and only those are sent again", async () => {
  const entries = deployments(1_001);
  const attested = Object.values(entries).map(({ digest }) => digest);
  const [missing = ""] = attested.splice(3, 1);
  const scene = await newSetScene({ attested });
  const error = await failureOf(createSet(scene, setOf(entries)));
  expect(error.reasons).toEqual([
    expect.stringMatching(/^deployments\["shop-web-3"\]: GitHub has no artifact/),
  ]);
  expect(Object.keys(error.properties?.deployments ?? {})).toHaveLength(1_000);

  scene.github.attest("acme", missing);
  const { properties } = error;
  if (!properties) throw new Error("nothing was kept");
  await updateSet(scene.another(), properties, setOf(entries));
  expect(writesOf(scene.github)).toEqual([`${JOBS} 1001`, `${CLUSTER} 1`]);
});

test("entries that fail while the job runs are named", async () => {
  const scene = await newSetScene();
  const errors = [{ cause: "unauthorized", deployment: { deployment_name: nameAt(5) } }];
  scene.github.planJob({ outcome: "completed", errors });
  const error = await failureOf(createSet(scene, setOf(many)));
  expect(error.reasons).toEqual([expect.stringMatching(/^deployments\["shop-web-5"\].*unauthorized/)]);
  expect(Object.keys(error.properties?.deployments ?? {})).toHaveLength(1_000);
});

test("a job that is refused as a whole is said of each of its entries", async () => {
  const scene = await newSetScene({}, { onMissingArtifact: "warn" });
  const refused = { status: 404, body: { message: "no artifacts found" } };
  scene.github.fault({ match: { path: /\/jobs$/ }, when: "before", do: refused });
  const created = await createSet(scene, setOf(many));
  expect(created.skipped).toHaveLength(1_001);
  expect(created.deployments).toEqual({});
});

test("a large set that is removed is decommissioned in a job", async () => {
  const scene = await newSetScene();
  const oneArtifact = Object.fromEntries(Object.keys(many).map((name) => [name, deploymentAt(0)]));
  const created = await createSet(scene, setOf(oneArtifact));
  scene.clock.advance(60_000);
  const later = scene.another();
  await later.set.delete(ID, created);
  expect(later.warnings).toEqual([]);
  expect(writesOf(scene.github)).toEqual([`${JOBS} 1001`, `${JOBS} 1001`]);
  expect(statusesOf(scene.github).filter((status) => status.endsWith(" decommissioned"))).toHaveLength(1_001);
});

test("partialSuccess: false with more than 1,000 changes is an error before anything is sent", async () => {
  const scene = await newSetScene();
  const error = await failureOf(createSet(scene, setOf(many, { partialSuccess: false })));
  expect(error.message).toMatch(/partialSuccess: false.*up to 1000 at once; 1001 have changed/);
  expect(scene.github.requests).toEqual([]);

  const created = await createSet(scene, setOf(deployments(600)));
  const later = Object.fromEntries(
    Object.entries(deployments(600)).map(([name, entry]) => [`${name}-b`, entry]),
  );
  scene.github.requests.length = 0;
  const failed = await failureOf(
    updateSet(scene.another(), created, setOf(later, { partialSuccess: false })),
  );
  expect(failed.message).toMatch(/1200 have changed/);
  expect(failed.properties).toBeUndefined();
  expect(scene.github.requests).toEqual([]);
});
