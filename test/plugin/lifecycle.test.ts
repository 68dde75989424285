import type { PropertyMap } from "../../local/engine/types";
import { DIGEST, OTHER, useScene } from "./scene";

const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const scene = useScene();

interface Case {
  type: string;
  inputs: PropertyMap;
  id: string;
  /** An update, and the paths that it shows. */
  change: PropertyMap;
  changed: string[];
  /** A change of the identity. */
  rename: PropertyMap;
  replaced: string[];
  observed: string[];
}

const image = `ghcr.io/acme/web:1.4.2@${DIGEST}`;
const artifact = { name: "ghcr.io/acme/web", version: "1.4.2", digest: DIGEST };

const cases: Case[] = [
  {
    type: "DeploymentRecord",
    inputs: {
      image,
      logicalEnvironment: "production",
      cluster: "eu",
      deploymentName: "web",
      tags: { team: "shop" },
    },
    id: "acme/production//eu/web",
    change: { image: `ghcr.io/acme/web:1.5.0@${OTHER}`, tags: { team: "web", tier: "1" } },
    changed: ["digest UPDATE", "tags.team UPDATE", "tags.tier ADD", "version UPDATE"],
    rename: { deploymentName: "www" },
    replaced: ["deploymentName UPDATE_REPLACE"],
    observed: ["recordId", "attestationId", "createdAt", "updatedAt"],
  },
  {
    type: "ClusterDeploymentSet",
    inputs: {
      ...{ logicalEnvironment: "production", cluster: "eu" },
      deployments: { web: { image }, api: { name: "ghcr.io/acme/api", digest: OTHER } },
    },
    id: "acme/production//eu",
    change: {
      deployments: {
        web: { image: `ghcr.io/acme/web:1.5.0@${DIGEST}` },
        www: { name: "www", digest: OTHER },
      },
    },
    changed: ["deployments.api DELETE", "deployments.web.version UPDATE", "deployments.www ADD"],
    rename: { cluster: "us" },
    replaced: ["cluster UPDATE_REPLACE"],
    observed: ["records", "skipped"],
  },
  {
    type: "StorageRecord",
    inputs: { image, repository: "web" },
    id: `acme/${encodeURIComponent(DIGEST)}/https%3A%2F%2Fghcr.io/web///ghcr.io%2Facme%2Fweb`,
    change: { status: "eol", githubRepository: "web" },
    changed: ["githubRepository ADD", "status UPDATE"],
    rename: { repository: "www" },
    replaced: ["repository UPDATE_REPLACE"],
    observed: ["recordId", "createdAt", "updatedAt"],
  },
  {
    type: "ChainloopDeployment",
    inputs: { image, environmentName: "production", deploymentName: "web" },
    id: "production/web/CONTAINER_IMAGE",
    change: { image: `ghcr.io/acme/web:1.5.0@${OTHER}` },
    changed: ["artifactDigest UPDATE", "artifactVersion UPDATE"],
    rename: { kind: "HELM_CHART" },
    replaced: ["kind UPDATE_REPLACE"],
    observed: ["recordId", "artifactId", "environmentId", "createdAt", "updatedAt", "lastSeenAt"],
  },
];

const withoutImage = ({ image: _, ...inputs }: PropertyMap) => inputs;
/** What stands for the images in a set's entries is theirs alone. */
const declaredOf = (inputs: PropertyMap) =>
  JSON.parse(
    JSON.stringify(withoutImage(inputs), (key, value: unknown) => (key === "image" ? undefined : value)),
  ) as PropertyMap;

