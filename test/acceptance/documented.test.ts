/** The documentation's own examples for a cluster's deployments and for a storage record, declared in a program. */
import { mixedScene, type Thing } from "./support/mixed";

const digest = "sha256:1bb1e949e55dcefc6353e7b36c8897d2a107d8e8dca49d4e3c0ea8493fc0bc72";
const place = { logical_environment: "prod", physical_environment: "pacific-east" };
const image = { name: "awesome-image", version: "2.1.0", digest, tags: { "runtime-risk": "sensitive-data" } };
const library = {
  name: "libfoo",
  version: "1.2.3",
  digest,
  artifact_url: "https://reg.example.com/artifactory/bar/libfoo-1.2.3",
  registry_url: "https://reg.example.com/artifactory/",
  repository: "bar",
  status: "active",
};

const things: Thing[] = [
  {
    kind: "ClusterDeploymentSet",
    name: "moda",
    args: {
      ...{ cluster: "moda-1", logicalEnvironment: "prod", physicalEnvironment: "pacific-east" },
      deployments: { "deployment-pod": image },
    },
  },
  {
    kind: "StorageRecord",
    name: "libfoo",
    args: {
      ...{ name: "libfoo", version: "1.2.3", digest, repository: "bar" },
      artifactUrl: library.artifact_url,
      registryUrl: library.registry_url,
    },
  },
];

/** As thin as the documentation has them, and about another deployment than the one that was written. */
const time = "2011-01-26T19:14:43Z";
const deployed = {
  ...{ id: 123, digest, ...place, cluster: "moda-1", deployment_name: "prod-deployment" },
  ...{ tags: { data: "sensitive" }, created: time, updated_at: time, attestation_id: 456 },
};
const stored = {
  ...{ ...library, version: undefined },
  ...{ created_at: "2023-10-01T12:00:00Z", updated_at: "2023-10-01T12:00:00Z" },
};

const CLUSTER = "/orgs/acme/artifacts/metadata/deployment-record/cluster/moda-1";
const STORAGE = "/orgs/acme/artifacts/metadata/storage-record";

test("they arrive on the wire as documented, and the documented answers are understood", async () => {
  const { up, github, scene } = await mixedScene();
  const answer = (path: string, json: object) =>
    github.fault({ match: { path }, when: "after", do: { json } });
  answer(CLUSTER, { total_count: 1, deployment_records: [deployed] });
  answer(STORAGE, { total_count: 1, storage_records: [stored] });
  const records = { $output: "moda.records" };
  const createdAt = { $output: "libfoo.createdAt" };
  const { requests, warnings } = await up(things, { outputs: { records, createdAt } });
  const bodies = Object.fromEntries(requests.map(({ path, body }) => [path, body]));
  expect(bodies).toEqual({
    [CLUSTER]: {
      ...place,
      deployments: [{ ...image, deployment_name: "deployment-pod", status: "deployed" }],
      partial_success: true,
    },
    [STORAGE]: library,
  });
  expect(warnings).toEqual([
    expect.stringMatching(/its answer names deployment "prod-deployment" .* timestamps are ignored/),
  ]);
  const { deployment } = await scene.stack.exportState();
  const root = deployment.resources?.find(({ type }) => type === "pulumi:pulumi:Stack");
  expect(root?.outputs).toEqual({
    records: { "deployment-pod": { updatedAt: expect.stringMatching(/Z$/) as string } },
    createdAt: stored.created_at,
  });
});
