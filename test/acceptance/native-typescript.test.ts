/**
 * Native resources in TypeScript programs; and with `PULUMI_ENGINE=pulumi` and the language host pulumi-language-yaml on the
 * PATH, resources that move between TypeScript and YAML, and `pulumi import`.
 * test/unit/native-form.test.ts tests what each resource registers, and test/plugin tests how the two providers read each
 * other's states; neither needs an engine.
 */
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { DIGEST, image, newProject, onYaml, OTHER, record, set } from "./support/native-project";
import type { Project, Resources } from "./support/native-project";

const script = (...lines: string[]) =>
  ['const sdk = require("pulumi-artifact-metadata");', ...lines].join("\n");
const where = `image: "${image}", logicalEnvironment: "production"`;
const web = (options = "") =>
  `new sdk.DeploymentRecord("web", { ${where}, deploymentName: "web" }, ${options || "{}"});`;

const written = ["createdAt", "id", "org", "recordId", "updatedAt"];
async function outputsOf(project: Project, name: string): Promise<string[]> {
  const { deployment } = await project.stack.exportState();
  const resources = (deployment as { resources: { urn: string; outputs: object }[] }).resources;
  const found = resources.find(({ urn }) => urn.endsWith(`::${name}`));
  return Object.keys(found?.outputs ?? {});
}

onYaml("a resource", () => {
  test("goes from TypeScript to YAML and back without a write, and is then removed", async () => {
    const project = await newProject();
    const entries = `{ api: { image: "api:1@${OTHER}" } }`;
    const both = script(
      web(),
      `new sdk.ClusterDeploymentSet("eu", { cluster: "eu", logicalEnvironment: "production", deployments: ${entries} });`,
    );
    const yaml: Resources = { web: record(), eu: set({ api: { image: `api:1@${OTHER}` } }) };
    project.writeScript(both);
    expect((await project.up()).written).toBe(2);
    const change = async (write: () => void) => {
      write();
      const { plan, requests } = await project.up();
      expect([plan, requests]).toEqual([["update eu", "update web"], []]);
      expect((await project.preview()).plan).toEqual([]);
      expect(await outputsOf(project, "web")).toEqual(
        expect.arrayContaining(written.filter((name) => name !== "id")),
      );
    };
    await change(() => project.write(yaml));
    await change(() => project.writeScript(both));
    await project.refresh();
    expect((await project.preview()).plan).toEqual([]);
    await project.destroy();
    expect(project.records().map(({ status }) => status)).toEqual(["decommissioned", "decommissioned"]);
  });
});

describe("a native resource", () => {
  test("is imported by a TypeScript program's option, which can stay or go, without a write", async () => {
    const project = await newProject();
    project.github.writeDeployment("acme", {
      ...{ name: "ghcr.io/acme/web", version: "1.4.2", digest: DIGEST, status: "deployed" },
      ...{ logical_environment: "production", deployment_name: "web" },
    });
    project.writeScript(script(web(`{ import: "acme/production///web@${image}" }`)));
    const imported = await project.up();
    expect([imported.plan, imported.writes]).toEqual([["import web"], 0]);
    expect((await project.preview()).plan).toEqual([]);
    project.writeScript(script(web()));
    const dynamic = await project.up();
    expect([dynamic.plan, dynamic.requests]).toEqual([["update web"], []]);
    expect((await project.preview()).plan).toEqual([]);
    await project.destroy();
    expect(project.records()).toMatchObject([{ status: "decommissioned" }]);
  });
});

describe("native providers of a TypeScript program", () => {
  test("write to two organisations with two tokens, and keep both secret", async () => {
    const tokens = { acmes: { orgs: ["acme"] }, globexs: { orgs: ["globex"] } };
    const project = await newProject({ server: { tokens }, env: { GITHUB_TOKEN: "" } });
    const provider = (org: string) =>
      `const ${org} = new sdk.NativeProvider("${org}", { org: "${org}", token: "${org}s", baseUrl: "${project.github.url}" });`;
    const www = `new sdk.DeploymentRecord("www", { ${where}, deploymentName: "web" }, { provider: globex });`;
    project.writeScript(script(provider("acme"), provider("globex"), web("{ provider: acme }"), www));
    const { output } = await project.up();
    const orgs = project.records().map(({ org }) => org);
    expect(orgs.sort()).toEqual(["acme", "globex"]);
    const again = await project.preview();
    expect([again.plan, again.requests]).toEqual([[], []]);
    expect(output + JSON.stringify(await project.stack.exportState())).not.toMatch(/acmes|globexs/);
  });
});

