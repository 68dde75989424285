/** A TypeScript program in a project of its own: its records, and what is saved of them. */
import type { Stack } from "../../local/stack";
import { installedProject } from "./support/installed-project";
import { newColdStack } from "./support/engine";
import { newScene } from "./support/scene";

const project = installedProject("typescript");
afterAll(() => project.remove());

const config = { "shop:version": "1.4.2" };

test("a TypeScript program with components declares records, and their identity is in the outputs", async () => {
  const { preview, up, records, stack } = await newScene({
    program: project.dir,
    config,
    newStack: newColdStack,
  });

  const plan = ["api", "api", "full", "minimal", "web", "web"].map((name) => `create ${name}`);
  expect(await preview()).toMatchObject({ plan, requests: [] });
  // The preview has checked the program's types, which takes most of a run.
  const transpiled = { env: { PULUMI_NODEJS_TRANSPILE_ONLY: "true" } };
  expect(await up(undefined, transpiled)).toMatchObject({ plan, written: 4 });
  const names = ["shop-api-api", "shop-web-full", "shop-web-minimal", "shop-web-web"];
  expect(records().map(({ deployment_name }) => deployment_name)).toEqual(names);
  expect(records()[0]?.tags).toEqual({ web: await webId(stack) });

  const saved = await savedRecords(stack);
  expect(saved.get("web")?.outputs).toMatchObject(identityOf(saved.get("web")?.inputs));

  const code = [...saved.values()].map(({ inputs }) => JSON.stringify(inputs?.__provider));
  expect(new Set(code).size).toBe(1);
  expect(Buffer.byteLength(code[0] ?? "")).toBeLessThan(200);

  await stack.setConfig("shop:version", "1.4.3");
  expect(await up(undefined, transpiled)).toMatchObject({ plan: ["update api", "update web"], written: 2 });
  expect(await up(undefined, transpiled)).toMatchObject({ plan: [], requests: [] });
});

const identityOf = ({ org, logicalEnvironment, deploymentName }: Record<string, unknown> = {}) => ({
  org,
  logicalEnvironment,
  deploymentName,
});

async function savedRecords(stack: Stack) {
  const { deployment } = await stack.exportState();
  const saved = deployment.resources?.filter(({ type }) => type.endsWith(":DeploymentRecord")) ?? [];
  return new Map(saved.map((resource) => [resource.urn.slice(resource.urn.lastIndexOf("::") + 2), resource]));
}

async function webId(stack: Stack): Promise<unknown> {
  const { deployment } = await stack.exportState();
  return deployment.resources?.find(({ type }) => type === "pulumi:pulumi:Stack")?.outputs?.webId;
}
