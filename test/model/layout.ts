/** What the programs of two stacks declare: a few records that move about, so that they meet. */
import type { ChainloopDeployment } from "../../provider/chainloop/deployments";
import type { Deployment } from "../../provider/github/wire";
import type { StorageStatus } from "../../provider/github/wire";
import { secret } from "../../local/engine/core/values";
import { compact } from "../../provider/runtime/values";
import { artifact } from "./artifacts";
import { chainloopKeyOf, chainloopOf } from "./chainloop-layout";
import type { PlacedChainloop } from "./chainloop-layout";

export const ORG = "acme";
export interface Place {
  logicalEnvironment: string;
  physicalEnvironment?: string;
  cluster?: string;
}

/** Those of a set come first. */
export const PLACES: [Place & { cluster: string }, Place & { cluster: string }, Place] = [
  { logicalEnvironment: "production", physicalEnvironment: "eu", cluster: "prod" },
  { logicalEnvironment: "production", cluster: "prod" },
  { logicalEnvironment: "staging" },
];

export const RECORDS: { place: 0 | 1 | 2; deploymentName: string }[] = [
  { place: 0, deploymentName: "web" },
  { place: 0, deploymentName: "api" },
  { place: 0, deploymentName: "shop/a%2Fb c" },
  { place: 0, deploymentName: "job" },
  { place: 1, deploymentName: "web" },
  { place: 2, deploymentName: "web" },
];

export const STACKS = ["one", "two"] as const;
export type StackName = (typeof STACKS)[number];
export const SINGLES = ["a", "b", "c", "d"] as const;
export const SETS = ["x", "y"] as const;
export const TAGS: (Record<string, string> | undefined)[] = [
  undefined,
  { team: "shop" },
  { team: "ops", tier: "1" },
];
export const RISKS: Deployment["runtimeRisks"][] = [
  undefined,
  ["internet-exposed"],
  ["sensitive-data", "internet-exposed"],
];

/** In every secret of the model, and in nothing else. */
export const HIDDEN = "hidden";

export interface Content {
  artifact: number;
  status: Deployment["status"];
  tags: number;
  risks: number;
}

/** Where a record is declared, and as what. */
export interface Placed extends Content {
  stack: StackName;
  in: (typeof SINGLES)[number] | (typeof SETS)[number];
  org: "acme" | "Acme";
  /** Its tags are a secret, with a value that no plain tag has. */
  secret?: boolean;
}

export interface PlacedStorage {
  stack: StackName;
  in: string;
  status: StorageStatus;
  onDelete: "deleted" | "eol";
}

/** How Pulumi treats a resource. */
export interface Options {
  dependsOn?: string;
  deleteBeforeReplace?: boolean;
  /** Another instance of the provider, which is a process of its own. */
  provider?: "q";
  /** Made in an `apply`, so that those that were checked before it are not told what it declares. */
  isLate?: boolean;
  /** `ignoreChanges`: all (`*`), a set's `deployments`, or properties; of a set, those of each of its deployments. */
  ignores?: string[];
}

/** What is not ours, and what other resources can depend on. */
export const OTHER = "other";
export const NAMES = [...SINGLES, ...SETS, OTHER] as const;

/** Absent: declared nowhere. */
export interface Layout {
  records: Record<number, Placed | undefined>;
  storage: Record<number, PlacedStorage | undefined>;
  chainloop: Record<number, PlacedChainloop | undefined>;
  /** The place of a set; what is elsewhere cannot be in it. */
  sets: Record<(typeof SETS)[number], 0 | 1>;
  /** By the resource's name. */
  options: Record<string, Options>;
  /** Of what is not ours. */
  version: number;
}

export const emptyLayout = (): Layout => ({
  ...{ records: {}, storage: {}, chainloop: {} },
  sets: { x: 0, y: 0 },
  ...{ options: {}, version: 0 },
});

export interface Declared {
  kind: "DeploymentRecord" | "ClusterDeploymentSet" | "StorageRecord" | "ChainloopDeployment" | "Other";
  name: string;
  inputs: object;
  options?: Options;
}

export const kindOf = (name: string): Declared["kind"] =>
  isSet(name) ? "ClusterDeploymentSet" : name === OTHER ? "Other" : "DeploymentRecord";

export interface Program {
  resources: Declared[];
  /** By the key of the record. */
  records: Map<string, Deployment>;
  storage: Map<string, PlacedStorage>;
  chainloop: Map<string, ChainloopDeployment>;
  /** Records whose resource, by name, ignores some of what the program says of them. */
  ignoring: Map<string, string>;
  /** By the key of the record, the resource that declares it. */
  holders: Map<string, string>;
}

export const isSet = (name: string): name is (typeof SETS)[number] =>
  (SETS as readonly string[]).includes(name);

export function keyOf(index: number): string {
  const { place, deploymentName } = RECORDS[index] as (typeof RECORDS)[number];
  const { logicalEnvironment, physicalEnvironment, cluster } = PLACES[place];
  return JSON.stringify([logicalEnvironment, physicalEnvironment ?? null, cluster ?? null, deploymentName]);
}

