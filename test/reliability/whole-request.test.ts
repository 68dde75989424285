/** A request is refused as a whole, or the artifact of one record is not known. */
import { createSet, deploymentAt, deployments, failureOf, nameAt, newSetScene, setOf } from "../support/sets";
import { statusesOf, updateSet, writesOf } from "../support/sets";
import { DIGEST } from "../support/provider";
import { everyKind, record } from "./support/kinds";

const NOT_THERE = { cause: "One or more repositories do not exist", repositories: ["wbe"] };

const refusals: [string, number, unknown, RegExp][] = [
  ["a 404 that names a repository", 404, NOT_THERE, /404 .*do not exist, wbe/],
  ["a 404", 404, "Not Found", /404 "Not Found".*acme is an organisation/],
  ["a 403", 403, "Resource not accessible by integration", /403 .*"Artifact metadata: write"/],
];

test.each(refusals)(
  "15. 404 or 403 for a whole request: %s is said once, and the set keeps what it had",
  async (_what, status, message, said) => {
    const scene = await newSetScene();
    const before = deployments(3);
    const created = await createSet(scene, setOf(before, { partialSuccess: false }));
    const next = setOf(
      { ...before, [nameAt(3)]: deploymentAt(3), [nameAt(4)]: deploymentAt(4) },
      { partialSuccess: false },
    );
    scene.github.fault({ match: { method: "POST" }, when: "before", do: { status, body: { message } } });
    const later = scene.another();
    const error = await failureOf(updateSet(later, created, next));
    expect(error.message).toMatch(said);
    // The engine keeps the state that it has.
    expect(error.properties).toBeUndefined();
    expect(writesOf(scene.github)).toHaveLength(2);
    expect(later.warnings).toEqual([]);

    const repaired = await updateSet(scene.another(), created, next);
    expect(Object.keys(repaired.deployments)).toHaveLength(5);
    expect(writesOf(scene.github).at(-1)).toMatch(/ 2$/);
  },
);

test("15. 404 or 403 for a whole request: the entries whose repositories GitHub names are named", async () => {
  const scene = await newSetScene({ attested: [], repositories: ["web"] });
  const entries = Object.fromEntries(
    ["web", "Wbe", "wbe", "web"].map((githubRepository, index) => [
      nameAt(index),
      deploymentAt(index, { githubRepository }),
    ]),
  );
  const error = await failureOf(createSet(scene, setOf(entries, { partialSuccess: false })));
  expect(error.message).toMatch(
    /^deployments\["shop-web-1"\], deployments\["shop-web-2"\]: GitHub has no artifact .*do not exist, wbe/,
  );
  expect(scene.github.deploymentRecords()).toEqual([]);
});

test("15. 404 or 403 for a whole request: one record is refused, and no other is lost", async () => {
  const scene = await newSetScene();
  const forbidden = { status: 403, body: { message: "Resource not accessible by integration" } };
  const body = (one: unknown) => JSON.stringify(one ?? {}).includes('"shop-web-1"');
  scene.github.fault({ match: { body }, when: "before", do: forbidden, times: 9 });
  const results = await Promise.allSettled(
    [0, 1, 2].map((index) =>
      scene.record.create({
        ...{ org: "acme", logicalEnvironment: "production", cluster: `cluster-${index}` },
        ...{ ...deploymentAt(index), deploymentName: nameAt(index) },
      }),
    ),
  );
  expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  expect(statusesOf(scene.github)).toEqual([`${nameAt(0)} deployed`, `${nameAt(2)} deployed`]);
});

test.each(everyKind)(
  "16. no attestation: $kind sends one request, and names the digest and the four causes",
  async ({ of }) => {
    const scene = await newSetScene({ attested: [] });
    const { message } = await failureOf(of.create(scene));
    expect(message).toMatch(/has no artifact with digest sha256:a1a1/);
    expect(message).toMatch(
      /\(1\) .*no provenance attestation.*githubRepository.*\(2\).*\(3\).*\(4\) .*index/,
    );
    expect(scene.github.requests).toHaveLength(1);
    expect(scene.github.deploymentRecords()).toEqual([]);
    expect(scene.github.storageRecords()).toEqual([]);
  },
);

test.each(everyKind)(
  "16. no attestation: $kind with onMissingArtifact=warn succeeds with a warning, and the next up tries again",
  async ({ of }) => {
    const scene = await newSetScene({ attested: [] }, { onMissingArtifact: "warn" });
    const saved = await of.create(scene);
    expect(scene.warnings).toEqual([
      expect.stringMatching(
        /next pulumi up tries again.*no artifact|no artifact.*next pulumi up tries again/,
      ),
    ]);
    expect(scene.github.requests).toHaveLength(1);
    const later = scene.another();
    expect(await of.diff(later, saved)).toBe(true);

    scene.github.attest("acme", DIGEST);
    const written = await of.update(later, saved, "1.0.0");
    expect(later.warnings).toEqual([]);
    expect(await of.diff(later, written)).toBe(false);
    expect(scene.github.deploymentRecords().length + scene.github.storageRecords().length).toBe(1);
  },
);

test("16. no attestation: nothing is retried, however often the server says so", async () => {
  const scene = await newSetScene({ attested: [] });
  for (let run = 1; run <= 3; run++) {
    await failureOf(record.create(scene.another()));
    expect(scene.github.requests).toHaveLength(run);
  }
});
