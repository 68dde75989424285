/** The providers of sets, single and storage records in one host, with the local GitHub server that they talk to. */
import type * as pulumi from "@pulumi/pulumi";
import { startGitHub, testClock } from "../../local/github";
import type { DeploymentBody, GitHub, GitHubOptions, RequestLog, TestClock } from "../../local/github";
import { clusterDeploymentSetProvider } from "../../provider/cluster-deployment-set";
import type { Inputs as SetInputs, Outputs as SetOutputs } from "../../provider/cluster-deployment-set";
import { deploymentRecordProvider } from "../../provider/deployment-record";
import type { Inputs as RecordInputs, Outputs as RecordOutputs } from "../../provider/deployment-record";
import type { Deployment } from "../../provider/github/wire";
import { createRunContext } from "../../provider/create-run-context";
import type { RunContextOptions } from "../../provider/create-run-context";
import { storageRecordProvider } from "../../provider/storage-record";
import type { Inputs as StorageInputs, Outputs as StorageOutputs } from "../../provider/storage-record";
import { configOf } from "./provider";

type Whole<I, O> = Required<pulumi.dynamic.ResourceProvider<I, O>>;

/** One run of Pulumi: a host of its own. */
export interface Run {
  set: Whole<SetInputs, SetOutputs>;
  record: Whole<RecordInputs, RecordOutputs>;
  storage: Whole<StorageInputs, StorageOutputs>;
  warnings: string[];
  infos: string[];
  /** The pauses it made, in milliseconds: none of them takes time. */
  pauses: number[];
}

export interface SetScene extends Run {
  github: GitHub;
  clock: TestClock;
  /** Another run, or another stack: a host that knows nothing of this one. */
  another: (config?: Record<string, string>) => Run;
}

const servers: GitHub[] = [];
/** Whatever a test does, nothing that the product sends breaks GitHub's description. */
afterEach(async () => {
  const ended = servers.splice(0);
  await Promise.all(ended.map((server) => server.close()));
  jest.restoreAllMocks();
  expect(ended.flatMap(({ violations }) => violations)).toEqual([]);
});

/** The host's own time; without one it is the machine's, and pauses take none. And what ends it. */
export type HostTime = Pick<RunContextOptions, "now" | "sleep" | "interruption">;

function newRun(config: Record<string, string>, time?: HostTime): Run {
  const [warnings, infos, pauses]: [string[], string[], number[]] = [[], [], []];
  const host = createRunContext({
    environment: {},
    warn: (message) => void warnings.push(message),
    info: (message) => void infos.push(message),
    sleep: (milliseconds, signal) => {
      pauses.push(milliseconds);
      return time?.sleep?.(milliseconds, signal) ?? Promise.resolve();
    },
    now: time?.now,
    interruption: time?.interruption,
  });
  host.configure(
    configOf(
      Object.fromEntries(Object.entries(config).map(([key, value]) => [`artifact-metadata:${key}`, value])),
    ),
  );
  return {
    set: clusterDeploymentSetProvider(host) as Run["set"],
    record: deploymentRecordProvider(host) as Run["record"],
    storage: storageRecordProvider(host) as Run["storage"],
    ...{ warnings, infos, pauses },
  };
}

/** Every digest is attested, unless the server's options say otherwise. */
export async function newSetScene(
  server: GitHubOptions = {},
  config: Record<string, string> = {},
  time?: HostTime,
): Promise<SetScene> {
  const clock = testClock();
  const github = await startGitHub({ attested: "all", now: clock.now, ...server });
  servers.push(github);
  const another = (more: Record<string, string> = {}) =>
    newRun({ token: github.token, baseUrl: github.url, ...config, ...more }, time);
  return { ...another(), github, clock, another };
}

export const digestAt = (index: number) => `sha256:${index.toString(16).padStart(64, "0")}`;
export const nameAt = (index: number) => `shop-web-${index}`;

