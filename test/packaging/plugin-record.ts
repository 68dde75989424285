/** One record, declared by a packed plugin as Pulumi's engine would. */
import type { GitHub } from "../../local/github";
import { DIGEST } from "../plugin/scene";
import type { Plugin } from "../plugin/support";

export const IMAGE = `ghcr.io/acme/web:1.4.2@${DIGEST}`;

export async function expectRecord(plugin: Plugin, github: GitHub): Promise<void> {
  await plugin.configure({ org: "acme", token: github.token, baseUrl: github.url });
  const news = { image: IMAGE, logicalEnvironment: "production", deploymentName: "web" };
  const { inputs, failures } = await plugin.check("DeploymentRecord", news);
  expect(failures).toEqual([]);
  await plugin.create("DeploymentRecord", inputs);
  expect(github.deploymentRecords()).toMatchObject([{ deployment_name: "web", status: "deployed" }]);
}
