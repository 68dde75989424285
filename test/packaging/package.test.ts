import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import ts from "typescript";
import { startGitHub, type GitHub } from "../../local/github";
import { localStack } from "../../local/local-stack";
import { compile } from "./compile";
import { firstSteps } from "./readme";
import { installedPackage, readJson, repository, type Manifest, type Project } from "./installed";

let project: Project;
let github: GitHub;

beforeAll(async () => {
  [project, github] = await Promise.all([installedPackage(), startGitHub({ attested: "all" })]);
}, 180_000);

afterAll(async () => {
  project?.remove();
  await github?.close();
});

const manifest = readJson<Manifest>(join(repository, "package.json"));
const digest = `sha256:${"0f".repeat(32)}`;

describe("the tarball", () => {
  const files = () =>
    readdirSync(project.packageDir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(project.packageDir, join(entry.parentPath, entry.name)).replaceAll("\\", "/"));

  test("holds the compiled code, the plugin, the local GitHub's description, and nothing else", () => {
    const executable = "dist/plugin/pulumi-resource-artifact-metadata";
    const others = ["package.json", "README.md", "LICENSE", "dist/local/github/openapi.json"];
    const expected = (file: string) =>
      /^dist\/(sdk|provider|cli|plugin|local)\/.+\.(js|d\.ts)$/.test(file) ||
      [...others, executable, `${executable}.cmd`, "dist/plugin/schema.json"].includes(file);
    expect(files().filter((file) => !expected(file))).toEqual([]);
  });

  test("is less than 1 MB when it is unpacked", () => {
    const sizes = files().map((file) => statSync(join(project.packageDir, file)).size);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(1_000_000);
  });

  test("has JavaScript as the compiler writes it: with comments and indentation, without source maps", () => {
    const read = (file: string) => readFileSync(join(project.packageDir, file), "utf8");
    expect(read("dist/cli/index.js")).toMatch(/^\/\*\* /m);
    expect(read("dist/cli/index.js")).toMatch(/^ {4}\S/m);
    const scripts = files().filter((file) => file.endsWith(".js"));
    expect(scripts.filter((file) => read(file).includes("sourceMappingURL"))).toEqual([]);
  });

  test("holds package.json, the licence and the readme", () => {
    expect(files()).toEqual(expect.arrayContaining(["package.json", "LICENSE", "README.md"]));
  });

  test("has declarations for the entry points, with their descriptions", () => {
    const entries = ["sdk/index", "provider/index", "local/testing"].map((name) => `dist/${name}.d.ts`);
    expect(files()).toEqual(expect.arrayContaining(entries));
    const text = readFileSync(join(project.packageDir, "dist/sdk/deployment-record.d.ts"), "utf8");
    expect(text).toContain("A deployment record: that an artifact runs (or ran)");
  });

  test("brings every file that package.json names", () => {
    const exported = Object.values(manifest.exports).flatMap((entry) =>
      typeof entry === "string" ? [entry] : Object.values(entry),
    );
    const named = [...exported, ...Object.values(manifest.bin)];
    expect(named.filter((file) => !existsSync(join(project.packageDir, file)))).toEqual([]);
  });

  test("has a plugin that starts and prints its port", async () => {
    const executable = join(project.packageDir, "dist/plugin/pulumi-resource-artifact-metadata");
    const plugin = spawn(executable, ["127.0.0.1:1"], { stdio: ["pipe", "pipe", "inherit"] });
    const port = await new Promise<string>((resolve) =>
      plugin.stdout.setEncoding("utf8").once("data", (text: string) => resolve(text)),
    );
    plugin.stdin.end();
    await new Promise((resolve) => plugin.once("exit", resolve));
    expect([Number(port) > 0, plugin.exitCode]).toEqual([true, 0]);
  });

  test("runs no script when it is installed", () => {
    const { scripts = {} } = readJson<{ scripts?: Record<string, string> }>(
      join(project.packageDir, "package.json"),
    );
    expect(Object.keys(scripts).filter((name) => /^(pre|post)?install$|^prepare$/.test(name))).toEqual([]);
  });
});

