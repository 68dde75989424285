/** A resource that a TypeScript program wrote goes on in a program of another language, by an alias. */
import type { PropertyMap } from "../../local/engine/types";
import { DIGEST, OTHER, useScene } from "./scene";

const scene = useScene();
const image = `ghcr.io/acme/web:1.4.2@${DIGEST}`;
const where = { logicalEnvironment: "production", cluster: "eu" };

const cases: [type: string, given: PropertyMap, change: PropertyMap][] = [
  ["DeploymentRecord", { image, ...where, deploymentName: "web" }, { tags: { team: "shop" } }],
  [
    "ClusterDeploymentSet",
    { ...where, deployments: { web: { image } } },
    { deployments: { web: { image }, api: { name: "api", digest: OTHER } } },
  ],
  ["StorageRecord", { image }, { status: "eol" }],
  [
    "ChainloopDeployment",
    { image, environmentName: "production", deploymentName: "web" },
    { image: `ghcr.io/acme/web:1.5.0@${OTHER}` },
  ],
];

describe.each(cases)("the state of a dynamic %s", (type, given, change) => {
  /** As an earlier version of the package left it: without the identity, and with its code. */
  async function dynamicState() {
    const { inputs } = await scene.plugin.check(type, given);
    const { id, outputs } = await scene.plugin.create(type, inputs);
    const identity = ["org", "logicalEnvironment", "physicalEnvironment", "cluster", "deploymentName"];
    const kept = Object.entries(outputs).filter(([name]) => !identity.includes(name));
    await scene.plugin.configure(scene.settings);
    const sent = scene.requests().length;
    const olds = { ...(Object.fromEntries(kept) as PropertyMap), __provider: "exports.handler = …" };
    return { id, inputs, complete: outputs, olds, requests: () => scene.requests().slice(sent) };
  }

  test("becomes complete without a request, and then is unchanged", async () => {
    const { id, inputs, complete, olds, requests } = await dynamicState();
    const news = (await scene.plugin.check(type, given, { olds: inputs })).inputs;
    expect(await scene.plugin.diff(type, { id, olds, news })).toEqual({
      ...{ changes: "DIFF_SOME", replaces: [], detailed: [] },
    });
    const preview = await scene.plugin.update(type, { id, outputs: olds }, news, true);
    const { outputs } = await scene.plugin.update(type, { id, outputs: olds }, news);
    expect([preview.outputs, outputs, requests()]).toEqual([complete, complete, []]);
    expect(await scene.plugin.diff(type, { id, olds: outputs, news })).toMatchObject({
      changes: "DIFF_NONE",
    });
  });

  test("is written where the program declares something else", async () => {
    const { id, inputs, olds, requests } = await dynamicState();
    const news = (await scene.plugin.check(type, { ...given, ...change }, { olds: inputs })).inputs;
    const { outputs } = await scene.plugin.update(type, { id, outputs: olds }, news);
    expect(requests()).toHaveLength(1);
    expect(outputs).not.toHaveProperty("__provider");
    expect(await scene.plugin.diff(type, { id, olds: outputs, news })).toMatchObject({
      changes: "DIFF_NONE",
    });
  });
});
