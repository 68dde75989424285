/** States as `pulumi stack export` writes them. */
import { run } from "./support";
import { digest, fleet, libfoo, onChainloop, urnOf, web } from "./support";

export const SIGIL = {
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  ciphertext: "v1:hunter2",
};

const dynamic = "pulumi-nodejs:dynamic/artifact-metadata:";

export interface ResourceOptions {
  id?: string;
  name?: string;
  outputs?: object;
  more?: object;
}

/** A resource whose outputs are its inputs, as they are saved today. */
export const resource = (type: string, inputs: object, of: ResourceOptions = {}): object => ({
  urn: urnOf(type, of.name ?? "web"),
  custom: true,
  id: of.id ?? "",
  type: `${dynamic}${type}`,
  inputs,
  outputs: { ...inputs, ...of.outputs },
  ...of.more,
});

export const state = (...resources: object[]): { version: number; deployment: object } => ({
  version: 3,
  deployment: {
    manifest: { time: "2026-01-01T00:00:00Z", magic: "", version: "" },
    resources: [
      {
        urn: "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev",
        custom: false,
        type: "pulumi:pulumi:Stack",
      },
      ...resources,
    ],
  },
});

export const record = (more: object = {}, of: ResourceOptions = {}): object =>
  resource("DeploymentRecord", { ...web, ...more }, of);

export const set = (deployments: unknown, of: ResourceOptions = {}): object =>
  resource("ClusterDeploymentSet", { ...fleet, deployments }, { name: "fleet", ...of });

export const stored = (more: object = {}): object =>
  resource("StorageRecord", { ...libfoo, ...more }, { name: "libfoo" });

export const chainloop = (more: object = {}): object =>
  resource("ChainloopDeployment", { ...onChainloop, ...more }, { name: "on-chainloop" });

/** Standard output of `report`, which must succeed. */
export async function report(states: object | object[], ...args: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await run(["report", ...args], JSON.stringify(states));
  if (exitCode !== 0 || stderr !== "") throw new Error(`exit code ${exitCode}: ${stderr}`);
  return stdout;
}

export const records = async (states: object, ...args: string[]): Promise<Record<string, unknown>[]> =>
  (JSON.parse(await report(states, "--format", "json", ...args)) as { records: Record<string, unknown>[] })
    .records;

export { digest };