describe("the entry points", () => {
  const entries = ["", "/provider", "/testing"].map((path) => `pulumi-artifact-metadata${path}`);

  const namesRequired = async (entry: string) => {
    const code = `console.log(JSON.stringify(Object.keys(require("${entry}"))))`;
    return (JSON.parse((await project.node("-e", code)).stdout) as string[]).sort();
  };

  test("can be required", async () => {
    const [sdk, provider, testing] = await Promise.all(entries.map(namesRequired));
    expect(sdk).toContain("DeploymentRecord");
    expect(provider).toContain("deploymentRecord");
    expect(testing).toContain("startGitHub");
  });

  test.each(entries)("can be imported from an ES module, with every name: %s", async (entry) => {
    const names = await namesRequired(entry);
    const code = `import { ${names.join(", ")} } from "${entry}";
      console.log(JSON.stringify([${names.join(", ")}].map((value) => typeof value)));`;
    const { stdout } = await project.node("--input-type=module", "-e", code);
    expect(JSON.parse(stdout)).toEqual(
      names.map(() => expect.stringMatching(/^(function|object)$/) as string),
    );
  });

  test.each(["dist/sdk/index.js", "dist/provider/index.js", "provider/github/client", "sdk", "local/github"])(
    "do not include %s",
    async (path) => {
      const required = project.node("-e", `require("pulumi-artifact-metadata/${path}")`);
      await expect(required).rejects.toThrow("ERR_PACKAGE_PATH_NOT_EXPORTED");
    },
  );
});

