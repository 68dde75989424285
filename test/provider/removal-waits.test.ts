/** A removal that has to wait is decided again after the wait: another writer can have taken the record over meanwhile. */
import { setTimeout } from "node:timers/promises";
import type { Outputs as RecordOutputs } from "../../provider/deployment-record";
import { recordInputs } from "../support/provider";
import {
  CLUSTER,
  createSet,
  deploymentAt,
  deployments,
  foreignWrite as foreignDeployment,
  ID,
  nameAt,
  newSetScene,
  setOf,
  statusesOf,
  updateSet,
  without,
  writesOf,
} from "../support/sets";
import type { SetScene } from "../support/sets";
import * as storage from "../support/storage";

const RECORD = `${ID}/${nameAt(0)}`;
const record = (index: number) =>
  recordInputs({ ...deployments(index + 1)[nameAt(index)], deploymentName: nameAt(index) });

/** A scene in which something happens at the first pause of those that the run makes. */
async function sceneWithPause(config: Record<string, string> = {}) {
  const pause: { then?: () => void | Promise<void> } = {};
  const scene = await newSetScene({}, config, {
    sleep: async () => {
      const { then } = pause;
      pause.then = undefined;
      await then?.();
    },
  });
  return { scene, pause };
}

const waits = [
  ["429", { status: 429, headers: { "retry-after": "30" } }],
  ["503", { status: 503, headers: { "retry-after": "30" } }],
  ["a secondary limit", { status: 403, body: { message: "You have exceeded a secondary rate limit." } }],
  ["a lost connection", "reset" as const],
] as const;

const refuseWrites = ({ github }: SetScene, answer: (typeof waits)[number][1]) =>
  github.fault({ match: { method: "POST" }, when: "before", do: answer });

const SECOND_IS_LEFT = [
  `${nameAt(0)} decommissioned`,
  `${nameAt(1)} deployed`,
  `${nameAt(2)} decommissioned`,
];

/** Removes three records at once. In the first pause, another writer takes the second one over. */
async function removeThree(goWrong: (scene: SetScene) => void): Promise<string[]> {
  const { scene, pause } = await sceneWithPause();
  const saved: RecordOutputs[] = [];
  for (const index of [0, 1, 2]) saved.push((await scene.record.create(record(index))).outs as RecordOutputs);
  const run = scene.another();
  goWrong(scene);
  pause.then = () => foreignDeployment(scene, 1);
  await Promise.all(saved.map((outs, index) => run.record.delete(`${ID}/${nameAt(index)}`, outs)));
  return statusesOf(scene.github);
}

describe.each(waits)("after %s, what another writer has taken over is left as it is", (_, answer) => {
  test("a single record", async () => {
    const { scene, pause } = await sceneWithPause();
    const { outs } = await scene.record.create(record(0));
    const run = scene.another();
    refuseWrites(scene, answer);
    pause.then = () => foreignDeployment(scene, 0);
    await run.record.delete(RECORD, outs as RecordOutputs);
    expect(statusesOf(scene.github)).toEqual([`${nameAt(0)} deployed`]);
    expect(run.warnings.join("\n")).toMatch(/was left as it is: it was written at/);
  });

  test("one of a batch, and the others are removed", async () => {
    expect(await removeThree((scene) => void refuseWrites(scene, answer))).toEqual(SECOND_IS_LEFT);
  });

  test("an entry of a set, beside one that is written and one that is removed", async () => {
    const { scene, pause } = await sceneWithPause();
    const entries = deployments(3);
    const created = await createSet(scene, setOf(entries));
    const run = scene.another();
    refuseWrites(scene, answer);
    pause.then = () => foreignDeployment(scene, 1);
    const rest = without(entries, nameAt(1), nameAt(2));
    const news = setOf({ ...rest, [nameAt(3)]: deployments(4)[nameAt(3)] as never });
    const updated = await updateSet(run, created, news);
    expect(statusesOf(scene.github)).toEqual([
      `${nameAt(0)} deployed`,
      `${nameAt(1)} deployed`,
      `${nameAt(2)} decommissioned`,
      `${nameAt(3)} deployed`,
    ]);
    expect(updated.deployments).toEqual(news.deployments);
    expect(run.warnings.join("\n")).toMatch(/was left as it is: it was written at/);
  });

  test("a storage record", async () => {
    const { scene, pause } = await sceneWithPause();
    const outs = await storage.create(scene);
    const run = scene.another();
    refuseWrites(scene, answer);
    pause.then = () => storage.foreignWrite(scene);
    await storage.remove(run, outs);
    expect(storage.statusesOf(scene)).toEqual(["active"]);
    expect(run.warnings.join("\n")).toMatch(/was left as it is: it was written at/);
  });
});