describe("a native resource of a provider", () => {
  test("was dynamic before, is again, and is then removed, without a write until then", async () => {
    const project = await newProject();
    const native = script('const provider = new sdk.NativeProvider("native");', web("{ provider }"));
    const change = async (text: string) => {
      project.writeScript(text);
      const { plan, requests } = await project.up();
      expect([plan, requests]).toEqual([["update web"], []]);
      const again = await project.preview();
      expect([again.plan, again.requests]).toEqual([[], []]);
    };
    project.writeScript(script(web()));
    expect((await project.up()).written).toBe(1);
    await change(native);
    expect(await outputsOf(project, "web")).toEqual(expect.arrayContaining(["org", "recordId"]));
    await change(script(web()));
    await change(native);
    await project.destroy();
    expect(project.records()).toMatchObject([{ status: "decommissioned" }]);
  });

  test("is replaced where replaceOnChanges names its image, and that says something else", async () => {
    const project = await newProject();
    const options = '{ provider: new sdk.NativeProvider("native"), replaceOnChanges: ["image"] }';
    project.writeScript(script(web(options)));
    await project.up();
    project.writeScript(script(web(options).replace("1.4.2", "1.5.0")));
    const { plan, output } = await project.preview();
    expect(plan).toContain("replace web");
    expect(output).toContain('~ version: "1.4.2" => "1.5.0"');
  });
});

onYaml("pulumi import", () => {
  const backends: string[] = [];
  afterAll(() => backends.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

  /** A backend that commands of this test share with the stack. */
  async function newImport(): Promise<Project & { runImport: () => Promise<string> }> {
    const backend = mkdtempSync(join(tmpdir(), "import-backend-"));
    backends.push(backend);
    const env = {
      PULUMI_BACKEND_URL: `file://${backend}`,
      PULUMI_CONFIG_PASSPHRASE: "passphrase",
      PULUMI_HOME: join(backend, "home"),
    };
    const project = await newProject({ env });
    project.github.writeDeployment("acme", {
      ...{ name: "ghcr.io/acme/web", version: "1.4.2", digest: DIGEST, status: "deployed" },
      ...{ logical_environment: "production", deployment_name: "web", runtime_risks: ["sensitive-data"] },
    });
    const runImport = async () => {
      const { github, folder } = project;
      const id = `acme/production///web@${image}`;
      const args = ["artifact-metadata:index:DeploymentRecord", "web", id, "--stack", "dev", "--yes"];
      const settings = { GITHUB_API_URL: github.url, GITHUB_TOKEN: github.token, GITHUB_OWNER: "acme" };
      await promisify(execFile)(
        "pulumi",
        ["import", ...args, "--protect=false", "--out", "generated", "--skip-preview"],
        {
          cwd: folder,
          env: {
            PATH: process.env.PATH,
            HOME: folder,
            PULUMI_SKIP_UPDATE_CHECK: "true",
            ...env,
            ...settings,
          },
        },
      );
      return readFileSync(join(folder, "generated"), "utf8");
    };
    return { ...project, runImport };
  }

  test("gives a YAML program, whose preview is empty", async () => {
    const project = await newImport();
    project.write({});
    await project.up();
    const { resources } = (await import("js-yaml")).load(await project.runImport()) as {
      resources: Resources;
    };
    project.write(resources);
    expect((await project.preview()).plan).toEqual([]);
    const { plan, writes } = await project.up();
    expect([plan, writes]).toEqual([[], 0]);
  });

  test("gives a TypeScript program, which takes the record over without a request", async () => {
    const project = await newImport();
    project.writeScript("export {};", "index.ts");
    await project.up();
    project.writeScript(await project.runImport(), "index.ts");
    const { plan, requests } = await project.up();
    expect([plan, requests]).toEqual([["update web"], []]);
    expect((await project.preview()).plan).toEqual([]);
  });
});
