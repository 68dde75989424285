/** `verifyArtifacts`: what is about to be recorded is looked up when it is checked. */
import type { Inputs as RecordInputs } from "../../provider/deployment-record";
import type { Inputs as SetInputs } from "../../provider/cluster-deployment-set";
import type { Inputs as StorageInputs } from "../../provider/storage-record";
import { UNKNOWN } from "../../provider/lifecycle/check";
import { recordInputs } from "../support/provider";
import { deploymentAt, deployments, digestAt, nameAt, newSetScene, setOf } from "../support/sets";
import type { Run, SetScene } from "../support/sets";
import { libfoo } from "../support/storage";

const VERIFY = { verifyArtifacts: "true" };
const none = {} as RecordInputs & SetInputs & StorageInputs;

const newScene = (attested: "all" | string[] = [], config: Record<string, string> = VERIFY) =>
  newSetScene({ attested }, config);

const record = (index: number, more: Partial<RecordInputs> = {}): RecordInputs =>
  recordInputs({ digest: digestAt(index), deploymentName: nameAt(index), ...more });
const checkRecord = ({ record: provider }: Run, news: RecordInputs, olds: RecordInputs = none) =>
  provider.check(olds, news);
const checkSet = ({ set }: Run, news: SetInputs, olds: SetInputs = none) => set.check(olds, news);

/** The digests that were asked for, by their index. */
const askedOf = ({ github }: SetScene) =>
  github.requests.map(({ method, path, operation }) => {
    expect([method, operation]).toEqual(["GET", "list-attestations"]);
    return Number.parseInt(path.slice(-64), 16);
  });

test("is off unless the configuration says so: a preview sends nothing", async () => {
  for (const config of [{}, { verifyArtifacts: "false" }]) {
    const scene = await newScene([], config as Record<string, string>);
    await checkRecord(scene, record(1));
    await checkSet(scene, setOf(deployments(3)));
    await scene.storage.check(none, libfoo);
    expect(scene.github.requests).toEqual([]);
    expect(scene.warnings).toEqual([]);
  }
});

test("anything but true and false is an error of the configuration", async () => {
  const scene = await newScene([], { verifyArtifacts: "yes" });
  await expect(checkRecord(scene, record(1))).rejects.toThrow(
    "configuration artifact-metadata:verifyArtifacts must be true or false",
  );
});

test("a record, a storage record and a set without an attestation are each named in a warning", async () => {
  const scene = await newScene();
  expect((await checkRecord(scene, record(1))).failures).toEqual([]);
  expect((await checkSet(scene, setOf({ api: deploymentAt(2) }))).failures).toEqual([]);
  expect((await scene.storage.check(none, libfoo)).failures).toEqual([]);
  expect(scene.warnings).toEqual([
    `verifyArtifacts: no provenance attestation found for 1 of 1 digest: ${digestAt(1)} (deployment record ` +
      `"${nameAt(1)}" (production, eu-west-1, prod-eu) of acme). GitHub refuses a record of an artifact that it does ` +
      "not know: attest it (actions/attest), or set githubRepository. One that the token may not read (permission " +
      '"Attestations: read") is not found either.',
    expect.stringContaining(`1 of 1 digest: ${digestAt(2)} (deployment record "api"`),
    expect.stringContaining(`1 of 1 digest: ${libfoo.digest} (storage record "libfoo"`),
  ]);
  expect(scene.github.requests).toHaveLength(3);
});

test("what is attested is not", async () => {
  const scene = await newScene("all");
  await checkRecord(scene, record(1));
  await checkSet(scene, setOf(deployments(20)));
  await scene.storage.check(none, libfoo);
  expect(scene.warnings).toEqual([]);
  expect(scene.github.requests).toHaveLength(21);
});

test.each<[string, Partial<RecordInputs>, Partial<RecordInputs>, boolean]>([
  ["the same digest", {}, {}, false],
  ["a new version of it", { version: "1" }, { version: "2" }, false],
  ["another digest", { digest: digestAt(8) }, {}, true],
  ["a repository", {}, { githubRepository: "web" }, false],
  ["another digest, and a repository", { digest: digestAt(8) }, { githubRepository: "web" }, false],
  ["a repository no more", { githubRepository: "web" }, {}, true],
  ["a digest that is not known", {}, { digest: UNKNOWN }, false],
  ["a repository that is not known", { digest: digestAt(8) }, { githubRepository: UNKNOWN }, false],
  ["an organisation that is not known", { digest: digestAt(8) }, { org: UNKNOWN }, false],
  ["a wrong name", { digest: digestAt(8) }, { name: "" }, false],
])("a change to %s: asked or not", async (_, before, after, asked) => {
  const scene = await newScene();
  await checkRecord(scene, record(1, after), record(1, before));
  expect(askedOf(scene)).toEqual(asked ? [1] : []);
  const entry = (more: Partial<RecordInputs>) => {
    const { name, digest, version, githubRepository } = record(1, more);
    return { name, digest, version, githubRepository, status: "deployed" as const };
  };
  const set = (more: Partial<RecordInputs>) =>
    setOf({ api: entry(more), web: deploymentAt(5) }, { org: more.org ?? "acme" });
  const another = await newScene();
  await checkSet(another, set(after), set(before));
  expect(askedOf(another)).toEqual(asked ? [1] : []);
});

