/** A stack, its program and the local GitHub server that its records go to; all of them end with the test. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { startGitHub, testClock } from "../../../local/github";
import type { DeploymentBody, GitHub, GitHubOptions, RequestLog } from "../../../local/github";
import type { Operation } from "../../../local/engine/types";
import type { RunOptions, RunResult, Stack, StackOptions } from "../../../local/stack";
import type { Declaration, Stored } from "./declarations";
import { toStored } from "./declarations";
import { newStack } from "./engine";

export interface Step extends RunResult {
  /** What was asked of the server meanwhile. */
  requests: RequestLog[];
  writes: number;
  /** Records in those writes. */
  written: number;
  /** `update web`: what was planned or done, in the order of the names. */
  plan: string[];
  warnings: string[];
  errors: string[];
}

export interface StepOptions extends RunOptions {
  /** What the program exports. */
  outputs?: Record<string, unknown>;
  /** The exit code that is expected. Default 0. */
  exitCode?: number;
}

export interface Scene<S extends Stack = Stack> {
  github: GitHub;
  stack: S;
  /** Without declarations, the last ones hold. */
  preview: (declarations?: Declaration[], options?: StepOptions) => Promise<Step>;
  up: (declarations?: Declaration[], options?: StepOptions) => Promise<Step>;
  refresh: (options?: StepOptions) => Promise<Step>;
  destroy: (options?: StepOptions) => Promise<Step>;
  /** The server's records, decommissioned ones included, in the order of their deployments' names. */
  records: () => Stored[];
  /** Another writer's change, a minute later. */
  foreignWrite: (change: Stored) => void;
}

export interface SceneOptions<S extends Stack> {
  /** A folder of programs/, or any other with a Pulumi.yaml. Default `records`. */
  program?: string;
  /** The stack's name. Default `dev`. */
  stack?: string;
  server?: GitHubOptions;
  /** On top of a token, an API and an organisation. */
  env?: Record<string, string>;
  config?: Record<string, string>;
  secretConfig?: Record<string, string>;
  newStack?: (options: StackOptions) => S;
}

const repository = resolve(__dirname, "../../..");
const programs = resolve(__dirname, "../programs");

// A step takes two seconds; a machine that is busy with other things may take ten times as long.
jest.setTimeout(180_000);

const toEnd: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of toEnd.splice(0).reverse()) await end();
});

/** Every digest is attested, unless the server's options say otherwise. The server's clock stands still during a step. */
export async function newScene<S extends Stack = Stack>(options: SceneOptions<S> = {}): Promise<Scene<S>> {
  if (!existsSync(join(repository, "dist"))) throw new Error("There is no dist/: run `npm run build` first.");
  const clock = testClock();
  const github = await startGitHub({
    attested: "all",
    orgs: ["acme", "globex"],
    now: clock.now,
    ...options.server,
  });
  toEnd.push(() => github.close());
  const stack = stackOf(options, github);
  toEnd.push(() => stack.remove());

  let current: Declaration[] = [];
  const run = (operation: Operation, declarations = current, stepOptions: StepOptions = {}) => {
    current = declarations;
    // GitHub's times have whole seconds, and starting Pulumi alone takes longer than one.
    clock.advance(2_000);
    return runStep(operation, { github, stack }, current, stepOptions);
  };
  return {
    github,
    stack,
    preview: (...args) => run("preview", ...args),
    up: (...args) => run("up", ...args),
    refresh: (options) => run("refresh", current, options),
    destroy: (options) => run("destroy", current, options),
    records: () => github.deploymentRecords().map(toStored).sort(byDeployment),
    foreignWrite({ org, ...body }) {
      clock.advance(60_000);
      github.writeDeployment(org, body satisfies DeploymentBody);
    },
  };
}

function stackOf<S extends Stack>(options: SceneOptions<S>, github: GitHub): S {
  // No login of this machine's user is seen: `gh` keeps it there.
  const home = mkdtempSync(join(tmpdir(), "acceptance-home-"));
  toEnd.push(() => rmSync(home, { recursive: true, force: true }));
  const start = options.newStack ?? (newStack as (options: StackOptions) => S);
  return start({
    projectDir: resolve(programs, options.program ?? "records"),
    stack: options.stack,
    env: {
      HOME: home,
      GITHUB_API_URL: github.url,
      GITHUB_TOKEN: github.token,
      GITHUB_OWNER: "acme",
      ...options.env,
    },
    config: options.config,
    secretConfig: options.secretConfig,
  });
}

async function runStep(
  operation: Operation,
  { github, stack }: { github: GitHub; stack: Stack },
  resources: Declaration[],
  { outputs = {}, exitCode = 0, env, ...options }: StepOptions,
): Promise<Step> {
  const before = github.requests.length;
  const DECLARATIONS = JSON.stringify({ resources, outputs });
  const result = await stack[operation]({ ...options, env: { DECLARATIONS, ...env } });
  if (result.exitCode !== exitCode)
    throw new Error(`${operation} ended with exit code ${result.exitCode}:\n${result.output}`);
  if (github.violations.length > 0) throw new Error(JSON.stringify(github.violations, undefined, 2));
  const requests = github.requests.slice(before);
  return {
    ...result,
    requests,
    writes: requests.filter(({ method }) => method !== "GET").length,
    written: requests.reduce((count, { body }) => count + recordsIn(body), 0),
    plan: planOf(result),
    warnings: messagesOf(result, "warning"),
    errors: messagesOf(result, "error"),
  };
}

/** Single records that are written at once may travel together. */
const recordsIn = (body: unknown): number =>
  body === undefined ? 0 : ((body as { deployments?: object[] }).deployments?.length ?? 1);

function planOf({ steps }: RunResult): string[] {
  return steps
    .filter(({ type }) => type !== "pulumi:pulumi:Stack")
    .map(({ op, urn }) => ({ op, name: urn.slice(urn.lastIndexOf("::") + 2) }))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
    .map(({ op, name }) => `${op} ${name}`);
}

function messagesOf({ events }: RunResult, severity: "warning" | "error"): string[] {
  return events.flatMap(({ diagnosticEvent }) =>
    diagnosticEvent?.severity === severity ? [diagnosticEvent.message] : [],
  );
}

const byDeployment = (a: Stored, b: Stored) => (a.deployment_name < b.deployment_name ? -1 : 1);
