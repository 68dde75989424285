/** The command in this process, and previews to give it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "../../cli/command";
import { summaryOf } from "../../cli/summary";
import type { Change } from "../../cli/summary/types";

export const fixture = (name: string): string => join(__dirname, "fixtures", `${name}.json`);

export const contentOf = (name: string): Buffer => readFileSync(fixture(name));

export interface Ran {
  exitCode: number;
  stdout: string;
  stderr: string;
}

export async function run(
  args: string[],
  stdin: string | Uint8Array = "",
  env: Record<string, string> = {},
): Promise<Ran> {
  const ran: Ran = { exitCode: 0, stdout: "", stderr: "" };
  async function* input() {
    yield Buffer.from(stdin);
  }
  const to = (stream: "stdout" | "stderr") => ({ write: (text: string) => (ran[stream] += text) });
  const streams = { stdin: input(), stdout: to("stdout"), stderr: to("stderr") };
  ran.exitCode = await runCommand(args, { ...streams, env, sleep: async () => undefined });
  return ran;
}

/** Standard output of `summary`, which must succeed. */
export async function summary(preview: object | string, ...args: string[]): Promise<string> {
  const stdin = typeof preview === "string" ? preview : JSON.stringify(preview);
  const { exitCode, stdout, stderr } = await run(["summary", ...args], stdin);
  if (exitCode !== 0 || stderr !== "") throw new Error(`exit code ${exitCode}: ${stderr}`);
  return stdout;
}

export const changesIn = (preview: object): Change[] =>
  summaryOf(Buffer.from(JSON.stringify(preview)), "the preview").changes;

/** `DeploymentRecord web: deployed` */
export const outcomes = (preview: object): string[] =>
  changesIn(preview).map(({ name, action }) => `${String(name)}: ${action}`);

const dynamic = "pulumi-nodejs:dynamic/artifact-metadata:";

export const urnOf = (type: string, name: string): string =>
  `urn:pulumi:dev::shop::${dynamic}${type}::${name}`;

export const digest = (letter: string): string => `sha256:${letter.repeat(64)}`;

export const web = {
  org: "acme",
  logicalEnvironment: "production",
  physicalEnvironment: "eu-west-1",
  cluster: "prod-eu",
  deploymentName: "shop-web-web",
  name: "ghcr.io/acme/web",
  version: "1.4.1",
  digest: digest("a"),
  status: "deployed",
};

export const fleet = {
  ...{ org: "acme", logicalEnvironment: "production", physicalEnvironment: "eu-west-1", cluster: "prod-eu" },
  deployments: {
    "shop-web-web": { name: web.name, version: web.version, digest: web.digest, status: "deployed" },
  },
};

export const libfoo = {
  ...{
    org: "acme",
    name: "libfoo",
    digest: digest("f"),
    registryUrl: "https://reg.example.com",
    repository: "libs",
  },
  ...{ version: "1.0.0", status: "active", onDelete: "deleted" },
};

export const onChainloop = {
  ...{ environmentName: "production", deploymentName: "shop-web", kind: "CONTAINER_IMAGE" },
  ...{ artifactName: "ghcr.io/acme/web", artifactVersion: "1.4.1", artifactDigest: digest("a") },
};

interface StepOptions {
  type?: string;
  name?: string;
  old?: object;
  new?: object;
  /** Of the old state. */
  state?: object;
}

/** A step as Pulumi writes it; the old state has outputs without the identity, as the provider leaves them. */
export function step(op: string, { type = "DeploymentRecord", name = "web", ...of }: StepOptions): object {
  const urn = urnOf(type, name);
  const state = { urn, custom: true, type: `${dynamic}${type}` };
  return {
    op,
    urn,
    ...(of.old && { oldState: { ...state, inputs: of.old, outputs: outputsOf(of.old), ...of.state } }),
    ...(of.new && { newState: { ...state, inputs: of.new } }),
    detailedDiff: null,
  };
}

const identity = [
  ...["org", "logicalEnvironment", "physicalEnvironment", "cluster", "deploymentName"],
  ...["environmentName", "kind"],
];

const outputsOf = (inputs: object): object =>
  Object.fromEntries(Object.entries(inputs).filter(([field]) => !identity.includes(field)));

export const preview = (...steps: object[]): object => ({ steps, duration: 1, changeSummary: {} });
