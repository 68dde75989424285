/** Each program in examples/, copied out of the repository and run with the commands of its README. */
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { load } from "js-yaml";
import { startChainloop } from "../../local/chainloop";
import { startGitHub } from "../../local/github";
import type { GitHub } from "../../local/github";
import type { RunResult, Stack } from "../../local/stack";
import { newColdStack } from "../acceptance/support/engine";
import { commandsOf } from "./example-commands";
import type { Command } from "./example-commands";
import { installedPackage, readJson } from "./installed";
import type { Project } from "./installed";

jest.setTimeout(300_000);

const examples = resolve(__dirname, "../../examples");
const folders = readdirSync(examples, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== "node_modules")
  .map(({ name }) => name);

const WEB = "sha256:1bb1e949e55dcefc6353e7b36c8897d2a107d8e8dca49d4e3c0ea8493fc0bc72";
const prod = "production eu-west-1 prod-eu";
const web = `${prod} shop-web-web: ghcr.io/acme/web 1.4.2 deployed`;
const cart = `${prod} shop-cart-app: ghcr.io/acme/cart 1.0.0 deployed`;

/** What the commands leave on the server. */
const expected: Record<string, string[]> = {
  "deployment-record": [web],
  "cluster-set": [cart, web],
  "storage-record": [
    "https://ghcr.io: ghcr.io/acme/web 1.4.2 active",
    "https://artifacts.example.com/artifactory: acme-cli 3.1.0 active",
  ],
  kubernetes: [
    `${prod} shop-reports-reports: ghcr.io/acme/reports 0.9.1 deployed`,
    `${prod} shop-web-proxy: ghcr.io/acme/proxy 3.1.0 deployed`,
    `${prod} shop-web-web: ghcr.io/acme/web 1.4.2 deployed`,
  ],
  environments: ["staging eu-west-1 staging-eu shop-web-web: ghcr.io/acme/web 1.5.0-rc.1 deployed"],
  adopting: [],
  "data-residency": [
    "production germany-west-central prod-eu shop-web-web: containers.octocorp.ghe.com/acme/web 1.4.2 deployed",
  ],
  chainloop: ["production  prod-eu shop-web-web: ghcr.io/acme/web 1.4.2 deployed"],
};

let installed: Project;
beforeAll(async () => void (installed = await installedPackage()));
afterAll(() => installed.remove());

const toEnd: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of toEnd.splice(0).reverse()) await end();
});

/** A README's placeholders, as the local servers need them. */
const filledIn = (value: string, github: GitHub): string =>
  value
    .replace("https://api.SUBDOMAIN.ghe.com", github.url)
    .replace("github_pat_…", github.token)
    .replace("sha256:…", WEB)
    .replace(/^…$/, "chainloop-token");

/** As the server has them. */
function recordsOf(github: GitHub): string[] {
  const deployed = github.deploymentRecords().map((row) => {
    const place = [row.logical_environment, row.physical_environment, row.cluster, row.deployment_name];
    return `${place.join(" ")}: ${row.name} ${row.version} ${row.status}`;
  });
  const stored = github
    .storageRecords()
    .map((row) => `${row.registry_url}: ${row.name} ${row.version} ${row.status}`);
  return [...deployed, ...stored];
}

/** What the example's own file has for a stack. */
function configOf(folder: string, stack: string): Record<string, string> {
  const file = join(folder, `Pulumi.${stack}.yaml`);
  if (!existsSync(file)) return {};
  const { config } = load(readFileSync(file, "utf8")) as { config: Record<string, unknown> };
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
}

function copyOf(example: string): string {
  const parent = realpathSync(mkdtempSync(join(tmpdir(), "example-")));
  toEnd.push(() => rmSync(parent, { recursive: true, force: true }));
  const folder = join(parent, example);
  cpSync(join(examples, example), folder, { recursive: true });
  return folder;
}

async function runCommands(folder: string, commands: Command[]) {
  const github = await startGitHub({ attested: "all", orgs: ["acme"] });
  toEnd.push(() => github.close());
  const chainloop = await startChainloop({ token: "chainloop-token", environments: ["production"] });
  toEnd.push(() => chainloop.close());
  const env = { GITHUB_API_URL: github.url, CHAINLOOP_API_URL: chainloop.url };
  const { name } = load(readFileSync(join(folder, "Pulumi.yaml"), "utf8")) as { name: string };
  const results: RunResult[] = [];
  let stack: Stack | undefined;
  for (const command of commands) {
    if (command.kind === "install")
      symlinkSync(join(installed.dir, "node_modules"), join(folder, "node_modules"));
    else if (command.kind === "init") {
      stack = newColdStack({
        projectDir: folder,
        stack: command.stack,
        env,
        config: configOf(folder, command.stack),
      });
      toEnd.push(() => stack?.remove());
    } else if (command.kind === "config") {
      const key = command.key.includes(":") ? command.key : `${name}:${command.key}`;
      await stack?.setConfig(key, filledIn(command.value, github), { secret: command.secret });
    } else if (stack && (command.kind === "preview" || command.kind === "up"))
      results.push(await stack[command.kind]());
  }
  return { github, chainloop, results };
}

test.each(Object.entries(expected))(
  "%s runs from a copy with the commands of its README",
  async (example, records) => {
    const folder = copyOf(example);
    const commands = commandsOf(folder);
    expect(commands[0]).toMatchObject({ kind: "install" });
    const { github, chainloop, results } = await runCommands(folder, commands);
    expect(results.map(({ exitCode, output }) => (exitCode === 0 ? "" : output))).toEqual([""]);
    expect(recordsOf(github)).toEqual(records);
    expect(chainloop.deployments()).toHaveLength(example === "chainloop" ? 1 : 0);
  },
);

test("each example is a complete project that does not list this package, and has its expectation here", () => {
  const { name, version } = readJson<{ name: string; version: string }>(resolve(examples, "../package.json"));
  // The workflow of pull-request/ has tests of its own, and its program is that of cluster-set/. That of
  // collect-workloads/ needs a cluster: real-classes.test.ts runs it with mocks. Those with the plugin need the Pulumi CLI:
  // test/acceptance/languages.test.ts.
  const apart = ["pull-request", "collect-workloads", "yaml", "go", "python"];
  expect(folders.filter((folder) => !apart.includes(folder)).sort()).toEqual(Object.keys(expected).sort());
  for (const folder of folders) {
    const manifest = readJson<{ dependencies: object }>(join(examples, folder, "package.json"));
    const others = folder === "collect-workloads" ? ["@pulumi/kubernetes"] : [];
    expect(Object.keys(manifest.dependencies)).toEqual([...others, "@pulumi/pulumi"]);
    expect(existsSync(join(examples, folder, "Pulumi.yaml"))).toBe(true);
    if (folder === "pull-request") continue;
    const [first] = commandsOf(join(examples, folder));
    expect(first?.kind === "install" && basename(first.archive)).toBe(`${name}-${version}.tgz`);
  }
});

test("a command in a README that the test cannot run is an error, and is not left out", () => {
  const folder = copyOf("cluster-set");
  const readme = join(folder, "README.md");
  writeFileSync(readme, readFileSync(readme, "utf8").replace("pulumi up", "pulumi watch"));
  expect(() => commandsOf(folder)).toThrow("the test cannot run this command of a README: pulumi watch");
});
