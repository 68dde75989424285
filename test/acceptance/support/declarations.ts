/** What a program of a test declares, and what the server keeps of it. */
import { createHash } from "node:crypto";
import type { DeploymentSnapshot } from "../../../local/github";

/** Stands for a value that JSON cannot say: a secret, or (of another resource) an output, or a digest made of one. */
export type Special = { $secret: unknown } | { $output: string } | { $digest: string };

export interface Args {
  org?: string;
  name: string;
  digest: string | Special;
  version?: string | Special;
  status?: string;
  logicalEnvironment: string;
  physicalEnvironment?: string;
  cluster?: string;
  deploymentName: string;
  tags?: Record<string, unknown> | Special;
  runtimeRisks?: string[];
  githubRepository?: string;
}

export interface Options {
  /** Names of resources that are declared before. */
  parent?: string;
  dependsOn?: string[];
  protect?: boolean;
  retainOnDelete?: boolean;
  deleteBeforeReplace?: boolean;
  ignoreChanges?: string[];
  aliases?: (string | { name?: string; parent?: string })[];
}

export interface Declaration {
  name: string;
  options?: Options;
  args?: Args;
  get?: { id: string; state: object };
  component?: true;
}

export interface RecordDeclaration extends Declaration {
  args: Args;
}

export const digestOf = (text: string): string => `sha256:${createHash("sha256").update(text).digest("hex")}`;

/** A record with what most records have, and what the test is about. Each has an artifact of its own. */
export function record(name: string, more: Partial<Args> = {}, options?: Options): RecordDeclaration {
  const args = {
    name: `ghcr.io/acme/${name}`,
    digest: digestOf(name),
    version: "1.0.0",
    logicalEnvironment: "production",
    physicalEnvironment: "eu-west-1",
    cluster: "prod-eu",
    deploymentName: `shop-${name}`,
    ...more,
  };
  return { name, args, options };
}

export function changed(declaration: RecordDeclaration, more: Partial<Args>): RecordDeclaration {
  return { ...declaration, args: { ...declaration.args, ...more } };
}

export const component = (name: string, options?: Options): Declaration => ({
  name,
  component: true,
  options,
});

export const urnOf = (name: string): string =>
  `urn:pulumi:dev::shop::pulumi-nodejs:dynamic/artifact-metadata:DeploymentRecord::${name}`;

export const idOf = ({ args }: RecordDeclaration): string =>
  [args.org ?? "acme", args.logicalEnvironment, args.physicalEnvironment, args.cluster, args.deploymentName]
    .map((part) => part ?? "")
    .join("/");

/** A record of the server, without what the server itself chose. */
export type Stored = Pick<DeploymentSnapshot, (typeof kept)[number]>;

const kept = [
  "org",
  "logical_environment",
  "physical_environment",
  "cluster",
  "deployment_name",
  "name",
  "version",
  "digest",
  "status",
  "tags",
  "runtime_risks",
] as const;

export const toStored = (snapshot: DeploymentSnapshot): Stored =>
  Object.fromEntries(kept.map((field) => [field, snapshot[field]])) as Stored;

/** What the server is to hold of a declaration. */
export function stored({ args }: RecordDeclaration, more: Partial<Stored> = {}): Stored {
  return {
    org: args.org ?? "acme",
    logical_environment: args.logicalEnvironment,
    physical_environment: args.physicalEnvironment,
    cluster: args.cluster,
    deployment_name: args.deploymentName,
    name: args.name,
    version: text(args.version),
    digest: text(args.digest) ?? "",
    status: args.status === "decommissioned" ? "decommissioned" : "deployed",
    tags: (args.tags ?? {}) as Stored["tags"],
    runtime_risks: args.runtimeRisks ?? [],
    ...more,
  };
}

export const decommissioned = (declaration: RecordDeclaration): Stored =>
  stored(declaration, { status: "decommissioned" });

/** Where it is not a text, the test says itself what is to be stored. */
const text = (value: string | Special | undefined) => (typeof value === "string" ? value : undefined);
