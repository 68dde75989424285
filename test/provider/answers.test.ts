import { DIGEST, OTHER_DIGEST, recordInputs } from "../support/provider";
import { create, failureOf, newScene, refresh, update } from "../support/scene";

/** An answer to the next write, in place of the true one. */
const answering = (json: unknown) => ({ when: "after", do: { json } }) as const;

const documented = {
  total_count: 1,
  deployment_records: [
    {
      id: 123,
      digest: "sha256:1bb1e949e55dcefc6353e7b36c8897d2a107d8e8dca49d4e3c0ea8493fc0bc72",
      logical_environment: "prod",
      physical_environment: "pacific-east",
      cluster: "moda-1",
      deployment_name: "prod-deployment",
      tags: { data: "sensitive" },
      created: "2011-01-26T19:14:43Z",
      updated_at: "2011-01-26T19:14:43Z",
      attestation_id: 456,
    },
  ],
};
const documentedRecord = (deploymentName: string) =>
  recordInputs({
    digest: documented.deployment_records[0]?.digest ?? "",
    logicalEnvironment: "prod",
    physicalEnvironment: "pacific-east",
    cluster: "moda-1",
    deploymentName,
    tags: { data: "sensitive" },
  });

test("the documented answer names another deployment: it is not taken for ours, and a warning says so", async () => {
  const scene = await newScene();
  scene.github.fault(answering(documented));
  const { outs } = await create(scene, documentedRecord("deployment-pod"));
  expect(outs).not.toHaveProperty("recordId");
  expect(outs).not.toHaveProperty("attestationId");
  expect(outs).not.toHaveProperty("createdAt");
  expect(outs.updatedAt).toBe("2026-01-01T00:00:00Z");
  expect(scene.warnings).toEqual([
    expect.stringMatching(/"deployment-pod".*but its answer names deployment "prod-deployment"/),
  ]);
});

test("the documented answer is understood where it is about our record", async () => {
  const scene = await newScene();
  scene.github.fault(answering(documented));
  const { outs } = await create(scene, documentedRecord("prod-deployment"));
  expect(outs).toMatchObject({
    recordId: "123",
    attestationId: "456",
    createdAt: "2011-01-26T19:14:43Z",
    updatedAt: "2011-01-26T19:14:43Z",
  });
  expect(scene.warnings).toEqual([]);
});

test("answers as thin as the documentation's make no drift", async () => {
  const scene = await newScene({ server: { rules: { answers: "documentation" } } });
  const saved = await create(scene, recordInputs({ tags: { team: "shop" } }));
  const read = await refresh(scene, saved);
  expect(read.outs).toEqual(saved.outs);
  expect(read.inputs).toEqual(recordInputs({ tags: { team: "shop" } }));
});

test.each([
  ["names no record", { total_count: 0, deployment_records: [] }, /contains no record/],
  ["has no list", { total_count: 0 }, /contains no record/],
  [
    "is about the digest before",
    { total_count: 1, deployment_records: [{ ...listed(), digest: OTHER_DIGEST }] },
    /with digest sha256:b2b2/,
  ],
])("an answer to a write that %s says nothing of ours, except when it was", async (_what, json, warning) => {
  const scene = await newScene();
  scene.github.fault(answering(json));
  const { outs } = await create(scene, recordInputs());
  expect(outs).toMatchObject({ status: "deployed", updatedAt: "2026-01-01T00:00:00Z" });
  expect(outs).not.toHaveProperty("recordId");
  expect(scene.warnings).toEqual([expect.stringMatching(warning)]);
  expect(scene.github.deploymentRecords()).toHaveLength(1);
});

test("an answer with no more than what identifies the record is enough", async () => {
  const scene = await newScene();
  scene.github.fault(answering({ deployment_records: [listed()] }));
  const { outs } = await create(scene, recordInputs());
  expect(outs.updatedAt).toBe("2026-01-01T00:00:00Z");
  expect(outs).not.toHaveProperty("recordId");
  expect(scene.warnings).toEqual([]);
});