test("a stack trace names lines of readable code", async () => {
  const code = `require("pulumi-artifact-metadata/testing").startGitHub({ attested: 5 }).catch(({ stack }) => {
    console.log(stack);
  })`;
  const { stdout } = await project.node("-e", code);
  const [, file = "", line, column] = /\(([^()]+\.js):(\d+):(\d+)\)/.exec(stdout) ?? [];
  expect(relative(project.packageDir, file)).toMatch(/^dist.local.testing.github\.js$/);
  const text = readFileSync(file, "utf8").split("\n")[Number(line) - 1];
  expect(text).toMatch(/^ {4,}attested\.forEach\(/);
  expect(text?.slice(Number(column) - 1)).toMatch(/^forEach\(/);
});

test("the command starts", async () => {
  const { stdout } = await project.node("node_modules/.bin/pulumi-artifact-metadata", "--version");
  expect(stdout.trim()).toBe(manifest.version);
  const help = await project.node("node_modules/.bin/pulumi-artifact-metadata", "summary", "--help");
  expect(help.stdout).toContain("\n  pulumi preview --json > preview.json\n");
});

describe("the type declarations", () => {
  const program = (name: string) => `
    import * as artifacts from "pulumi-artifact-metadata";
    import { deploymentRecord } from "pulumi-artifact-metadata/provider";
    import { startGitHub, type TestGitHub } from "pulumi-artifact-metadata/testing";
    export const github: Promise<TestGitHub> = startGitHub({ attested: "all" });
    export const created = deploymentRecord.create({});
    const args: artifacts.DeploymentRecordArgs = {
      name: ${name}, digest: "${digest}", logicalEnvironment: "production", deploymentName: "shop-web-web",
    };
    export const id = new artifacts.DeploymentRecord("web", args).recordId.apply((id) => id?.length);`;

  const compileProgram = (file: string, text: string, options: ts.CompilerOptions) => {
    project.write(file, text);
    return compile(join(project.dir, file), project.packageDir, options);
  };
  const node16 = { module: ts.ModuleKind.Node16, moduleResolution: ts.ModuleResolutionKind.Node16 };
  const node10 = { module: ts.ModuleKind.CommonJS, moduleResolution: ts.ModuleResolutionKind.Node10 };
  const bundler = { module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler };

  test.each([
    ["node", "program.ts", node10],
    ["node16", "program.ts", node16],
    ["node16", "program.mts", node16],
    ["bundler", "program.ts", bundler],
  ])("are found with moduleResolution %s in %s", (_, file, options) => {
    const { errors, declarations } = compileProgram(file, program('"ghcr.io/acme/web"'), options);
    expect(errors).toEqual([]);
    const entries = ["sdk/index", "provider/index", "local/testing"].map((name) => `dist/${name}.d.ts`);
    expect(declarations).toEqual(expect.arrayContaining(entries));
  });

  test("refuse an argument of the wrong type", () => {
    const { errors } = compileProgram("wrong.ts", program("1"), node16);
    expect(errors).toEqual([
      expect.stringContaining("Type 'number' is not assignable to type 'Input<string>'"),
    ]);
  });
});

describe("a program that uses the package", () => {
  const declare = `new artifacts.DeploymentRecord("web", {
    name: "ghcr.io/acme/web", version: "1.4.2", digest: "${digest}",
    logicalEnvironment: "production", cluster: "prod-eu", deploymentName: process.env.DEPLOYMENT_NAME,
    runtimeRisks: ["internet-exposed"], tags: { team: "shop" },
  })`;

  test.each([
    ["JavaScript", "index.js", `const artifacts = require("pulumi-artifact-metadata"); ${declare};`],
    ["an ES module", "index.mjs", `import * as artifacts from "pulumi-artifact-metadata"; ${declare};`],
  ])("in %s previews and writes its record", async (language, file, text) => {
    const name = language.toLowerCase().replaceAll(" ", "-");
    project.write(`${name}/${file}`, text);
    project.write(`${name}/Pulumi.yaml`, `name: shop\nruntime: nodejs\nmain: ${file}\n`);
    const stack = localStack({
      projectDir: join(project.dir, name),
      env: { DEPLOYMENT_NAME: name },
      config: { "artifact-metadata:org": "acme", "artifact-metadata:baseUrl": github.url },
      secretConfig: { "artifact-metadata:token": github.token },
    });
    try {
      const preview = await stack.preview();
      expect(preview).toMatchObject({ exitCode: 0, changes: { create: 2 } });
      expect(records(name)).toEqual([]);

      const up = await stack.up();
      expect(up).toMatchObject({ exitCode: 0, changes: { create: 2 } });
      expect(records(name)).toMatchObject([{ name: "ghcr.io/acme/web", digest, status: "deployed" }]);
    } finally {
      await stack.remove();
    }
  });

  // The project has no TypeScript of its own: the program is compiled, and its types are checked, by the oldest
  // compiler that Pulumi supports, the one inside @pulumi/pulumi.
  test("the README's first steps lead from an empty folder to a record, without a warning", async () => {
    const { pulumiYaml, program, config, server, env } = firstSteps(await freePort());
    // As `npm init -y` writes it.
    project.write(
      "first/package.json",
      JSON.stringify({ name: "first", main: "index.js", type: "commonjs" }),
    );
    project.write("first/Pulumi.yaml", pulumiYaml);
    project.write("first/index.ts", program);
    const stack = localStack({ projectDir: join(project.dir, "first"), config });
    const serving = spawn(process.execPath, ["-e", server], { cwd: join(project.dir, "first") });
    try {
      const preview = await stack.preview();
      expect(preview).toMatchObject({ exitCode: 0, changes: { create: 2 } });
      const up = await stack.up({ env });
      expect(up).toMatchObject({ exitCode: 0, changes: { create: 2 } });
      expect(JSON.stringify(await stack.exportState())).toMatch(/"recordId":"\d+"/);
      expect(`${preview.output}${up.output}`).not.toMatch(/warning/i);
    } finally {
      serving.kill();
      await stack.remove();
    }
  });

  async function freePort(): Promise<number> {
    const one = await startGitHub();
    await one.close();
    return Number(new URL(one.url).port);
  }

  const records = (name: string) =>
    github.deploymentRecords("acme").filter(({ deployment_name }) => deployment_name === name);
});
