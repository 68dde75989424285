import type { PropertyMap } from "../../local/engine/types";
import { DIGEST, OTHER, useScene } from "./scene";

const scene = useScene();
const image = `ghcr.io/acme/web:1.4.2@${DIGEST}`;
const where = { logicalEnvironment: "production", cluster: "eu" };

/** A record that another program wrote, and the inputs that it had. */
async function written(type: string, given: PropertyMap) {
  const { inputs } = await scene.plugin.check(type, given);
  const { id } = await scene.plugin.create(type, inputs);
  await scene.plugin.configure(scene.settings);
  return { id, given };
}

/** After an import, the program that declares the same changes nothing. */
async function expectNoChange(
  type: string,
  id: string,
  olds: PropertyMap,
  given: PropertyMap,
  oldInputs: PropertyMap,
) {
  const { inputs } = await scene.plugin.check(type, given, { olds: oldInputs });
  expect(await scene.plugin.diff(type, { id, olds, news: inputs })).toMatchObject({ changes: "DIFF_NONE" });
}

const record = { image, ...where, deploymentName: "web", tags: { team: "shop" } };

test("a deployment record is imported by its ID and image", async () => {
  const { id } = await written("DeploymentRecord", record);
  const found = await scene.plugin.read("DeploymentRecord", `${id}@${image}`);
  expect(found.id).toBe("acme/production//eu/web");
  const { image: _, ...declared } = record;
  const artifact = { name: "ghcr.io/acme/web", version: "1.4.2", digest: DIGEST };
  expect(found.inputs).toEqual({ org: "acme", ...declared, ...artifact, status: "deployed" });
  expect(found.outputs).toMatchObject({ ...found.inputs, recordId: expect.any(String) as string });
  await expectNoChange("DeploymentRecord", found.id, found.outputs, record, found.inputs);
});

test("with its digest alone, the name is that of the artifact's storage record", async () => {
  const { id } = await written("DeploymentRecord", record);
  await expect(scene.plugin.read("DeploymentRecord", `${id}@${DIGEST}`)).rejects.toThrow(
    `GitHub lists no storage record of ${DIGEST}, so the artifact's name is not known.`,
  );
  await written("StorageRecord", { image });
  const found = await scene.plugin.read("DeploymentRecord", `${id}@${DIGEST}`);
  expect(found.inputs).toMatchObject({ name: "ghcr.io/acme/web", digest: DIGEST });
});

test("what an import file says of the inputs is taken over", async () => {
  const { id } = await written("DeploymentRecord", record);
  const inputs = { name: "ghcr.io/acme/web", digest: DIGEST, githubRepository: "web" };
  const found = await scene.plugin.read("DeploymentRecord", id, {}, inputs);
  expect(found.inputs).toMatchObject(inputs);
});

test("a set is imported by its ID and its images: of each, what GitHub lists in that cluster", async () => {
  const deployments = { web: { image }, api: { image: `ghcr.io/acme/api@${OTHER}`, tags: { team: "api" } } };
  const { id } = await written("ClusterDeploymentSet", { ...where, deployments });
  await written("DeploymentRecord", { ...record, cluster: "us" });
  const found = await scene.plugin.read("ClusterDeploymentSet", `${id}@${image},ghcr.io/acme/api@${OTHER}`);
  expect(found.id).toBe(id);
  expect(found.inputs).toMatchObject({
    ...where,
    deployments: {
      web: { name: "ghcr.io/acme/web", version: "1.4.2", digest: DIGEST, status: "deployed" },
      api: { name: "ghcr.io/acme/api", digest: OTHER, tags: { team: "api" } },
    },
  });
  await expectNoChange("ClusterDeploymentSet", id, found.outputs, { ...where, deployments }, found.inputs);
});

test("a storage record is imported by its ID", async () => {
  const given = { name: "libfoo", digest: DIGEST, registryUrl: "https://reg.example.com/" };
  const { id } = await written("StorageRecord", given);
  const found = await scene.plugin.read("StorageRecord", id);
  expect(found.inputs).toEqual({ org: "acme", ...given, status: "active", onDelete: "deleted" });
  await expectNoChange("StorageRecord", id, found.outputs, given, found.inputs);
});

test("a Chainloop deployment is imported by its ID", async () => {
  const given = { image, environmentName: "production", deploymentName: "web" };
  const { id } = await written("ChainloopDeployment", given);
  const found = await scene.plugin.read("ChainloopDeployment", id);
  await expectNoChange("ChainloopDeployment", id, found.outputs, given, found.inputs);
});

test("what does not exist is not imported", async () => {
  const read = scene.plugin.read("DeploymentRecord", `acme/production//eu/web@${image}`);
  await expect(read).rejects.toThrow("GitHub lists no deployment record");
});

const forms = {
  DeploymentRecord:
    "A DeploymentRecord is imported by ID@IMAGE, as in acme/production/eu-west-1/prod-eu/shop-web-web@",
  ClusterDeploymentSet:
    "A ClusterDeploymentSet is imported by ID@IMAGE,IMAGE,…, as in acme/production/eu-west-1/prod-eu@",
  StorageRecord: "A StorageRecord is imported by ID, as in acme/sha256%3A…/",
  ChainloopDeployment:
    "A ChainloopDeployment is imported by ID, as in production/shop-web-web/CONTAINER_IMAGE",
};
const malformed: [type: keyof typeof forms, id: string, problem: string][] = [
  ["DeploymentRecord", "acme/production//eu/web", "The image is missing"],
  ["DeploymentRecord", "web", "is not the ID of a deployment record"],
  ["DeploymentRecord", `web@${image}`, "is not the ID of a deployment record"],
  ["DeploymentRecord", "acme/production//eu/web@ghcr.io/acme/web:1.4.2", "has no digest"],
  ["DeploymentRecord", "acme/production//eu/web@", "is empty"],
  ["DeploymentRecord", "acme/production//eu/web@sha256:abc", "has no digest"],
  ["ClusterDeploymentSet", "acme/production//eu", "The images are missing"],
  ["ClusterDeploymentSet", `acme/production//eu@${DIGEST}`, "has no name: give the image"],
  ["ClusterDeploymentSet", `acme/production//eu@${image},`, "is empty"],
  ["ClusterDeploymentSet", `acme/production//eu@${image}`, "GitHub lists no deployment of sha256:a1a1"],
  ["ClusterDeploymentSet", `eu@${image}`, "is not the ID of a set"],
  ["StorageRecord", "libfoo", "is not the ID of a storage record"],
  [
    "StorageRecord",
    `acme/${encodeURIComponent(DIGEST)}/https%3A%2F%2Fghcr.io////web@${image}`,
    "extra text after the ID",
  ],
  ["ChainloopDeployment", "production/web", "is not the ID of a Chainloop deployment"],
  ["ChainloopDeployment", `production/web/CONTAINER_IMAGE@${image}`, "extra text after the ID"],
];

test.each(malformed)("%s %s is refused with the right form", async (type, id, problem) => {
  const message = await scene.plugin.read(type, id).then(
    () => "",
    (error: Error) => error.message,
  );
  expect(message).toContain(problem);
  expect(message).toContain(forms[type]);
});
