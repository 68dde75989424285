/** Each program in examples/ does what its README says. One that has a test of its own is not run here again. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { load } from "js-yaml";
import type { GitHub } from "../../local/github";
import { readSettings } from "../../provider/config/github";
import { newScene } from "./support/scene";

const examples = resolve(__dirname, "../../examples");
const folders = readdirSync(examples, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== "node_modules")
  .map(({ name }) => name)
  .filter((name) => !existsSync(join(__dirname, `${name}.test.ts`)))
  // languages.test.ts
  .filter((name) => !["yaml", "go", "python"].includes(name));

const WEB = "sha256:1bb1e949e55dcefc6353e7b36c8897d2a107d8e8dca49d4e3c0ea8493fc0bc72";
const CART = "sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae";
const prod = "production eu-west-1 prod-eu";
const web = `${prod} shop-web-web: ghcr.io/acme/web 1.4.2 deployed`;
const cart = `${prod} shop-cart-app: ghcr.io/acme/cart 1.0.0 deployed`;

/** What `pulumi up` leaves on the server; for several stacks, each on a server of its own. */
const expected: Record<string, { [stack: string]: string[] }> = {
  "deployment-record": { dev: [cart, web] },
  "cluster-set": { prod: [cart, web] },
  "storage-record": {
    prod: [
      "https://ghcr.io: ghcr.io/acme/web 1.4.2 active",
      "https://artifacts.example.com/artifactory: acme-cli 3.1.0 active",
    ],
  },
  environments: {
    production: [web],
    staging: ["staging eu-west-1 staging-eu shop-web-web: ghcr.io/acme/web 1.5.0-rc.1 deployed"],
  },
  adopting: { prod: [`${prod} shop/web/web: ghcr.io/acme/web 1.4.2 deployed`] },
  "data-residency": {
    prod: [
      "production germany-west-central prod-eu shop-web-web: containers.octocorp.ghe.com/acme/web 1.4.2 deployed",
    ],
  },
  "pull-request": { prod: [cart, web] },
};

/** What a user of the example sets, where its folder has no file for the stack. */
const config: Record<string, Record<string, string>> = {
  "deployment-record": {
    "shop:webVersion": "1.4.2",
    "shop:webDigest": WEB,
    "shop:cart": "true",
    "shop:cartDigest": CART,
  },
};

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

/** The stack's file, but for the address: requests go to the local server. */
function configOf(folder: string, stack: string): Record<string, string> {
  const file = join(examples, folder, `Pulumi.${stack}.yaml`);
  if (!existsSync(file)) return config[folder] ?? {};
  const { config: values } = load(readFileSync(file, "utf8")) as { config: Record<string, unknown> };
  const entries = Object.entries(values).filter(([key]) => key !== "artifact-metadata:baseUrl");
  return Object.fromEntries(
    entries.map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
  );
}

function scene(folder: string, stack: string) {
  const program = folder === "deployment-record" ? resolve(examples, "..") : join(examples, folder);
  // The program's types are checked with all others; here it is to start quickly.
  const env = { PULUMI_NODEJS_TRANSPILE_ONLY: "true" };
  return newScene({ program, stack, env, config: configOf(folder, stack) });
}

test("each folder has its expectation here", () => {
  expect(folders.filter((name) => !(name in expected))).toEqual([]);
});

const runs = Object.entries(expected).flatMap(([folder, stacks]) =>
  Object.entries(stacks).map(([stack, records]) => [folder, stack, records] as const),
);

test.each(runs.filter(([folder]) => folder !== "adopting"))(
  "%s, stack %s",
  async (folder, stack, records) => {
    const { up, github } = await scene(folder, stack);
    expect((await up()).warnings).toEqual([]);
    expect(recordsOf(github)).toEqual(records);
  },
);

test("adopting takes the other tool's record over, and says what there was", async () => {
  const { preview, up, github, foreignWrite, stack } = await scene("adopting", "prod");
  const place = { logical_environment: "production", physical_environment: "eu-west-1", cluster: "prod-eu" };
  const image = { name: "ghcr.io/acme/web", version: "1.4.2", digest: WEB };
  // Created a minute before it was written last.
  for (const tracker of ["no", "yes"])
    foreignWrite({
      org: "acme",
      deployment_name: "shop/web/web",
      ...place,
      ...image,
      status: "deployed",
      tags: { tracker },
      runtime_risks: [],
    });
  const [before] = github.deploymentRecords();

  const previewed = await preview();
  expect(previewed).toMatchObject({ plan: ["create prod-eu"], writes: 0 });
  const { output } = await up();
  const told = `1 record already existed, and this set has taken it over. Created: "shop/web/web" (${before?.created_at})`;
  expect(output.split(told)).toHaveLength(2);
  expect(previewed.output).not.toContain("already existed");
  expect((await up()).output).not.toContain("already existed");

  const [after, ...more] = github.deploymentRecords();
  expect(more).toEqual([]);
  expect(after).toMatchObject({ id: before?.id, created_at: before?.created_at, tags: { team: "shop" } });
  const { deployment } = await stack.exportState();
  const root = deployment.resources?.find(({ type }) => type === "pulumi:pulumi:Stack");
  expect(root?.outputs).toMatchObject({ recorded: [{ cluster: "prod-eu", deploymentName: "shop/web/web" }] });
});

test("data-residency's own address is one that the provider takes", () => {
  const file = readFileSync(join(examples, "data-residency/Pulumi.prod.yaml"), "utf8");
  const { config } = load(file) as { config: Record<string, string> };
  const { baseUrl } = readSettings({ get: (key) => config[key] }, {});
  expect(baseUrl).toBe("https://api.octocorp.ghe.com");
});
