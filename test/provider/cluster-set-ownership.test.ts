/** Taking deployments out of a set: nobody's record is undone. */
import { deploymentIdentity } from "../../provider/deployment-record/identity";
import { UNKNOWN } from "../../provider/lifecycle/check";
import type { GitHub, RequestLog } from "../../local/github";
import type { Inputs as RecordInputs } from "../../provider/deployment-record";
import {
  CLUSTER,
  createSet,
  deploymentAt,
  deployments,
  digestAt,
  entriesOf,
  failureOf,
  foreignWrite,
  ID,
  lastEntries,
  nameAt,
  newSetScene,
  reads,
  setOf,
  statusesOf,
  updateSet,
  without,
  writesOf,
} from "../support/sets";

const recordOf = (index: number): RecordInputs => ({
  ...deploymentAt(index),
  org: "acme",
  logicalEnvironment: "production",
  physicalEnvironment: "eu-west-1",
  cluster: "prod-eu",
  deploymentName: nameAt(index),
});

describe("taking out", () => {
  test("23. another writer's digest: what others have taken over is left alone, with one warning that names all of it", async () => {
    const scene = await newSetScene();
    const created = await createSet(scene, setOf(deployments(4)));
    foreignWrite(scene, 0, { version: "2" });
    foreignWrite(scene, 1, { digest: digestAt(77) });
    const later = scene.another();
    await updateSet(later, created, setOf(without(deployments(4), nameAt(0), nameAt(1), nameAt(2))));
    expect(statusesOf(scene.github)).toEqual([
      `${nameAt(0)} deployed`,
      `${nameAt(1)} deployed`,
      `${nameAt(2)} decommissioned`,
      `${nameAt(3)} deployed`,
    ]);
    expect(later.warnings).toEqual([
      expect.stringMatching(/^2 records were left.*"shop-web-0".*"shop-web-1".*verifyOwnership=false/),
    ]);
  });

  test("what the state has as decommissioned is told of where a run that was cut off has written it since", async () => {
    const scene = await newSetScene();
    const created = await createSet(scene, setOf(deployments(2, { status: "decommissioned" })));
    scene.clock.advance(1000);
    const again = { ...deployments(2, { status: "decommissioned" }), [nameAt(0)]: deploymentAt(0) };
    await updateSet(scene.another(), created, setOf(again));
    const writes = writesOf(scene.github).length;
    const later = scene.another();
    await later.set.delete(ID, created);
    expect(writesOf(scene.github)).toHaveLength(writes);
    expect(later.warnings).toEqual([
      expect.stringMatching(/^The deployment record "shop-web-0".* left as it is/),
    ]);
  });

  test("many that were taken over are counted, and ten of them named", async () => {
    const scene = await newSetScene();
    const created = await createSet(scene, setOf(deployments(12)));
    for (let index = 0; index < 12; index++) foreignWrite(scene, index);
    const later = scene.another();
    await later.set.delete(ID, created);
    expect(writesOf(scene.github)).toHaveLength(1);
    expect(later.warnings).toEqual([expect.stringMatching(/^12 records .*"shop-web-9".*…and 2 more/)]);
  });

  test("each digest is asked for once", async () => {
    const scene = await newSetScene();
    const entries = Object.fromEntries(Object.keys(deployments(20)).map((name) => [name, deploymentAt(0)]));
    const created = await createSet(scene, setOf({ ...entries, other: deploymentAt(1) }));
    await scene.another().set.delete(ID, created);
    expect(reads(scene)).toBe(2);
  });

  test("without the right to read, it is decommissioned, with one warning", async () => {
    const scene = await newSetScene();
    const created = await createSet(scene, setOf(deployments(3)));
    const hidden = { status: 403, body: { message: "Resource not accessible by personal access token" } };
    scene.github.fault({ match: { method: "GET" }, when: "before", do: hidden, times: 3 });
    const later = scene.another();
    await later.set.delete(ID, created);
    expect(statusesOf(scene.github)).toEqual([0, 1, 2].map((index) => `${nameAt(index)} decommissioned`));
    expect(later.warnings).toEqual([
      expect.stringMatching(/cannot be read.*without a check whether another writer/),
    ]);
  });

  test("with verifyOwnership=false, it is decommissioned without a look", async () => {
    const scene = await newSetScene({}, { verifyOwnership: "false" });
    const created = await createSet(scene, setOf(deployments(1)));
    foreignWrite(scene, 0);
    await scene.another().set.delete(ID, created);
    expect(reads(scene)).toBe(0);
    expect(statusesOf(scene.github)).toEqual([`${nameAt(0)} decommissioned`]);
  });

  test("what a job wrote is still the set's own", async () => {
    const scene = await newSetScene();
    const oneArtifact = Object.fromEntries(
      Object.keys(deployments(1_001)).map((name) => [name, deploymentAt(0)]),
    );
    const created = await createSet(scene, setOf(oneArtifact));
    scene.clock.advance(60_000);
    const later = scene.another();
    await updateSet(later, created, setOf(without(oneArtifact, nameAt(3))));
    expect(later.warnings).toEqual([]);
    expect(writesOf(scene.github).at(-1)).toMatch(/ 1$/);
  });

  test("what a single record of the same run declares stays deployed, whoever comes first", async () => {
    for (const recordFirst of [true, false]) {
      const scene = await newSetScene();
      const created = await createSet(scene, setOf(deployments(2)));
      const later = scene.another();
      const work = [
        () => later.record.create(recordOf(0)),
        () => updateSet(later, created, setOf(without(deployments(2), nameAt(0)))),
      ];
      if (!recordFirst) work.reverse();
      await Promise.all(work.map((one) => one()));
      expect(statusesOf(scene.github)).toEqual([`${nameAt(0)} deployed`, `${nameAt(1)} deployed`]);
      expect(later.warnings).toEqual([]);
    }
  });

  test("a single record that moved into a set stays deployed, whoever comes first", async () => {
    for (const setFirst of [true, false]) {
      const scene = await newSetScene();
      const { outs } = await scene.record.create(recordOf(0));
      if (!outs) throw new Error("there is no state");
      const later = scene.another();
      const work = [
        () => createSet(later, setOf(deployments(2))),
        () => later.record.delete(deploymentIdentity.format(recordOf(0)), outs),
      ];
      if (!setFirst) work.reverse();
      await Promise.all(work.map((one) => one()));
      expect(statusesOf(scene.github)).toEqual([`${nameAt(0)} deployed`, `${nameAt(1)} deployed`]);
    }
  });

  test("what another set of the same run declares is not decommissioned by a check alone", async () => {
    const scene = await newSetScene();
    const created = await createSet(scene, setOf(deployments(2)));
    const later = scene.another();
    await later.set.check(setOf({}), setOf(without(deployments(2), nameAt(1)), { org: "ACME" }));
    const { message } = await failureOf(later.set.delete(ID, created));
    expect(message).toMatch(/declares the deployment "shop-web-0" of the set .* has not written it/);
    expect(statusesOf(scene.github)).toEqual([`${nameAt(0)} deployed`, `${nameAt(1)} decommissioned`]);
  });
});

