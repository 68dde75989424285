/** Every operation that GitHub's description has is used, and each as it is described (see support/sets.ts). */
import openapi from "../../local/github/openapi.json";
import { createReader } from "../../provider/get-records";
import { configOf } from "../support/provider";
import { createSet, deployments, digestAt, newSetScene, refreshSet, setOf } from "../support/sets";
import { create, libfoo, refresh as refreshStorage } from "../support/storage";

test("all operations of the description are used", async () => {
  const scene = await newSetScene();
  const { github, another } = scene;
  await createSet(scene, setOf(deployments(1_001)));
  const small = await createSet(another(), setOf(deployments(1)));
  await refreshSet(another(), small);
  await refreshStorage(scene, await create(scene));
  const web = { org: "acme", name: "web", digest: digestAt(0), status: "deployed" } as const;
  const record = { ...web, logicalEnvironment: "staging", deploymentName: "web" };
  await scene.record.create(record);
  await another({ verifyArtifacts: "true" }).record.check({} as typeof record, record);
  // One digest is asked for alone, several are asked for together.
  await another({ verifyArtifacts: "true" }).set.check({} as never, setOf(deployments(2)));
  const described = Object.values<Record<string, { operationId: string }>>(openapi.paths)
    .flatMap((methods) => Object.values(methods).map(({ operationId }) => operationId))
    // Comments are the command's.
    .filter((operation) => operation.startsWith("orgs/"))
    .map((operation) => operation.replace("orgs/", ""));
  const used = new Set(github.requests.map(({ operation }) => operation));
  expect([...used].sort()).toEqual(described.sort());
  expect(described).toHaveLength(9);
});

test("the data functions read what all writers have written, and name a wrong argument", async () => {
  const { github, record, storage } = await newSetScene();
  const place = { logicalEnvironment: "production", deploymentName: "web" };
  await record.create({ org: "acme", name: "web", digest: libfoo.digest, status: "deployed", ...place });
  await storage.create(libfoo);
  const settings = { "artifact-metadata:token": github.token, "artifact-metadata:baseUrl": github.url };
  const reader = createReader({ environment: {}, warn: () => undefined }, configOf(settings));
  const query = { org: "acme", digest: libfoo.digest };
  expect(await reader.deploymentRecords(query)).toMatchObject({
    ...query,
    records: [{ deploymentName: "web", logicalEnvironment: "production" }],
  });
  expect(await reader.storageRecords(query)).toMatchObject({
    records: [{ name: "libfoo", status: "active" }],
  });
  expect((await reader.storageRecords({ ...query, digest: digestAt(5) })).records).toEqual([]);
  await expect(reader.deploymentRecords({ ...query, digest: "sha256:1" })).rejects.toThrow(
    /^digest must be "sha256:"/,
  );
  await expect(reader.storageRecords({ ...query, org: "../acme" })).rejects.toThrow(
    /^org must be an organisation/,
  );
  await expect(reader.storageRecords({ digest: libfoo.digest })).rejects.toThrow(/^org is required/);
});
