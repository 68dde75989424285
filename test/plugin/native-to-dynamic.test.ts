/** A native resource goes on in a TypeScript program as a dynamic one, in Pulumi's own host: what an import leaves, too. */
import type { PropertyMap } from "../../local/engine/types";
import { startHost } from "../support/provider-host";
import { DIGEST, OTHER, useScene } from "./scene";

const scene = useScene();
const artifact = { name: "ghcr.io/acme/web", version: "1.4.2", digest: DIGEST };
const where = { logicalEnvironment: "production", cluster: "eu" };

interface Case {
  type: string;
  code: string;
  given: PropertyMap;
  change: PropertyMap;
  /** Where an import needs more than the ID. */
  importedAs?: string;
}

const image = `ghcr.io/acme/web:1.4.2@${DIGEST}`;
const cases: Case[] = [
  {
    ...{ type: "DeploymentRecord", code: "deploymentRecord", importedAs: `@${image}` },
    given: { ...artifact, ...where, deploymentName: "web", tags: { team: "shop" } },
    change: { tags: { team: "web" } },
  },
  {
    ...{ type: "ClusterDeploymentSet", code: "clusterDeploymentSet", importedAs: `@${image}` },
    given: { ...where, deployments: { web: artifact } },
    change: { deployments: { web: artifact, api: { name: "api", digest: OTHER } } },
  },
  {
    ...{ type: "StorageRecord", code: "storageRecord" },
    given: { name: artifact.name, digest: DIGEST, registryUrl: "https://ghcr.io" },
    change: { status: "eol" },
  },
  {
    ...{ type: "ChainloopDeployment", code: "chainloopDeployment" },
    given: {
      ...{ environmentName: "production", deploymentName: "web" },
      ...{ artifactName: artifact.name, artifactVersion: "1.4.2", artifactDigest: DIGEST },
    },
    change: { artifactVersion: "1.5.0", artifactDigest: OTHER },
  },
];

describe.each(cases)("the state of a native $type", ({ type, code, given, change, importedAs = "" }) => {
  const urn = `urn:pulumi:dev::shop::pulumi-nodejs:dynamic/artifact-metadata:${type}::web`;
  const __provider = `exports.handler = () => require('pulumi-artifact-metadata/provider').${code}`;
  const org: PropertyMap = type === "ChainloopDeployment" ? {} : { org: "acme" };

  async function written() {
    const { inputs } = await scene.plugin.check(type, given);
    const { id, outputs } = await scene.plugin.create(type, inputs);
    return { id, inputs, outputs };
  }

  /** The run in which the program declares it as a dynamic one. */
  async function takeOver({ id, inputs, outputs }: Awaited<ReturnType<typeof written>>) {
    const { provider } = await startHost(scene.settings as Record<string, string>);
    const sent = scene.requests().length;
    const declare = async (more: PropertyMap = {}, before = { outputs, inputs }) => {
      const news = { ...org, ...given, ...more, __provider };
      const checked = await provider.check({ urn, olds: before.inputs, news });
      expect(checked.failures).toEqual([]);
      const request = { id, urn, olds: before.outputs, news: checked.inputs, oldInputs: before.inputs };
      const versions = { ...request, ignoreChanges: [] };
      const diff = await provider.diff(versions);
      const update = async () => ({
        inputs: checked.inputs,
        outputs: (await provider.update(versions)).properties,
      });
      return { diff, update };
    };
    return { provider, declare, requests: () => scene.requests().slice(sent) };
  }

  test("gets its code without a request, and then is unchanged and can be refreshed", async () => {
    const native = await written();
    const { provider, declare, requests } = await takeOver(native);
    const { diff, update } = await declare();
    expect(diff).toEqual({ changes: "some", replaces: [], deleteBeforeReplace: false });
    const saved = await update();
    expect([saved.outputs, requests()]).toEqual([{ ...native.outputs, __provider }, []]);
    expect((await declare({}, saved)).diff.changes).toBe("none");
    const { id } = native;
    const read = await provider.read({ id, urn, properties: saved.outputs, inputs: saved.inputs });
    expect(read).toMatchObject({ id, properties: saved.outputs });
  });

  test("that an import left does too, is written where the program declares something else, and can be removed", async () => {
    const { id } = await written();
    await scene.plugin.configure(scene.settings);
    const { declare, requests } = await takeOver(await scene.plugin.read(type, `${id}${importedAs}`));
    const same = await declare();
    expect(same.diff.replaces).toEqual([]);
    const { outputs } = await (await declare()).update();
    expect(outputs).toMatchObject({ ...org, ...given, __provider });
    expect(requests()).toEqual([]);

    const { outputs: properties, inputs } = await (await declare(change)).update();
    expect(requests()).toHaveLength(1);
    expect(properties).toMatchObject({ ...change, __provider });

    // A destroy declares nothing.
    const later = await startHost(scene.settings as Record<string, string>);
    await later.provider.delete({ id, urn, properties, oldInputs: inputs });
    const statuses = [
      ...scene.github.deploymentRecords().map(({ status }) => status),
      ...scene.github.storageRecords().map(({ status }) => status),
      ...scene.chainloop.deployments().map(({ status }) => status),
    ];
    const deployed = statuses.filter(
      (status) => !/^(?:decommissioned|deleted|SUPERSEDED|DECOMMISSIONED)$/.test(status),
    );
    expect(deployed).toEqual([]);
  });
});