describe.each(cases)("$type", ({ type, inputs: given, id, change, changed, rename, replaced, observed }) => {
  const checked = async (news: PropertyMap, olds: PropertyMap = {}) => {
    const { inputs, failures } = await scene.plugin.check(type, news, { olds });
    expect(failures).toEqual([]);
    return inputs;
  };
  const created = async () => {
    const inputs = await checked(given);
    return { inputs, saved: await scene.plugin.create(type, inputs) };
  };

  test("is checked, with defaults and what its image says, and the image stays in the inputs", async () => {
    const inputs = await checked(given);
    expect(inputs).toMatchObject(given);
    const entries = (inputs.deployments ?? { one: inputs }) as Record<string, PropertyMap>;
    const first = entries.web ?? entries.one;
    expect(Object.values(first ?? {})).toEqual(expect.arrayContaining(Object.values(artifact)));
    expect(await checked(inputs, inputs)).toEqual(inputs);
  });

  test("names each input that is wrong", async () => {
    const { failures } = await scene.plugin.check(type, { ...given, colour: "red" });
    expect(failures).toEqual([
      { property: "colour", reason: expect.stringContaining("is not a property of") as string },
    ]);
  });

  test("is created with its inputs, its identity and what was answered as outputs, and then is unchanged", async () => {
    const { inputs, saved } = await created();
    expect(saved.id).toBe(id);
    expect(saved.outputs).toMatchObject(declaredOf(inputs));
    expect(Object.keys(saved.outputs)).not.toContain("image");
    const { changes, detailed } = await scene.plugin.diff(type, { id, olds: saved.outputs, news: inputs });
    expect([changes, detailed]).toEqual(["DIFF_NONE", []]);
  });

  test("shows each changed property by its path, and is updated", async () => {
    const { inputs, saved } = await created();
    const news = await checked({ ...given, ...change }, inputs);
    const diff = await scene.plugin.diff(type, { id, olds: saved.outputs, news });
    expect(diff).toEqual({ changes: "DIFF_SOME", replaces: [], detailed: changed });
    const updated = await scene.plugin.update(type, saved, news);
    expect(updated.outputs).toMatchObject(declaredOf(news));
    const after = await scene.plugin.diff(type, { id, olds: updated.outputs, news });
    expect(after.changes).toBe("DIFF_NONE");
  });

  test("is replaced where its identity changes", async () => {
    const { inputs, saved } = await created();
    const news = await checked({ ...given, ...rename }, inputs);
    const { replaces, detailed } = await scene.plugin.diff(type, { id, olds: saved.outputs, news });
    expect(replaces).toEqual(Object.keys(rename));
    expect(detailed).toEqual(replaced);
  });

  test("sends nothing in a preview, and does not know what the answer will be", async () => {
    const inputs = await checked(given);
    const create = await scene.plugin.create(type, inputs, true);
    expect(create.id).toBe("");
    const unknown = Object.fromEntries(observed.map((name) => [name, UNKNOWN]));
    expect(create.outputs).toEqual({ ...declaredOf(inputs), ...unknown });
    const olds = { id, outputs: { ...declaredOf(inputs), recordId: "1" } };
    const update = await scene.plugin.update(type, olds, await checked({ ...given, ...change }), true);
    expect(update.outputs).toMatchObject(unknown);
    expect(scene.requests()).toEqual([]);
  });

  test("passes what is unknown in a preview", async () => {
    const inputs = await checked({
      ...given,
      ...(given.image === undefined ? { deployments: UNKNOWN } : { image: UNKNOWN }),
    });
    expect(Object.values(inputs)).toContain(UNKNOWN);
    await scene.plugin.create(type, inputs, true);
    expect(scene.requests()).toEqual([]);
  });

  test("is refreshed without a change", async () => {
    const { inputs, saved } = await created();
    const read = await scene.plugin.read(type, id, saved.outputs, inputs);
    expect(read).toEqual({ id, outputs: saved.outputs, inputs });
  });

  test("is removed", async () => {
    const { saved } = await created();
    // A later run, which declares nothing.
    await scene.plugin.configure(scene.settings);
    await scene.plugin.remove(type, saved);
    const statuses = [
      ...scene.github.deploymentRecords().map(({ status }) => status),
      ...scene.github.storageRecords().map(({ status }) => status),
      ...scene.chainloop.deployments().map(({ status }) => status),
    ];
    expect(new Set(statuses).size).toBe(1);
    expect(["decommissioned", "deleted", "DECOMMISSIONED"]).toContain(statuses[0]);
  });

  test("keeps a secret secret in its inputs and outputs", async () => {
    const SECRET = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
    const key = type === "ChainloopDeployment" ? "artifactVersion" : "version";
    const secret = { ...SECRET, value: "7.7.7" };
    const plain = type === "ClusterDeploymentSet" ? undefined : withVersion(given, key, secret);
    const news = plain ?? { ...given, deployments: { web: { ...artifact, version: secret } } };
    const inputs = await checked(news);
    const { outputs } = await scene.plugin.create(type, inputs);
    for (const values of [inputs, outputs]) {
      const entry =
        type === "ClusterDeploymentSet" ? (values.deployments as { web: PropertyMap }).web : values;
      expect(entry[key]).toEqual(secret);
    }
    expect(JSON.stringify(scene.github.requests) + JSON.stringify(scene.chainloop.requests)).toContain(
      "7.7.7",
    );
  });
});

/** The artifact written out, with a version that is a secret. */
function withVersion({ image: _, ...given }: PropertyMap, key: string, version: PropertyMap): PropertyMap {
  if (key === "artifactVersion")
    return { ...given, artifactName: "web", artifactDigest: DIGEST, [key]: version };
  const registry: PropertyMap = given.repository === undefined ? {} : { registryUrl: "https://ghcr.io" };
  return { ...given, ...registry, name: "ghcr.io/acme/web", digest: DIGEST, [key]: version };
}
