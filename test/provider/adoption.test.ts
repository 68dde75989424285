/** A create that finds its record there takes it over, and says so once. */
import * as chainloop from "../support/chainloop";
import { deployments, foreignWrite, createSet, newSetScene, setOf, updateSet } from "../support/sets";
import type { Run, SetScene } from "../support/sets";
import { everyKind, record } from "../reliability/support/kinds";

const CREATED = "2026-01-01T00:00:00Z";
/** The server's clock is that of the test, the host's the machine's: a minute later it is clear which was first. */
const later = ({ clock }: SetScene) => clock.advance(60_000);

test.each(everyKind)("a $kind that takes over a record says so once, with its time", async ({ kind, of }) => {
  const scene = await newSetScene();
  await of.create(scene);
  expect(scene.infos).toEqual([]);
  later(scene);
  const other: Run = scene.another();
  const saved = await of.create(other);
  if (kind === "ClusterDeploymentSet")
    expect(other.infos).toEqual([
      `Cluster prod-eu: 1 record already existed, and this set has taken it over. Created: "shop-web" (${CREATED}).`,
    ]);
  else
    expect(other.infos).toEqual([
      expect.stringMatching(
        new RegExp(
          `^The .* record .* already existed, created at ${CREATED}: this resource has taken it over\\.$`,
        ),
      ),
    ]);
  expect(other.warnings).toEqual([]);

  later(scene);
  const next = scene.another();
  const updated = await of.update(next, saved);
  await of.read(next, updated);
  await of.remove(scene.another(), updated);
  expect(next.infos).toEqual([]);
});

test.each(everyKind)("a preview of a $kind says nothing of a record that is there", async ({ of }) => {
  const scene = await newSetScene();
  await of.create(scene);
  later(scene);
  const preview = scene.another();
  await of.check(preview, of.inputs());
  expect(preview.infos).toEqual([]);
});

test.each(everyKind)(
  "a $kind whose first try was lost does not take its own record for another's",
  async ({ of }) => {
    let now = 0;
    const scene = await newSetScene(
      {},
      {},
      { now: () => now, sleep: async (milliseconds) => pass(milliseconds) },
    );
    const pass = (milliseconds: number) => {
      now += milliseconds;
      scene.clock.advance(milliseconds);
    };
    jest.spyOn(Math, "random").mockReturnValue(0.99);
    scene.github.fault({ when: "after", do: "reset", times: 3 });
    await of.create(scene);
    expect(now).toBeGreaterThan(5_000);
    expect(scene.infos).toEqual([]);
  },
);

test("a set says it of the entries that it adds, in one message, and not of those that it has", async () => {
  const scene = await newSetScene();
  const all = deployments(15);
  const [first] = Object.entries(all);
  const olds = await createSet(scene, setOf(Object.fromEntries(first ? [first] : [])));
  for (const index of Object.keys(all).keys()) foreignWrite(scene, index);
  later(scene);
  const next = scene.another();
  const outs = await updateSet(next, olds, setOf(all));
  expect(next.infos).toEqual([
    expect.stringMatching(
      /^Cluster prod-eu: 14 records already existed, .*"shop-web-1" \(2026-.* and 4 more\.$/,
    ),
  ]);
  later(scene);
  const again = scene.another();
  await updateSet(again, outs, setOf(deployments(15, { version: "2.0.0" })));
  expect(again.infos).toEqual([]);
});

test("what this run has given up itself is not taken over", async () => {
  const scene = await newSetScene();
  const saved = await record.create(scene);
  later(scene);
  const run = scene.another();
  await record.remove(run, saved);
  await record.create(run);
  expect(run.infos).toEqual([]);
});

test("a Chainloop deployment that takes over a record says so once, with its time", async () => {
  const scene = await chainloop.newScene();
  await chainloop.create(scene);
  expect(scene.infos).toEqual([]);
  scene.clock.advance(60_000);
  const other = scene.another();
  const saved = await chainloop.create(other);
  expect(other.infos).toEqual([
    'The Chainloop deployment "shop-web-web" (production, CONTAINER_IMAGE) already existed, created at ' +
      "2026-01-01T00:00:00.000Z: this resource has taken it over.",
  ]);
  scene.clock.advance(60_000);
  const next = scene.another();
  await chainloop.update(next, saved, chainloop.inputs({ artifactVersion: "2.0.0" }));
  expect(next.infos).toEqual([]);
});
