/** Stacks whose programs declare records, sets, storage records and data functions. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { CliStack } from "../../../local/cli-stack";
import type { GitHub, GitHubOptions } from "../../../local/github";
import type { RunResult, Stack } from "../../../local/stack";
import { digestOf } from "./declarations";
import { newProcessStack, newStack } from "./engine";
import { newScene, type Scene, type Step, type StepOptions } from "./scene";

export interface Thing {
  kind:
    | "DeploymentRecord"
    | "ClusterDeploymentSet"
    | "StorageRecord"
    | "ChainloopDeployment"
    | "Provider"
    | `get${string}`;
  name: string;
  args: object;
  /** Those it depends on, and its provider, by name. */
  options?: {
    dependsOn?: string[];
    provider?: string;
    deleteBeforeReplace?: boolean;
    ignoreChanges?: string[];
  };
}

const place = { logicalEnvironment: "production", physicalEnvironment: "eu-west-1", cluster: "prod-eu" };

export const entry = (deploymentName: string, more: object = {}) => ({
  name: `ghcr.io/acme/${deploymentName}`,
  digest: digestOf(deploymentName),
  version: "1.0.0",
  ...more,
});

/** The record of one deployment; by default the resource has the deployment's name. */
export const single = (deploymentName: string, more: object = {}, name = deploymentName): Thing => ({
  kind: "DeploymentRecord",
  name,
  args: { ...place, ...entry(deploymentName), deploymentName, ...more },
});

/** A set of deployments that are as `single` has them. */
export const set = (name: string, deploymentNames: string[], more: object = {}): Thing => ({
  kind: "ClusterDeploymentSet",
  name,
  args: {
    ...place,
    deployments: Object.fromEntries(deploymentNames.map((deployment) => [deployment, entry(deployment)])),
    ...more,
  },
});

export const urnOf = ({ kind, name }: Thing) =>
  `urn:pulumi:dev::shop::pulumi-nodejs:dynamic/artifact-metadata:${kind}::${name}`;

const declarations = (resources: Thing[], outputs: object = {}) => ({
  DECLARATIONS: JSON.stringify({ resources, outputs }),
});

export interface Mixed {
  scene: Scene<CliStack>;
  github: GitHub;
  preview: (things: Thing[], options?: StepOptions) => Promise<Step>;
  up: (things: Thing[], options?: StepOptions) => Promise<Step>;
  /** Killed when GitHub has done its n-th write, and nobody knows yet. */
  upKilled: (things: Thing[], nth?: number, options?: StepOptions) => Promise<void>;
  /** Another stack, with another state. */
  other: { up: (things: Thing[]) => Promise<RunResult> };
}

export interface MixedOptions {
  server?: GitHubOptions;
  config?: Record<string, string>;
  secretConfig?: Record<string, string>;
  env?: Record<string, string>;
  /** The engine in a process of its own, for tests that kill it. */
  killable?: boolean;
}

const toEnd: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of toEnd.splice(0).reverse()) await end();
});

export async function mixedScene({ killable = false, ...options }: MixedOptions = {}): Promise<Mixed> {
  const start = killable ? newProcessStack : newStack;
  const scene = await newScene({ program: "mixed", ...options, newStack: start });
  const { github } = scene;
  const run =
    (operation: "preview" | "up") =>
    (things: Thing[], { outputs, env, ...more }: StepOptions = {}) =>
      scene[operation]([], { ...more, env: { ...declarations(things, outputs), ...env } });
  let second: Stack | undefined;
  return {
    ...{ scene, github, preview: run("preview"), up: run("up") },
    async upKilled(things, nth = 1, options = {}) {
      const match = { method: "POST", nth };
      const held = github.fault({ match, when: "after", do: "hold" });
      const onStart = (pid: number) => void held.arrived.then(() => process.kill(pid, "SIGKILL"));
      await run("up")(things, { ...options, exitCode: -1, onStart } as StepOptions);
      held.drop();
    },
    other: {
      async up(things) {
        second ??= otherStack(github);
        const result = await second.up({ env: declarations(things) });
        if (result.exitCode !== 0) throw new Error(result.output);
        return result;
      },
    },
  };
}

function otherStack(github: GitHub): Stack {
  const home = mkdtempSync(join(tmpdir(), "acceptance-home-"));
  const stack = newStack({
    projectDir: resolve(__dirname, "../programs/mixed"),
    stack: "other",
    env: { HOME: home, GITHUB_API_URL: github.url, GITHUB_TOKEN: github.token, GITHUB_OWNER: "acme" },
  });
  toEnd.push(async () => {
    await stack.remove();
    rmSync(home, { recursive: true, force: true });
  });
  return stack;
}

/** `shop-web deployed`: every record of the server. */
export const statuses = (github: GitHub): string[] =>
  github.deploymentRecords().map(({ deployment_name, status }) => `${deployment_name} ${status}`);