test("a removal that nobody has taken over is sent after the wait", async () => {
  const { scene } = await sceneWithPause();
  const { outs } = await scene.record.create(record(0));
  const run = scene.another();
  refuseWrites(scene, waits[0][1]);
  await run.record.delete(RECORD, outs as RecordOutputs);
  expect(statusesOf(scene.github)).toEqual([`${nameAt(0)} decommissioned`]);
});

test("a removal whose turn came late because of others' limit is decided again", async () => {
  const { scene, pause } = await sceneWithPause();
  const outs = (await scene.record.create(record(0))).outs as RecordOutputs;
  const run = scene.another();
  const held = scene.github.fault({ match: { method: "GET" }, when: "after", do: "hold" });
  const removed = run.record.delete(RECORD, outs);
  await held.arrived;
  // Beside it, in another lane, a write is limited while the removal reads what is live.
  refuseWrites(scene, waits[0][1]);
  pause.then = async () => {
    held.release();
    await setTimeout(100);
    foreignDeployment(scene, 0);
  };
  await Promise.all([run.record.create(recordInputs({ cluster: "elsewhere" })), removed]);
  expect(statusesOf(scene.github)).toContain(`${nameAt(0)} deployed`);
});

test("entries that wait for another job are decided again when it has ended", async () => {
  const { scene, pause } = await sceneWithPause();
  const artifact = deploymentAt(7);
  const entries = Object.keys(deployments(1_001)).map((name) => [name, artifact]);
  const created = await createSet(
    scene,
    setOf(Object.fromEntries(entries) as ReturnType<typeof deployments>),
  );
  const run = scene.another();
  const conflict = { status: 409, body: { message: "A job is already in progress for this cluster." } };
  scene.github.fault({ match: { path: /\/jobs$/ }, when: "before", do: conflict });
  pause.then = () => foreignDeployment(scene, 7);
  await run.set.delete(ID, created);
  const left = statusesOf(scene.github).filter((status) => status.endsWith(" deployed"));
  expect(left).toEqual([`${nameAt(7)} deployed`]);
  expect(writesOf(scene.github).at(-1)).toBe(`${CLUSTER}/jobs 1000`);
});

test("records of a batch that are settled alone are each decided when their turn has come", async () => {
  const unknown = { status: 404, body: { message: "no artifacts found" } };
  const statuses = await removeThree(({ github }) => {
    github.fault({ match: { path: /\/cluster\// }, when: "before", do: unknown });
    github.fault({ match: { path: /deployment-record$/ }, when: "before", do: waits[0][1] });
  });
  expect(statuses).toEqual(SECOND_IS_LEFT);
});

test("entries whose answer was not clear are decided again before they are sent again", async () => {
  const { scene, pause } = await sceneWithPause();
  const created = await createSet(scene, setOf(deployments(4)));
  const run = scene.another();
  const unclear = { status: 207, body: { deployment_records: [], errors: [{ cause: "not_found" }] } };
  scene.github.fault({ match: { method: "POST" }, when: "before", do: unclear });
  scene.github.fault({ match: { method: "POST", nth: 2 }, when: "before", do: waits[0][1] });
  pause.then = () => foreignDeployment(scene, 3);
  await updateSet(run, created, setOf({}));
  expect(statusesOf(scene.github).filter((status) => status.endsWith(" deployed"))).toEqual([
    `${nameAt(3)} deployed`,
  ]);
  expect(run.warnings.join("\n")).toMatch(/"shop-web-3" .* was left as it is: it was written at/);
});

const digestPath = (index: number) => new RegExp(encodeURIComponent(deploymentAt(index).digest));

test("what was listed before another list had to wait is listed again", async () => {
  const { scene, pause } = await sceneWithPause();
  const created = await createSet(scene, setOf(deployments(20)));
  const saved = [];
  for (const index of [20, 21]) saved.push((await scene.record.create(record(index))).outs as RecordOutputs);
  const run = scene.another();
  scene.github.fault({ match: { path: digestPath(12) }, when: "before", do: waits[0][1] });
  pause.then = () => foreignDeployment(scene, 0);
  await updateSet(run, created, setOf({}));
  // Records that are removed together share an answer, and their lists are read while they wait for it.
  scene.github.fault({ match: { path: digestPath(21) }, when: "before", do: waits[0][1] });
  pause.then = () => foreignDeployment(scene, 20);
  await Promise.all(saved.map((outs, at) => run.record.delete(`${ID}/${nameAt(20 + at)}`, outs)));
  expect(statusesOf(scene.github).filter((status) => status.endsWith(" deployed"))).toEqual([
    `${nameAt(0)} deployed`,
    `${nameAt(20)} deployed`,
  ]);
});
