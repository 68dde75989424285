/** A provider in this process and the local GitHub server that it talks to; both end with the test. */
import { startGitHub, testClock } from "../../local/github";
import type { GitHub, GitHubOptions, RequestLog, TestClock } from "../../local/github";
import { deploymentIdentity } from "../../provider/deployment-record/identity";
import type { Inputs, Outputs } from "../../provider/deployment-record";
import { newProvider } from "./provider";
import type { TestProvider } from "./provider";

export interface Scene extends TestProvider {
  github: GitHub;
  /** The server's clock: it stands still until the test moves it. */
  clock: TestClock;
  /** Another run, or another stack: a provider that knows nothing of this one. */
  another(config?: Record<string, string>): Promise<TestProvider>;
}

export interface SceneOptions {
  server?: GitHubOptions;
  /** Short names: `token` for `artifact-metadata:token`. */
  config?: Record<string, string>;
}

const servers: GitHub[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
  jest.restoreAllMocks();
});

const longNames = (config: Record<string, string>) =>
  Object.fromEntries(Object.entries(config).map(([key, value]) => [`artifact-metadata:${key}`, value]));

/** Every digest is attested, unless the server's options say otherwise. */
export async function newScene({ server = {}, config = {} }: SceneOptions = {}): Promise<Scene> {
  const clock = testClock();
  const github = await startGitHub({ attested: "all", now: clock.now, ...server });
  servers.push(github);
  const another = (more: Record<string, string> = {}) =>
    newProvider(longNames({ token: github.token, baseUrl: github.url, ...config, ...more }));
  return { ...(await another()), github, clock, another };
}

/** `POST /orgs/…` of each request, in order. */
export const requestsOf = (github: GitHub) => github.requests.map(({ method, path }) => `${method} ${path}`);

export const bodiesOf = (github: GitHub, method = "POST") =>
  github.requests.filter((request) => request.method === method).map(({ body }) => body);

export function lastRequest(github: GitHub): RequestLog {
  const last = github.requests.at(-1);
  if (!last) throw new Error("there was no request");
  return last;
}

export const WRITE = "POST /orgs/acme/artifacts/metadata/deployment-record";
export const listOf = (digest: string, org = "acme") =>
  `GET /orgs/${org}/artifacts/${encodeURIComponent(digest)}/metadata/deployment-records`;

export interface Saved {
  id: string;
  outs: Outputs;
}

export async function create({ provider }: TestProvider, inputs: Inputs): Promise<Saved> {
  const { id, outs } = await provider.create(inputs);
  expect(id).toBe(deploymentIdentity.format(inputs));
  return { id, outs: outs as Outputs };
}

export async function update({ provider }: TestProvider, saved: Saved, inputs: Inputs): Promise<Saved> {
  const { outs } = await provider.update(saved.id, saved.outs, inputs);
  return { id: saved.id, outs: outs as Outputs };
}

export async function refresh({ provider }: TestProvider, saved: Saved) {
  const { id, props, inputs } = await provider.read(saved.id, saved.outs);
  if (id === undefined) throw new Error("the resource is gone");
  return { id, outs: props as Outputs, inputs: inputs as Inputs };
}

/** The error that is thrown, whatever it is. */
export const failureOf = (work: Promise<unknown>): Promise<Error> =>
  work.then(
    () => {
      throw new Error("nothing was thrown");
    },
    (error: Error) => error,
  );

/** Pauses between tries are short: what is tested is that, and how often, it is tried again. */
export const withoutPauses = () => void jest.spyOn(Math, "random").mockReturnValue(0.001);