/** In GitHub's words. */
export function environmentsOf(index: number) {
  const { place, deploymentName } = RECORDS[index] as (typeof RECORDS)[number];
  const { logicalEnvironment, physicalEnvironment, cluster } = PLACES[place];
  return {
    deploymentName,
    ...compact({
      logical_environment: logicalEnvironment,
      physical_environment: physicalEnvironment,
      cluster,
    }),
  };
}

type Declarable = Content & Pick<Placed, "secret">;

export const contentOf = ({
  artifact: index,
  status,
  tags,
  risks,
  secret: isSecret,
}: Declarable): Deployment =>
  compact({
    ...artifact(index),
    status,
    tags: isSecret ? { team: `${HIDDEN}-${tags}` } : TAGS[tags],
    runtimeRisks: RISKS[risks],
  });

/** As the program gives it to Pulumi. */
function inputsOf(placed: Placed): object {
  const content = contentOf(placed);
  return placed.secret ? { ...content, tags: secret(content.tags as Record<string, string>) } : content;
}

/** Two records cannot be in one resource of their own, nor in a set of another place: the later one is left out. */
export function programOf(layout: Layout, stack: StackName): Program {
  const program: Program = {
    resources: [],
    records: new Map(),
    storage: new Map(),
    chainloop: new Map(),
    ignoring: new Map(),
    holders: new Map(),
  };
  const byName = new Map<string, Declared>();
  for (const [index, placed] of entriesOf(layout.records)) {
    if (placed.stack !== stack) continue;
    const added = isSet(placed.in)
      ? addToSet(byName, layout, index, placed, placed.in)
      : addSingle(byName, index, placed);
    if (added) program.records.set(keyOf(index), contentOf(placed));
    if (added) program.holders.set(keyOf(index), placed.in);
    if (added && layout.options[placed.in]?.ignores?.length) program.ignoring.set(keyOf(index), placed.in);
  }
  for (const [index, placed] of entriesOf(layout.storage)) {
    if (placed.stack !== stack || byName.has(`storage-${placed.in}`)) continue;
    const { status, onDelete } = placed;
    const inputs = compact({ org: ORG, ...STORAGE[index], status, onDelete });
    byName.set(`storage-${placed.in}`, { kind: "StorageRecord", name: `storage-${placed.in}`, inputs });
    program.storage.set(storageKeyOf(index), placed);
  }
  for (const [index, placed] of entriesOf(layout.chainloop)) {
    const name = `chainloop-${placed.in}`;
    if (placed.stack !== stack || byName.has(name)) continue;
    const inputs = chainloopOf(index, placed.artifact);
    byName.set(name, { kind: "ChainloopDeployment", name, inputs });
    program.chainloop.set(chainloopKeyOf(inputs), inputs);
  }
  byName.set(OTHER, { kind: "Other", name: OTHER, inputs: { version: layout.version } });
  program.resources = [...byName.values()].map((one) => ({ ...one, options: layout.options[one.name] }));
  return program;
}

const entriesOf = <T>(map: Record<number, T | undefined>): [number, T][] =>
  Object.entries(map).flatMap(([index, placed]) => (placed ? [[Number(index), placed]] : []));

function addSingle(byName: Map<string, Declared>, index: number, placed: Placed): boolean {
  if (byName.has(placed.in)) return false;
  const { place, deploymentName } = RECORDS[index] as (typeof RECORDS)[number];
  const inputs = { org: placed.org, ...PLACES[place], deploymentName, ...inputsOf(placed) };
  byName.set(placed.in, { kind: "DeploymentRecord", name: placed.in, inputs });
  return true;
}

function addToSet(
  byName: Map<string, Declared>,
  { sets }: Layout,
  index: number,
  placed: Placed,
  name: (typeof SETS)[number],
): boolean {
  const { place, deploymentName } = RECORDS[index] as (typeof RECORDS)[number];
  if (place !== sets[name]) return false;
  const known = byName.get(name) as { inputs: { deployments: object } } | undefined;
  const deployments = { ...known?.inputs.deployments, [deploymentName]: inputsOf(placed) };
  byName.set(name, {
    kind: "ClusterDeploymentSet",
    name,
    inputs: { org: placed.org, ...PLACES[place], deployments },
  });
  return true;
}

const storageArtifact = { ...artifact(0), registryUrl: "https://ghcr.io" };
export const STORAGE: {
  name: string;
  version?: string;
  digest: string;
  registryUrl: string;
  repository?: string;
  path?: string;
}[] = [
  compact(storageArtifact),
  compact({ ...storageArtifact, repository: "shop" }),
  compact({ ...storageArtifact, ...artifact(2), path: "com/acme/web.jar" }),
];

export function storageKeyOf(index: number): string {
  const { name, digest, registryUrl, repository, path } = STORAGE[index] as (typeof STORAGE)[number];
  return JSON.stringify([digest, registryUrl, repository ?? null, path ?? null, name]);
}

/** As a message names the record of this key. */
export function wordsOf(key: string): string {
  const parts = JSON.parse(key) as (string | null)[];
  const [place, name] = parts.length === 3 ? [[parts[0], parts[2]], parts[1]] : [parts.slice(0, 3), parts[3]];
  return `"${name}" (${place.filter(Boolean).join(", ")})`;
}