test("several entries that stay are named as several", async () => {
  const scene = await newSetScene();
  const created = await createSet(scene, setOf(deployments(2)));
  const later = () => {
    const run = scene.another();
    return run.set.check(setOf({}), setOf(deployments(2), { org: "ACME" })).then(() => run);
  };
  const names = `"shop-web-0", "shop-web-1"`;
  const { message } = await failureOf((await later()).set.delete(ID, created));
  expect(message).toContain(`declares the deployments ${names} of the set`);
  expect(message).toContain("has not written them: this resource stays");

  const update = await later();
  await updateSet(update, created, setOf({}));
  expect(update.infos).toEqual([
    expect.stringContaining(`${names} and has not written them yet. Until it has, the set keeps them`),
  ]);

  const replacement = await later();
  await replacement.set.diff(ID, created, setOf(deployments(2), { cluster: UNKNOWN }));
  await replacement.set.delete(ID, created);
  expect(replacement.warnings).toEqual([
    expect.stringMatching(
      /^The deployments "shop-web-0", "shop-web-1" of the set .* stay as they are: .* writes them next/,
    ),
  ]);
});

describe("the name and version of an artifact are those that are declared", () => {
  const renamed = deploymentAt(0, { name: "ghcr.io/acme/shop", version: "2" });
  const artifactOf = (github: GitHub) =>
    new Set(github.deploymentRecords().map(({ name, version }) => `${name} ${version}`));

  test("when a deployment of it is taken out in the same request", async () => {
    const scene = await newSetScene();
    const created = await createSet(scene, setOf({ a: deploymentAt(0) }));
    await updateSet(scene.another(), created, setOf({ b: renamed }));
    expect(statusesOf(scene.github)).toEqual(["a decommissioned", "b deployed"]);
    expect(artifactOf(scene.github)).toEqual(new Set(["ghcr.io/acme/shop 2"]));
    expect(entriesOf(scene.github.requests.at(-1) as RequestLog)).toMatchObject(
      Array(2).fill({ name: "ghcr.io/acme/shop", version: "2" }),
    );
  });

  test("when it is taken out in a later request", async () => {
    const scene = await newSetScene();
    const created = await createSet(scene, setOf({ a: deploymentAt(0) }));
    const refused = [{ cause: "unauthorized", deployment: { deployment_name: "a" } }];
    const json = (body: object) => ({ ...body, errors: refused });
    scene.github.fault({ match: { method: "POST" }, when: "after", do: { json } });
    const { properties } = await failureOf(updateSet(scene.another(), created, setOf({ b: renamed })));
    if (!properties) throw new Error("nothing was saved");
    await updateSet(scene.another(), properties, setOf({ b: renamed }));
    expect(lastEntries(scene.github)).toMatchObject([{ deployment_name: "a", status: "decommissioned" }]);
    expect(artifactOf(scene.github)).toEqual(new Set(["ghcr.io/acme/shop 2"]));
  });

  test("when it is taken out in a later job", async () => {
    const scene = await newSetScene();
    const created = await createSet(scene, setOf({ a: deploymentAt(0) }));
    const many = Object.fromEntries(Object.keys(deployments(5_000)).map((name) => [name, renamed]));
    await updateSet(scene.another(), created, setOf(many));
    expect(writesOf(scene.github).slice(1)).toEqual([`${CLUSTER}/jobs 5000`, `${CLUSTER}/jobs 1`]);
    expect(artifactOf(scene.github)).toEqual(new Set(["ghcr.io/acme/shop 2"]));
  });

  test("of the same repository alone", async () => {
    const scene = await newSetScene({ attested: [] });
    const inRepository = (githubRepository: string, version: string) =>
      deploymentAt(0, { githubRepository, version });
    const created = await createSet(scene, setOf({ a: inRepository("one", "1") }));
    await updateSet(scene.another(), created, setOf({ b: inRepository("two", "2") }));
    const versions = scene.github
      .deploymentRecords()
      .map(({ deployment_name, version }) => `${deployment_name} ${version}`);
    expect(versions).toEqual(["a 1", "b 2"]);
  });
});