test("what is unknown in a set is passed over, and the rest is asked for", async () => {
  const scene = await newScene();
  const later = UNKNOWN as unknown as SetInputs["deployments"][string];
  await checkSet(
    scene,
    setOf({ later, unknown: deploymentAt(1, { digest: UNKNOWN }), known: deploymentAt(2) }),
  );
  expect(askedOf(scene)).toEqual([2]);
  await checkSet(scene, setOf(UNKNOWN as unknown as SetInputs["deployments"]));
  await checkSet(scene, setOf({ known: deploymentAt(3) }, { cluster: UNKNOWN }));
  expect(askedOf(scene)).toEqual([2]);
});

test("a digest is asked for once, whoever declares it", async () => {
  const scene = await newScene();
  const many = Array.from({ length: 30 }, (_, index) => record(1, { deploymentName: nameAt(index) }));
  await Promise.all(many.map((one) => checkRecord(scene, one)));
  await checkSet(scene, setOf({ api: deploymentAt(1), web: deploymentAt(1) }, { org: "ACME" }));
  expect(askedOf(scene)).toEqual([1]);
  expect(scene.warnings).toHaveLength(1);
});

test("many resources have ten warnings of their own, then one that says that there are more", async () => {
  const scene = await newScene(Array.from({ length: 30 }, (_, index) => digestAt(index)));
  for (let index = 0; index < 90; index++) await checkRecord(scene, record(index));
  expect(askedOf(scene)).toHaveLength(90);
  expect(scene.warnings).toHaveLength(11);
  for (const text of scene.warnings.slice(0, 10)) expect(text).toContain("found for 1 of 1 digest: sha256");
  expect(scene.warnings[10]).toContain(
    "more digests without a provenance attestation were found. GitHub refuses",
  );
});

test("a warning of a set names ten", async () => {
  const scene = await newScene(Array.from({ length: 100 }, (_, index) => digestAt(index)));
  await checkSet(scene, setOf(deployments(120)));
  expect(scene.warnings).toEqual([
    expect.stringContaining("no provenance attestation found for 20 of 120 digests: "),
  ]);
  expect(scene.warnings[0]).toContain(`${digestAt(100)} (`);
  expect(scene.warnings[0]?.match(/sha256:/g)).toHaveLength(10);
  expect(scene.warnings[0]).toContain(" …and 10 more. ");
});

test("thousands of digests of a set are asked for a few at once, with one warning", async () => {
  const scene = await newSetScene({ attested: [], secondaryLimit: { concurrent: 8 } }, VERIFY);
  await checkSet(scene, setOf(deployments(1_000)));
  expect(askedOf(scene)).toHaveLength(1_000);
  expect(scene.warnings).toEqual([expect.stringContaining("found for 1000 of 1000 digests")]);
});

test("where GitHub knows nothing of the digest, it may say 404 too", async () => {
  const scene = await newScene("all");
  scene.github.fault({
    match: { method: "GET" },
    when: "before",
    do: { status: 404, body: { message: "Not Found" } },
  });
  await checkRecord(scene, record(1));
  expect(scene.warnings).toEqual([
    expect.stringContaining("no provenance attestation found for 1 of 1 digest"),
  ]);
});

describe("where it cannot be looked up, that is a warning, once, and no error:", () => {
  const checkMany = async (scene: SetScene) => {
    for (const index of [1, 2, 3]) expect((await checkRecord(scene, record(index))).failures).toEqual([]);
    return scene.warnings;
  };
  const UNCERTAIN =
    "verifyArtifacts: it is not known whether what is to be recorded has attestations, and nothing more is asked.";

  test("a token that may not read attestations", async () => {
    const scene = await newScene("all");
    const body = { message: "Resource not accessible by personal access token" };
    scene.github.fault({ match: { method: "GET" }, when: "before", do: { status: 403, body } });
    expect(await checkMany(scene)).toEqual([expect.stringContaining(UNCERTAIN)]);
    expect(scene.warnings[0]).toContain('it needs the permission "Attestations: read"');
    expect(scene.github.requests).toHaveLength(1);
  });

  test("no server", async () => {
    const scene = await newScene("all", { ...VERIFY, baseUrl: "http://127.0.0.1:1" });
    expect(await checkMany(scene)).toEqual([expect.stringContaining(UNCERTAIN)]);
    expect(scene.warnings[0]).toMatch(/ Run the same command again\.$/);
  });

  test("what was found to be missing before is still said", async () => {
    const scene = await newScene();
    scene.github.fault({
      match: { method: "GET", nth: 20 },
      when: "before",
      do: { status: 403, body: { message: "No" } },
    });
    await checkSet(scene, setOf(deployments(40)));
    expect(scene.warnings).toEqual([
      expect.stringMatching(/attestation found for (\d+) of \1 digests/),
      expect.stringContaining(UNCERTAIN),
    ]);
    expect(scene.github.requests.length).toBeLessThan(40);
  });
});