test("null is as good as absent, in every field that may be absent", async () => {
  const scene = await newScene();
  const absent = Object.fromEntries(
    ["id", "tags", "runtime_risks", "created_at", "created", "attestation_id"].map((name) => [name, null]),
  );
  scene.github.fault(answering({ deployment_records: [{ ...listed(), ...absent }] }));
  const { outs } = await create(scene, recordInputs());
  expect(Object.values(outs)).not.toContain(null);
  expect(Object.values(outs)).not.toContain(undefined);
});

test("fields that nobody knows yet are ignored", async () => {
  const scene = await newScene();
  scene.github.fault(
    answering({ new: 1, deployment_records: [{ ...listed(), id: 7, risk_score: { a: [1] } }] }),
  );
  expect((await create(scene, recordInputs())).outs.recordId).toBe("7");
});

test.each([2n ** 53n + 1n, 2n ** 63n - 1n])("the id %s survives, as a text", async (firstId) => {
  const scene = await newScene({ server: { firstId } });
  const saved = await create(scene, recordInputs());
  const [record] = scene.github.deploymentRecords();
  expect(BigInt(saved.outs.recordId ?? 0)).toBeGreaterThanOrEqual(firstId);
  expect(saved.outs.recordId).toBe(record?.id);
  expect(saved.outs.attestationId).toBe(record?.attestation_id);
  expect((await refresh(scene, saved)).outs).toEqual(saved.outs);
});

test.each(["omitted", "empty", "null"] as const)(
  "a record without place and cluster is recognised where answers have them %s",
  async (showAbsentAs) => {
    const scene = await newScene({ server: { rules: { showAbsentAs } } });
    const inputs = recordInputs({ physicalEnvironment: undefined, cluster: undefined });
    const saved = await create(scene, inputs);
    expect(saved.outs.recordId).toBe(scene.github.deploymentRecords()[0]?.id);
    expect((await refresh(scene, saved)).outs).toEqual(saved.outs);
    expect(scene.warnings).toEqual([]);
  },
);

test("an update whose answer is thin keeps nothing that is no longer known to be true", async () => {
  const scene = await newScene();
  const saved = await create(scene, recordInputs());
  scene.clock.advance(1000);
  scene.github.fault(answering({ total_count: 1 }));
  const { outs } = await update(scene, saved, recordInputs({ version: "2" }));
  expect(outs).toMatchObject({ version: "2", updatedAt: "2026-01-01T00:00:01Z" });
  expect(outs).not.toHaveProperty("attestationId");
});

describe.each([
  ["create", "POST"],
  ["read", "GET"],
  ["delete", "GET"],
] as const)("in a %s", (operation, method) => {
  test.each([
    ["a text", { json: "fine" }, /not JSON|not what the API describes/],
    ["records that are no list", { json: { deployment_records: {} } }, /deployment_records/],
    [
      "a record without digest",
      { json: { deployment_records: [{ id: 1 }] } },
      /deployment_records\.0\.digest/,
    ],
  ] as const)(
    "an answer that is %s is an error that says so, and no success",
    async (_what, fault, message) => {
      const scene = await newScene();
      const saved = {
        id: "acme/production/eu-west-1/prod-eu/shop-web-web",
        outs: { ...outs(), digest: DIGEST },
      };
      scene.github.fault({ match: { method }, when: "after", do: fault });
      const work = {
        create: () => scene.provider.create(recordInputs()),
        read: () => scene.provider.read(saved.id, saved.outs),
        delete: () => scene.provider.delete(saved.id, saved.outs),
      }[operation];
      const error = await failureOf(work());
      expect(error.message).toMatch(message);
      expect(error.message).toContain(`${method} /orgs/acme/artifacts/`);
      expect(scene.github.requests).toHaveLength(1);
    },
  );
});

test("an error answer in HTML is an error like any other", async () => {
  const scene = await newScene();
  scene.github.fault({
    when: "before",
    do: { status: 404, body: "<html>nginx</html>", headers: { "content-type": "text/html" } },
  });
  const error = await failureOf(scene.provider.create(recordInputs()));
  expect(error.message).toMatch(/answered with 404/);
  expect(error.message).not.toContain("nginx");
});

function outs() {
  return { name: "web", status: "deployed", updatedAt: "2026-01-01T00:00:00Z" } as const;
}

function listed() {
  return {
    digest: DIGEST,
    logical_environment: "production",
    physical_environment: "eu-west-1",
    cluster: "prod-eu",
    deployment_name: "shop-web-web",
  };
}
