import { OTHER_DIGEST, recordInputs, DIGEST } from "../support/provider";
import { ProviderError } from "../../provider/runtime/errors";
import type { Inputs } from "../../provider/deployment-record";
import {
  bodiesOf,
  create,
  failureOf,
  lastRequest,
  listOf,
  newScene,
  refresh,
  requestsOf,
  update,
  WRITE,
} from "../support/scene";
import { noEntries } from "../support/no-entries";

const full = (more: Partial<Inputs> = {}) =>
  recordInputs({
    version: "1.4.2",
    tags: { team: "shop", "data-access": "sensitive" },
    runtimeRisks: ["internet-exposed", "sensitive-data"],
    githubRepository: "shop",
    ...more,
  });
const fullBody = {
  name: "ghcr.io/acme/web",
  digest: DIGEST,
  version: "1.4.2",
  status: "deployed",
  logical_environment: "production",
  physical_environment: "eu-west-1",
  cluster: "prod-eu",
  deployment_name: "shop-web-web",
  tags: { team: "shop", "data-access": "sensitive" },
  runtime_risks: ["internet-exposed", "sensitive-data"],
  github_repository: "shop",
};

test("a create sends the record as declared, and nothing else", async () => {
  const scene = await newScene();
  await create(scene, full());
  expect(requestsOf(scene.github)).toEqual([WRITE]);
  expect(bodiesOf(scene.github)).toStrictEqual([fullBody]);
  expect(scene.github.violations).toEqual([]);
  expect(scene.warnings).toEqual([]);
});

test("what is not declared is not sent", async () => {
  const scene = await newScene();
  await create(scene, recordInputs({ physicalEnvironment: undefined, cluster: undefined }));
  expect(bodiesOf(scene.github)).toStrictEqual([
    {
      name: "ghcr.io/acme/web",
      digest: DIGEST,
      status: "deployed",
      logical_environment: "production",
      deployment_name: "shop-web-web",
    },
  ]);
});

test("requests have GitHub's headers, and none that we did not mean", async () => {
  const scene = await newScene();
  const saved = await create(scene, full());
  const { "content-length": length, ...headers } = lastRequest(scene.github).headers;
  expect(Number(length)).toBe(Buffer.byteLength(JSON.stringify(fullBody)));
  // What fetch itself adds differs between versions of Node.
  const ours = ["accept", "content-type", "host", "user-agent", "x-github-api-version"];
  const fetchOwn = ["accept-encoding", "accept-language", "connection", "sec-fetch-mode"];
  expect(Object.keys(headers).filter((name) => !fetchOwn.includes(name))).toEqual(
    expect.arrayContaining(ours),
  );
  expect(Object.keys(headers).filter((name) => ![...ours, ...fetchOwn].includes(name))).toEqual([]);
  expect(headers).toMatchObject({
    accept: "application/vnd.github+json",
    "x-github-api-version": "2022-11-28",
    "content-type": expect.stringMatching(/^application\/json/) as string,
    "user-agent": expect.stringMatching(/^pulumi-artifact-metadata\b/) as string,
  });

  await refresh(scene, saved);
  expect(lastRequest(scene.github).headers).toMatchObject({
    accept: "application/vnd.github+json",
    "x-github-api-version": "2022-11-28",
  });
});

test("the outputs are what was declared, the identity included, and what GitHub said", async () => {
  const scene = await newScene();
  const { id, outs } = await create(scene, full());
  const [record] = scene.github.deploymentRecords();
  expect(id).toBe("acme/production/eu-west-1/prod-eu/shop-web-web");
  const { org, logicalEnvironment, physicalEnvironment, cluster, deploymentName } = full();
  expect([org, logicalEnvironment, physicalEnvironment, cluster, deploymentName].join("/")).toBe(id);
  expect(outs).toStrictEqual({
    ...full(),
    recordId: record?.id,
    attestationId: record?.attestation_id,
    createdAt: record?.created_at,
    updatedAt: record?.updated_at,
  });
});

test("the organisation is part of the path and case is kept as declared", async () => {
  const scene = await newScene();
  await create(scene, full({ org: "Acme" }));
  expect(requestsOf(scene.github)).toEqual(["POST /orgs/Acme/artifacts/metadata/deployment-record"]);
});

test("an update sends the whole record again, and keeps the record's own id", async () => {
  const scene = await newScene();
  const saved = await create(scene, full());
  scene.clock.advance(60_000);
  const later = await update(scene, saved, full({ digest: OTHER_DIGEST, version: "1.5.0" }));
  expect(bodiesOf(scene.github)[1]).toStrictEqual({ ...fullBody, digest: OTHER_DIGEST, version: "1.5.0" });
  expect(later.outs).toMatchObject({
    digest: OTHER_DIGEST,
    version: "1.5.0",
    recordId: saved.outs.recordId,
    createdAt: "2026-01-01T00:00:00Z",
    updatedAt: "2026-01-01T00:01:00Z",
  });
  expect(scene.github.deploymentRecords()).toHaveLength(1);
});

test.each([{ omittedOnUpdate: "keep" }, { omittedOnUpdate: "clear" }] as const)(
  "tags and risks that are taken out are cleared, also where GitHub would keep what is left out (%j)",
  async (rules) => {
    const scene = await newScene({ server: { rules } });
    const saved = await create(scene, full());
    const later = await update(scene, saved, full({ tags: undefined, runtimeRisks: undefined }));
    expect(bodiesOf(scene.github)[1]).toMatchObject({ tags: noEntries, runtime_risks: [] });
    expect(scene.github.deploymentRecords()[0]).toMatchObject({ tags: noEntries, runtime_risks: [] });
    expect(later.outs).not.toHaveProperty("tags");
    expect(later.outs).not.toHaveProperty("runtimeRisks");

    await update(scene, later, full({ name: "other", tags: undefined, runtimeRisks: undefined }));
    expect(bodiesOf(scene.github)[2]).not.toHaveProperty("tags");
    expect(bodiesOf(scene.github)[2]).not.toHaveProperty("runtime_risks");
  },
);

