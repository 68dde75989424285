/**
 * YAML programs with the plugin, on the Pulumi CLI: `PULUMI_ENGINE=pulumi`, with the language host pulumi-language-yaml on
 * the PATH. Each method of the plugin is tested without a CLI in test/plugin.
 */
import { DIGEST, image, newProject, onYaml, OTHER, record, set } from "./support/native-project";
import type { Project, Resources } from "./support/native-project";

async function newYaml(
  resources: Resources,
  options: Parameters<typeof newProject>[0] = {},
): Promise<Project> {
  const project = await newProject(options);
  project.write(resources);
  return project;
}

onYaml("a YAML program", () => {
  test("is previewed without a request, written, left alone, updated, replaced and destroyed", async () => {
    const yaml = await newYaml({ web: record(), eu: set({ api: { image: `api:1@${OTHER}` } }) });
    const preview = await yaml.preview();
    expect([preview.plan, preview.requests]).toEqual([["create eu", "create web"], []]);
    expect((await yaml.up()).written).toBe(2);
    const again = await yaml.preview();
    expect([again.plan, again.requests]).toEqual([[], []]);

    yaml.write({ web: record({ tags: { team: "shop" } }), eu: set({ api: { image: `api:2@${OTHER}` } }) });
    const update = await yaml.up();
    expect(update.plan).toEqual(["update eu", "update web"]);
    expect(update.output).toMatch(/deployments: \{\s+~ api: \{\s+~ version: "1" => "2"/);

    yaml.write({
      web: record({ tags: { team: "shop" }, deploymentName: "www" }),
      eu: set({ api: { image: `api:2@${OTHER}` } }),
    });
    expect((await yaml.preview()).output).toContain('~ deploymentName: "web" => "www"');
    await yaml.up();
    expect(yaml.records().map(({ deployment_name, status }) => [deployment_name, status])).toEqual([
      ["api", "deployed"],
      ["web", "decommissioned"],
      ["www", "deployed"],
    ]);
    await yaml.destroy();
    expect(new Set(yaml.records().map(({ status }) => status))).toEqual(new Set(["decommissioned"]));
  });

  test("shows drift, and writes the record again", async () => {
    const yaml = await newYaml({ web: record({ tags: { team: "shop" } }) });
    await yaml.up();
    const [live] = yaml.records();
    yaml.foreignWrite({ ...live!, tags: { team: "other" } });
    await yaml.refresh();
    expect((await yaml.preview()).output).toContain('~ team: "other" => "shop"');
    expect((await yaml.up()).written).toBe(1);
  });

  test("of which a part failed sends the rest the next time", async () => {
    const entries = { web: { image }, api: { image: `api:1@${OTHER}` } };
    const yaml = await newYaml({ eu: set(entries) }, { server: { attested: [DIGEST] } });
    const failed = await yaml.up(undefined, { exitCode: 1 });
    expect(failed.output).toContain('deployments["api"]');
    yaml.github.attest("acme", OTHER);
    const repaired = await yaml.up();
    expect([repaired.plan, repaired.written]).toEqual([["update eu"], 1]);
  });

  test("imports a record, and changes nothing afterwards", async () => {
    const yaml = await newYaml({ web: record() });
    yaml.github.writeDeployment("acme", {
      ...{ name: "ghcr.io/acme/web", version: "1.4.2", digest: DIGEST, status: "deployed" },
      ...{ logical_environment: "production", deployment_name: "web" },
    });
    yaml.write({ web: record({}, { import: `acme/production///web@${image}` }) });
    const imported = await yaml.up();
    expect([imported.plan, imported.writes]).toEqual([["import web"], 0]);
    expect((await yaml.preview()).plan).toEqual([]);
    yaml.write({ web: record() });
    expect((await yaml.preview()).plan).toEqual([]);
    await yaml.destroy();
    expect(yaml.records()).toMatchObject([{ status: "decommissioned" }]);
  });

  test("writes to two organisations with two tokens, and keeps both secret", async () => {
    const tokens = { acmes: { orgs: ["acme"] }, globexs: { orgs: ["globex"] } };
    const yaml = await newYaml({}, { server: { tokens } });
    const provider = (org: string) => ({
      type: "pulumi:providers:artifact-metadata",
      properties: { org, token: `${org}s`, baseUrl: yaml.github.url },
    });
    yaml.write({
      acme: provider("acme"),
      globex: provider("globex"),
      web: record({}, { provider: "${acme}" }),
      www: record({}, { provider: "${globex}" }),
    });
    const { output } = await yaml.up();
    expect(
      yaml
        .records()
        .map(({ org }) => org)
        .sort(),
    ).toEqual(["acme", "globex"]);
    expect(output + JSON.stringify(await yaml.stack.exportState())).not.toMatch(/acmes|globexs/);
  });
});
