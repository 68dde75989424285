/** The provider of ChainloopDeployment in this process and the local Chainloop that it talks to; both end with the test. */
import type * as pulumi from "@pulumi/pulumi";
import { startChainloop } from "../../local/chainloop";
import type { Chainloop, ChainloopOptions, DeploymentBody } from "../../local/chainloop";
import { testClock } from "../../local/github";
import type { TestClock } from "../../local/github";
import { chainloopDeploymentProvider } from "../../provider/chainloop-deployment";
import type { Inputs, Outputs } from "../../provider/chainloop-deployment";
import { chainloopIdentity } from "../../provider/chainloop-deployment/identity";
import { createRunContext } from "../../provider/create-run-context";
import type { RunContext } from "../../provider/lifecycle/run-context";
import type { Environment } from "../../provider/config/github";
import { configOf, DIGEST } from "./provider";
import type { HostTime } from "./sets";

/** One run of Pulumi: a host of its own. */
export interface Run {
  provider: Required<pulumi.dynamic.ResourceProvider<Inputs, Outputs>>;
  host: RunContext;
  warnings: string[];
  infos: string[];
}

export interface Scene extends Run {
  chainloop: Chainloop;
  clock: TestClock;
  /** Another run, or another stack: a host that knows nothing of this one. */
  another: (config?: Record<string, string>) => Run;
}

const servers: Chainloop[] = [];
/** Whatever a test does, nothing that the product sends breaks what Chainloop documents. */
afterEach(async () => {
  const ended = servers.splice(0);
  await Promise.all(ended.map((server) => server.close()));
  jest.restoreAllMocks();
  expect(ended.flatMap(({ violations }) => violations)).toEqual([]);
});

/** Short names: `chainloopToken` for `artifact-metadata:chainloopToken`. */
export function newRun(config: Record<string, string>, environment: Environment = {}, time?: HostTime): Run {
  const [warnings, infos]: [string[], string[]] = [[], []];
  const host = createRunContext({
    environment,
    warn: (message) => void warnings.push(message),
    info: (message) => void infos.push(message),
    sleep: (milliseconds, signal) => time?.sleep?.(milliseconds, signal) ?? Promise.resolve(),
    now: time?.now,
    interruption: time?.interruption,
  });
  const long = Object.entries(config).map(([key, value]) => [`artifact-metadata:${key}`, value]);
  host.configure(configOf(Object.fromEntries(long) as Record<string, string>));
  return { provider: chainloopDeploymentProvider(host) as Run["provider"], host, warnings, infos };
}

export interface SceneOptions {
  server?: ChainloopOptions;
  config?: Record<string, string>;
  time?: HostTime;
}

export async function newScene({ server = {}, config = {}, time }: SceneOptions = {}): Promise<Scene> {
  const clock = testClock();
  const chainloop = await startChainloop({ now: clock.now, ...server });
  servers.push(chainloop);
  const settings = { chainloopToken: chainloop.token, chainloopUrl: chainloop.url, ...config };
  const another = (more: Record<string, string> = {}) => newRun({ ...settings, ...more }, {}, time);
  return { ...another(), chainloop, clock, another };
}

export const inputs = (more: Partial<Inputs> = {}): Inputs => ({
  environmentName: "production",
  deploymentName: "shop-web-web",
  kind: "CONTAINER_IMAGE",
  artifactName: "ghcr.io/acme/web",
  artifactVersion: "1.4.2",
  artifactDigest: DIGEST,
  status: "DEPLOYED",
  ...more,
});

/** The same, as another writer would write it. */
export const body = (more: Partial<DeploymentBody> = {}): DeploymentBody => ({
  environment_name: "production",
  artifact_digest: DIGEST,
  kind: "CONTAINER_IMAGE",
  artifact_name: "ghcr.io/acme/web",
  artifact_version: "1.4.2",
  status: "DEPLOYED",
  deployment_name: "shop-web-web",
  ...more,
});

export interface Saved {
  id: string;
  outs: Outputs;
}

/** What Pulumi does: check first, then create. */
export async function create({ provider }: Run, given: Inputs = inputs()): Promise<Saved> {
  const { inputs: news, failures } = await provider.check({} as Inputs, given);
  expect(failures).toEqual([]);
  const { id, outs } = await provider.create(news as Inputs);
  expect(id).toBe(chainloopIdentity.format(given));
  return { id, outs: outs as Outputs };
}

export async function update({ provider }: Run, saved: Saved, given: Inputs): Promise<Saved> {
  const { outs } = await provider.update(saved.id, saved.outs, given);
  return { id: saved.id, outs: outs as Outputs };
}

export async function refresh({ provider }: Run, saved: Saved) {
  const { id, props, inputs: read } = await provider.read(saved.id, saved.outs);
  if (id === undefined) throw new Error("the resource is gone");
  return { id, outs: props as Outputs, inputs: read as unknown as Inputs };
}

export const remove = ({ provider }: Run, { id, outs }: Saved) => provider.delete(id, outs);

export const isChanged = async ({ provider }: Run, { id, outs }: Saved, news: Inputs) =>
  (await provider.diff(id, outs, news)).changes;

/** Another writer's change, a second later. */
export function foreignWrite({ chainloop, clock }: Scene, more: Partial<DeploymentBody> = {}): void {
  clock.advance(1_000);
  chainloop.writeDeployment(body(more));
}

/** `POST /v1/deployments` of each request, in order. */
export const requestsOf = ({ chainloop }: Scene) =>
  chainloop.requests.map(({ method, path }) => `${method} ${path}`);

export const bodiesOf = ({ chainloop }: Scene) =>
  chainloop.requests.filter(({ method }) => method === "POST").map((request) => request.body);

/** `a1a1 DEPLOYED`, in the order in which they were first written. */
export const statusesOf = ({ chainloop }: Scene) =>
  chainloop.deployments().map(({ artifact, status }) => `${artifact.digest.slice(7, 11)} ${status}`);