test("empty tags and risks are sent as declared", async () => {
  const scene = await newScene();
  const { outs } = await create(scene, full({ tags: {}, runtimeRisks: [] }));
  expect(bodiesOf(scene.github)).toMatchObject([{ tags: noEntries, runtime_risks: [] }]);
  expect(outs).toMatchObject({ tags: noEntries, runtimeRisks: [] });
});

test("a read lists the records of the digest, without a body", async () => {
  const scene = await newScene();
  const saved = await create(scene, full());
  await refresh(scene, saved);
  expect(requestsOf(scene.github)).toEqual([WRITE, listOf(DIGEST)]);
  expect(lastRequest(scene.github).body).toBeUndefined();
});

test("a delete looks who wrote last, then writes the record once more, as decommissioned", async () => {
  const scene = await newScene();
  const saved = await create(scene, full());
  const later = await scene.another();
  await later.provider.delete(saved.id, saved.outs);
  expect(requestsOf(scene.github)).toEqual([WRITE, listOf(DIGEST), WRITE]);
  expect(bodiesOf(scene.github)[1]).toStrictEqual({ ...fullBody, status: "decommissioned" });
  expect(scene.github.deploymentRecords()).toMatchObject([{ status: "decommissioned" }]);
  expect(later.warnings).toEqual([]);
});

test("the documentation's own example is on the wire exactly as documented", async () => {
  const scene = await newScene({ server: { orgs: ["ORG"] } });
  const digest = "sha256:1bb1e949e55dcefc6353e7b36c8897d2a107d8e8dca49d4e3c0ea8493fc0bc72";
  const declared = {
    org: "ORG",
    name: "awesome-image",
    digest,
    status: "deployed",
    logicalEnvironment: "prod",
    physicalEnvironment: "pacific-east",
    cluster: "moda-1",
    deploymentName: "deployment-pod",
    tags: { "data-access": "sensitive" },
  } satisfies Inputs;
  const { inputs } = await scene.provider.check(declared, declared);
  await create(scene, inputs as Inputs);
  expect(requestsOf(scene.github)).toEqual(["POST /orgs/ORG/artifacts/metadata/deployment-record"]);
  expect(JSON.stringify(lastRequest(scene.github).body)).toBe(
    JSON.stringify({
      name: "awesome-image",
      digest,
      status: "deployed",
      logical_environment: "prod",
      physical_environment: "pacific-east",
      cluster: "moda-1",
      deployment_name: "deployment-pod",
      tags: { "data-access": "sensitive" },
    }),
  );
});

test.each(["url", "method", "headers", "baseUrl", "request", "mediaType", "data", "constructor", "toString"])(
  "18. hostile keys: a tag named %s is a tag, and changes nothing else of the request",
  async (key) => {
    const scene = await newScene();
    await create(scene, full());
    const saved = await create(scene, full({ tags: { [key]: "https://example.com" } }));
    const [plain, tagged] = scene.github.requests;
    expect(tagged).toMatchObject({ method: plain?.method, path: plain?.path });
    expect(tagged?.body).toStrictEqual({ ...fullBody, tags: { [key]: "https://example.com" } });
    expect({ ...tagged?.headers, "content-length": "" }).toEqual({ ...plain?.headers, "content-length": "" });
    expect((await refresh(scene, saved)).outs.tags).toStrictEqual({ [key]: "https://example.com" });
  },
);

test.each(["123n", "-5n", "12345678901234567890", "12345678901234567890n", '"5n",', "{{org}}", "\\", "😀"])(
  "the text %s goes to GitHub and back byte for byte",
  async (text) => {
    const scene = await newScene();
    const declared = full({ name: text, deploymentName: text, tags: { [text]: text } });
    const saved = await create(scene, declared);
    expect(scene.warnings).toEqual([]);
    expect(bodiesOf(scene.github)).toMatchObject([
      { name: text, deployment_name: text, tags: { [text]: text } },
    ]);
    expect((await refresh(scene, saved)).inputs).toEqual(declared);
  },
);

test("nothing is sent for a check or a diff", async () => {
  const scene = await newScene();
  const { inputs } = await scene.provider.check(full(), full());
  expect(inputs).toEqual(full());
  const outs = { name: "x", digest: DIGEST, status: "deployed" } as const;
  await scene.provider.diff("acme/production/eu-west-1/prod-eu/shop-web-web", outs, full());
  expect(scene.github.requests).toEqual([]);
});

test("a value that is invalid, and was not seen by a check, fails before its request", async () => {
  const scene = await newScene();
  for (const [wrong, reason] of [
    [{ digest: "sha256:1" }, 'digest must be "sha256:"'],
    [{ org: ".." }, "org must be an organisation's login"],
    [{ tags: { a: "\0" } }, "tags.a contains a control character"],
    [{ name: undefined }, "name is required"],
  ] as const) {
    const error = await failureOf(scene.provider.create({ ...full(), ...wrong } as Inputs));
    expect(error.message).toContain(reason);
    expect(error).toBeInstanceOf(ProviderError);
  }
  expect(scene.github.requests).toEqual([]);
});
