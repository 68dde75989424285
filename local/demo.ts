/**
 * The whole life of two records: the program of the top-level Pulumi.yaml, on the local engine or the Pulumi CLI,
 * against a local GitHub. It compares the server's records with what they should be after each step, and fails where
 * they are not.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { cliStack } from "./cli-stack";
import { deploymentTable, type GitHub, startGitHub } from "./github";
import { localStack } from "./local-stack";
import type { RunResult, Stack } from "./stack";

const ORG = "acme";
const digest = (hex: string): string => `sha256:${hex.repeat(64)}`;
const WEB_1 = digest("a");
const WEB_2 = digest("b");
const CART = digest("c");

interface Step {
  /** What a user does, and why. */
  title: string;
  run: (stack: Stack, github: GitHub) => Promise<RunResult | void>;
  /** How many resources change; the stack itself is not counted. */
  changes?: number;
  /** The server's records afterwards. */
  records: string[];
}

const CREATED = ["shop-cart-app 1.0.0 deployed", "shop-web-web 1.4.2 deployed team=shop"];
const UPDATED = ["shop-cart-app 1.0.0 deployed", "shop-web-web 1.5.0 deployed team=shop"];
const REMOVED = ["shop-cart-app 1.0.0 decommissioned", "shop-web-web 1.5.0 deployed team=shop"];
const FOREIGN = ["shop-cart-app 1.0.0 decommissioned", "shop-web-web 1.5.0 deployed team=platform"];
const DESTROYED = ["shop-cart-app 1.0.0 decommissioned", "shop-web-web 1.5.0 decommissioned team=shop"];

const steps: Step[] = [
  { title: "pulumi preview", run: (stack) => stack.preview(), changes: 2, records: [] },
  { title: "pulumi up", run: (stack) => stack.up(), changes: 2, records: CREATED },
  { title: "pulumi preview: nothing to do", run: (stack) => stack.preview(), changes: 0, records: CREATED },
  {
    title: "pulumi config set webVersion 1.5.0, and its digest: a new version",
    run: async (stack) => {
      await stack.setConfig("webVersion", "1.5.0");
      await stack.setConfig("webDigest", WEB_2);
    },
    records: CREATED,
  },
  { title: "pulumi preview", run: (stack) => stack.preview(), changes: 1, records: CREATED },
  { title: "pulumi up", run: (stack) => stack.up(), changes: 1, records: UPDATED },
  {
    title: "pulumi config set cart false: a resource is taken out",
    run: (stack) => stack.setConfig("cart", "false"),
    records: UPDATED,
  },
  { title: "pulumi up", run: (stack) => stack.up(), changes: 1, records: REMOVED },
  {
    title: "another writer changes a tag",
    run: async (_, github) => {
      github.writeDeployment(ORG, {
        name: "ghcr.io/acme/web",
        version: "1.5.0",
        digest: WEB_2,
        status: "deployed",
        logical_environment: "production",
        physical_environment: "eu-west-1",
        cluster: "prod-eu",
        deployment_name: "shop-web-web",
        tags: { team: "platform" },
      });
    },
    records: FOREIGN,
  },
  { title: "pulumi refresh: it is seen", run: (stack) => stack.refresh(), changes: 1, records: FOREIGN },
  { title: "pulumi up: it is put right", run: (stack) => stack.up(), changes: 1, records: REMOVED },
  { title: "pulumi destroy", run: (stack) => stack.destroy(), changes: 1, records: DESTROYED },
];

function shown(github: GitHub): string[] {
  return github.deploymentRecords(ORG).map(({ deployment_name, version, status, tags }) => {
    const pairs = Object.entries(tags).map(([key, value]) => `${key}=${value}`);
    return [deployment_name, version, status, ...pairs].join(" ");
  });
}

/** Why the step did not come out as it should. */
function problemOf(step: Step, result: RunResult | void, github: GitHub): string | undefined {
  if (result && result.exitCode !== 0) return `it ended with exit code ${result.exitCode}`;
  const changed = result?.steps.filter(({ type }) => type.startsWith("pulumi-nodejs:dynamic/")).length;
  if (changed !== step.changes) return `${changed} resources changed instead of ${step.changes}`;
  const records = shown(github);
  const wrong = JSON.stringify(records) !== JSON.stringify(step.records);
  return wrong ? `the server has ${JSON.stringify(records)}` : undefined;
}

async function demo(engine: "local" | "pulumi"): Promise<void> {
  const github = await startGitHub({ orgs: [ORG] });
  for (const attested of [WEB_1, WEB_2, CART]) github.attest(ORG, attested);
  const stack = (engine === "pulumi" ? cliStack : localStack)({
    projectDir: join(__dirname, ".."),
    // The program's types are checked by `npm test`; here it is to start quickly.
    env: { GITHUB_API_URL: github.url, PULUMI_NODEJS_TRANSPILE_ONLY: "true" },
    config: {
      "artifact-metadata:org": ORG,
      webVersion: "1.4.2",
      webDigest: WEB_1,
      cart: "true",
      cartDigest: CART,
    },
    secretConfig: { "artifact-metadata:token": github.token },
  });
  try {
    for (const step of steps) {
      console.log(`\n── ${step.title} ${"─".repeat(Math.max(3, 96 - step.title.length))}\n`);
      const result = await step.run(stack, github);
      if (result) console.log(`${result.output.trimEnd()}\n`);
      console.log(deploymentTable(github.deploymentRecords(ORG)));
      const problem = problemOf(step, result, github);
      if (problem !== undefined) throw new Error(`The demo did not come out as it should: ${problem}.`);
    }
    console.log("\nDone: every step left the records on the server as the program declares them.");
  } finally {
    await stack.remove();
    await github.close();
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { engine: { type: "string", default: "local" } } });
  const { engine } = values;
  if (engine !== "local" && engine !== "pulumi") throw new Error("--engine is `local` or `pulumi`.");
  await demo(engine);
}

main().catch((error: unknown) => {
  console.error(`\n${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