/** A deployment with an artifact of its own. */
export const deploymentAt = (index: number, more: Partial<Deployment> = {}): Deployment => ({
  name: `ghcr.io/acme/web-${index}`,
  digest: digestAt(index),
  version: "1.0.0",
  status: "deployed",
  ...more,
});

export function deployments(count: number, more: Partial<Deployment> = {}): Record<string, Deployment> {
  const indices = Array.from({ length: count }, (_, index) => index);
  return Object.fromEntries(indices.map((index) => [nameAt(index), deploymentAt(index, more)]));
}

export const ID = "acme/production/eu-west-1/prod-eu";
export const CLUSTER = "POST /orgs/acme/artifacts/metadata/deployment-record/cluster/prod-eu";

export const setOf = (entries: Record<string, Deployment>, more: Partial<SetInputs> = {}): SetInputs => ({
  org: "acme",
  logicalEnvironment: "production",
  physicalEnvironment: "eu-west-1",
  cluster: "prod-eu",
  deployments: entries,
  ...more,
});

export const without = <T>(entries: Record<string, T>, ...names: string[]): Record<string, T> =>
  Object.fromEntries(Object.entries(entries).filter(([name]) => !names.includes(name)));

export async function createSet({ set }: Run, inputs: SetInputs): Promise<SetOutputs> {
  const { id, outs } = await set.create(inputs);
  expect(id).toBe(ID);
  return outs as SetOutputs;
}

export const updateSet = async ({ set }: Run, olds: SetOutputs, inputs: SetInputs) =>
  (await set.update(ID, olds, inputs)).outs as SetOutputs;

export async function refreshSet({ set }: Run, olds: SetOutputs) {
  const { props, inputs } = await set.read(ID, olds);
  return { outs: props as SetOutputs, inputs: inputs as unknown as SetInputs };
}

export const isChanged = async ({ set }: Run, olds: SetOutputs, inputs: SetInputs) =>
  (await set.diff(ID, olds, inputs)).changes;

/** What Pulumi saves of a resource that was written in part. */
export interface Partly extends Error {
  id?: string;
  properties?: SetOutputs & { __provider?: string };
  reasons?: string[];
}

export const failureOf = (work: Promise<unknown>): Promise<Partly> =>
  work.then(
    () => {
      throw new Error("nothing was thrown");
    },
    (error: Partly) => error,
  );

/** `POST …/cluster/prod-eu 3`: each write, with the number of its entries. */
export function writesOf({ requests }: GitHub): string[] {
  return requests
    .filter(({ method }) => method === "POST")
    .map((request) => `${request.method} ${request.path} ${entriesOf(request).length}`);
}

interface Entry {
  deployment_name: string;
  status: string;
  digest: string;
  version?: string;
}

export const entriesOf = ({ body }: RequestLog): Entry[] =>
  (body as unknown as { deployments?: Entry[] }).deployments ?? [];

export function lastEntries({ requests }: GitHub): Entry[] {
  const last = requests.filter(({ method }) => method === "POST").at(-1);
  return last ? entriesOf(last) : [];
}

/** `shop-web-0 deployed`, in the order of the names. */
export const statusesOf = (github: GitHub): string[] =>
  github.deploymentRecords().map(({ deployment_name, status }) => `${deployment_name} ${status}`);

const place = { logical_environment: "production", physical_environment: "eu-west-1", cluster: "prod-eu" };

/** Another writer's change, a second later. */
export function foreignWrite(
  { github, clock }: SetScene,
  index: number,
  more: Partial<DeploymentBody> = {},
): void {
  clock.advance(1_000);
  const { name, digest, status } = deploymentAt(index);
  github.writeDeployment("acme", { ...place, name, digest, status, deployment_name: nameAt(index), ...more });
}

export const reads = ({ github }: SetScene) =>
  github.requests.filter(({ method }) => method === "GET").length;
