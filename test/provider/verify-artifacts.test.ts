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
  github.requests.flatMap(({ path, operation, body }) => {
    if (operation === "list-attestations") return [Number.parseInt(path.slice(-64), 16)];
    expect(operation).toBe("list-attestations-bulk");
    const { subject_digests } = body as { subject_digests: string[] };
    return subject_digests.map((digest) => Number.parseInt(digest.slice(-64), 16));
  });

const operationsOf = ({ github }: SetScene) => github.requests.map(({ operation }) => operation);

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

test("anything but off, warn and error is an error of the configuration", async () => {
  const scene = await newScene([], { verifyArtifacts: "yes" });
  await expect(checkRecord(scene, record(1))).rejects.toThrow(
    'configuration artifact-metadata:verifyArtifacts must be "off", "warn" or "error"',
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
      "not know: attest it (actions/attest), or set githubRepository. The token needs the permission " +
      '"Attestations: read" to find attestations.',
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
  expect(operationsOf(scene)).toEqual(["list-attestations", "list-attestations-bulk", "list-attestations"]);
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

test("a set's 1,000 new digests are one request and its pages, without the bundles, with one warning", async () => {
  const attested = Array.from({ length: 250 }, (_, index) => digestAt(index));
  const scene = await newScene(attested);
  await checkSet(scene, setOf(deployments(1_000)));
  expect(operationsOf(scene)).toEqual(Array(3).fill("list-attestations-bulk"));
  const { headers, body, path } = scene.github.requests[0] ?? {};
  expect(headers?.["x-github-api-version"]).toBe("2026-03-10");
  expect(path).toBe("/orgs/acme/attestations/bulk-list");
  expect((body as { subject_digests: string[] }).subject_digests).toHaveLength(1_000);
  expect(scene.warnings).toEqual([expect.stringContaining("found for 750 of 1000 digests")]);
});

test("more digests than a request can have are several requests", async () => {
  const scene = await newScene();
  await checkSet(scene, setOf(deployments(1_025)));
  expect(
    scene.github.requests.map(({ body }) => (body as { subject_digests: string[] }).subject_digests.length),
  ).toEqual([1_024, 1]);
});

test.each([
  [403, "Resource not accessible by personal access token"],
  [404, "Not Found"],
  [400, "2026-03-10 is not a supported version"],
])(
  "where the list of many is refused with %i, each digest is looked up, a few at once",
  async (status, message) => {
    const scene = await newSetScene({ attested: [digestAt(3)], secondaryLimit: { concurrent: 8 } }, VERIFY);
    const match = { operation: "list-attestations-bulk" as const };
    scene.github.fault({ match, times: Infinity, when: "before", do: { status, body: { message } } });
    await checkSet(scene, setOf(deployments(50)));
    await checkSet(scene, setOf({ a: deploymentAt(60), b: deploymentAt(61) }));
    expect(operationsOf(scene)).toEqual([
      "list-attestations-bulk",
      ...Array<string>(52).fill("list-attestations"),
    ]);
    expect(scene.warnings).toEqual([
      expect.stringContaining("found for 49 of 50 digests"),
      expect.stringContaining("found for 2 of 2 digests"),
    ]);
  },
);

test("a cursor that comes again does not keep the preview for ever", async () => {
  const scene = await newScene();
  const page = { attestations_subject_digests: {}, page_info: { has_next: true, next: "again" } };
  scene.github.fault({
    match: { method: "POST" },
    times: Infinity,
    when: "before",
    do: { status: 200, body: page },
  });
  await checkSet(scene, setOf(deployments(2)));
  expect(scene.github.requests).toHaveLength(2);
  expect(scene.warnings).toEqual([expect.stringContaining("found for 2 of 2 digests")]);
});

describe("with error,", () => {
  const STRICT = { verifyArtifacts: "error" };

  test("a digest without an attestation fails the check of each resource, by property, with the possible causes", async () => {
    const scene = await newScene([digestAt(7)], STRICT);
    const reason = expect.stringMatching(
      /^sha256:0+1 has no provenance attestation\. Possible causes: the artifact was not attested .*githubRepository/,
    ) as string;
    expect((await checkRecord(scene, record(1))).failures).toEqual([{ property: "digest", reason }]);
    expect((await checkRecord(scene, record(1, { deploymentName: "again" }))).failures).toEqual([
      { property: "digest", reason },
    ]);
    const set = setOf({ api: deploymentAt(1), "shop-web": deploymentAt(2), ok: deploymentAt(7) });
    expect((await checkSet(scene, set)).failures?.map(({ property }) => property)).toEqual([
      "deployments.api.digest",
      'deployments["shop-web"].digest',
    ]);
    expect((await checkRecord(scene, record(7))).failures).toEqual([]);
    expect((await scene.storage.check(none, libfoo)).failures).toHaveLength(1);
    expect(scene.warnings).toEqual([]);
    expect(askedOf(scene).slice(0, 3)).toEqual([1, 2, 7]);
    expect(askedOf(scene)).toHaveLength(4);
  });

  test("of many the first ten are named, and how many there are", async () => {
    const scene = await newScene([], STRICT);
    const { failures = [] } = await checkSet(scene, setOf(deployments(1_000)));
    expect(failures).toHaveLength(10);
    expect(failures.at(-1)?.reason).toMatch(/ …and 990 more\.$/);
  });

  test("what cannot be looked up fails too: a gate that lets everything through is none", async () => {
    const scene = await newScene("all", { ...STRICT, baseUrl: "http://127.0.0.1:1" });
    expect((await checkRecord(scene, record(1))).failures).toEqual([
      {
        property: "digest",
        reason: expect.stringContaining("could not be checked for an attestation") as string,
      },
    ]);
  });
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
  const UNCERTAIN = "verifyArtifacts: attestations could not be checked; no further checks are made.";

  test("a token that is not allowed to read attestations", async () => {
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
    const refused = (match: { method: string; nth?: number }) =>
      scene.github.fault({ match, when: "before", do: { status: 403, body: { message: "No" } } });
    refused({ method: "POST" });
    refused({ method: "GET", nth: 20 });
    await checkSet(scene, setOf(deployments(40)));
    expect(scene.warnings).toEqual([
      expect.stringMatching(/attestation found for (\d+) of \1 digests/),
      expect.stringContaining(UNCERTAIN),
    ]);
    expect(scene.github.requests.length).toBeLessThan(41);
  });
});
