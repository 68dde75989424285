/** A TypeScript program in a project of its own: what is saved of its records, and that no credential is. */
import type { Stack } from "../../local/stack";
import { installedProject } from "./support/installed-project";
import { newScene } from "./support/scene";

const project = installedProject("typescript");
afterAll(() => project.remove());

const config = { "shop:version": "1.4.2" };

test("a TypeScript program with components declares records, and their state is small", async () => {
  const { preview, up, records, stack } = await newScene({ program: project.dir, config });

  const plan = ["api", "api", "full", "minimal", "web", "web"].map((name) => `create ${name}`);
  expect(await preview()).toMatchObject({ plan, requests: [] });
  expect(await up()).toMatchObject({ plan, writes: 4 });
  const names = ["shop-api-api", "shop-web-full", "shop-web-minimal", "shop-web-web"];
  expect(records().map(({ deployment_name }) => deployment_name)).toEqual(names);
  expect(records()[0]?.tags).toEqual({ web: await webId(stack) });

  const saved = await savedRecords(stack);
  const size = (name: string) => Buffer.byteLength(JSON.stringify(saved.get(name)));
  expect(size("minimal")).toBeLessThan(2_000);
  expect(size("full")).toBeLessThan(2_300);

  const code = [...saved.values()].map(({ inputs }) => JSON.stringify(inputs?.__provider));
  expect(new Set(code).size).toBe(1);
  expect(Buffer.byteLength(code[0] ?? "")).toBeLessThan(200);

  await stack.setConfig("shop:version", "1.4.3");
  expect(await up()).toMatchObject({ plan: ["update api", "update web"], writes: 2 });
  expect(await up()).toMatchObject({ plan: [], requests: [] });
});

test("no credential is found in what is printed, logged or saved", async () => {
  const canaries = ["github_pat_canary_config", "github_pat_canary_pulumi", "github_pat_canary_environment"];
  const [inConfig = "", inPulumiConfig = "", inEnvironment = ""] = canaries;
  const { preview, up, github, stack } = await newScene({
    program: project.dir,
    server: { token: inConfig },
    config,
    secretConfig: { "artifact-metadata:token": inConfig, "github:token": inPulumiConfig },
    env: { GITHUB_TOKEN: inEnvironment },
  });
  const found = (text: string) => canaries.filter((canary) => text.includes(canary));
  const seen = ({ output, events }: { output: string; events: unknown[] }) => output + JSON.stringify(events);

  expect(found(seen(await up()))).toEqual([]);
  expect(found(JSON.stringify(await stack.exportState()))).toEqual([]);
  github.setToken(inConfig, null);
  await stack.setConfig("shop:version", "1.4.3");
  const refused = await up([], { exitCode: 1 });
  expect(refused.errors.join("\n")).toContain("The token is wrong or has expired");
  expect(found(seen(refused))).toEqual([]);
  await stack.setConfig("artifact-metadata:token", `${inConfig} `, { secret: true });
  const malformed = await preview([], { exitCode: 1 });
  expect(malformed.errors.join("\n")).toContain("holds a space");
  expect(found(seen(malformed))).toEqual([]);
  expect(found(JSON.stringify(await stack.exportState()))).toEqual([]);
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
