/** The errors and warnings that a user may see, as the code says them now; one line each. */
import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import type { FaultOptions, GitHubOptions } from "../../../local/github";
import { deploymentRecordProvider } from "../../../provider/deployment-record";
import { deploymentIdentity } from "../../../provider/deployment-record/identity";
import { hashOf } from "../../../provider/lifecycle/declarations";
import { createRunContext } from "../../../provider/create-run-context";
import { startProxy } from "../../support/proxy";
import { startTls } from "../../support/tls";
import { newAppScene, OTHER_KEY } from "../../support/app";
import { configOf, recordInputs } from "../../support/provider";
import {
  createSet,
  deploymentAt,
  deployments,
  foreignWrite,
  ID,
  nameAt,
  newSetScene,
  setOf,
} from "../../support/sets";
import { chainloopProducers } from "./chainloop-messages";
import { record } from "./kinds";
import { failed, warned } from "./said";
import type { Said } from "./said";
import { timedScene } from "./timed";

/** A create of one record, with this configuration, of a server that has this fault. */
async function create(fault?: FaultOptions, config: Record<string, string> = {}, server: GitHubOptions = {}) {
  const scene = await timedScene(server, config);
  if (fault) scene.github.fault({ ...fault, times: Infinity });
  const errors = await failed(scene.passing(Promise.resolve().then(() => record.create(scene))));
  return [...errors, ...warned(scene.warnings)];
}

const answered = (status: number, message: string, headers: Record<string, string> = {}) =>
  create({ when: "before", do: { status, headers, body: { message } } });

/** A set whose second artifact is not attested, and of whose third the token may not write. */
async function createInPart(config: Record<string, string> = {}): Promise<Said[]> {
  const tokens = { limited: { repositories: { source: "write", closed: "read" } } } as const;
  const attested = [deploymentAt(0).digest];
  const scene = await newSetScene({ attested, tokens }, { token: "limited", ...config });
  const closed = { [nameAt(2)]: deploymentAt(2, { githubRepository: "closed" }) };
  const errors = await failed(createSet(scene, setOf({ ...deployments(2), ...closed })));
  return [...errors, ...warned(scene.warnings)];
}

/** A large set, whose jobs end like this. */
async function createInJobs(plans: ("failed" | "vanished")[], fault?: FaultOptions): Promise<Said[]> {
  const scene = await timedScene();
  for (const outcome of plans) scene.github.planJob({ outcome });
  if (fault) scene.github.fault({ ...fault, times: Infinity });
  return failed(scene.passing(createSet(scene, setOf(deployments(1_001)))));
}

async function createInApp(config: Record<string, string>): Promise<Said[]> {
  const { provider } = await newAppScene({ config });
  return failed(provider.create(recordInputs()));
}

/** A create of one record, with this configuration and environment alone. */
async function createWith(config: Record<string, string>, environment: Record<string, string> = {}) {
  const host = createRunContext({ environment, warn: () => undefined, sleep: async () => undefined });
  host.configure(configOf(config));
  return failed(deploymentRecordProvider(host).create(recordInputs()));
}

/** A create over a proxy that opens no tunnel. */
async function createOverProxy(refuse: string): Promise<Said[]> {
  const { port } = await startProxy(() => 0, refuse);
  return createWith(elsewhere("https://api.acme.test"), { HTTPS_PROXY: `http://127.0.0.1:${port}` });
}

/** A create over a proxy that has gone. */
async function createOverNoProxy(): Promise<Said[]> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return createWith(elsewhere("https://api.acme.test"), { HTTPS_PROXY: `http://127.0.0.1:${port}` });
}

const elsewhere = (baseUrl: string) => ({
  "artifact-metadata:token": "ghp_x",
  "artifact-metadata:baseUrl": baseUrl,
});

async function createOverTls(): Promise<Said[]> {
  const { github } = await newSetScene();
  const { port } = await startTls(github.url, "github.example.com");
  const address = `https://127.0.0.1:${port}`;
  return createWith(elsewhere(address));
}

async function removeTakenOver(): Promise<Said[]> {
  const scene = await newSetScene();
  const created = await createSet(scene, setOf(deployments(1)));
  foreignWrite(scene, 0);
  const later = scene.another();
  await later.set.delete(ID, created);
  return warned(later.warnings);
}

/** @param mark Before the hash of a record that a resource of another provider declares: "." */
async function removeDeclared(mark = ""): Promise<Said[]> {
  const scene = await newSetScene();
  const saved = await record.create(scene);
  const later = scene.another();
  const declared = `${mark}${hashOf(deploymentIdentity.key(recordInputs()))}`;
  await record.check(later, { ...recordInputs({ deploymentName: nameAt(1) }), __declared: declared });
  const errors = await failed(record.remove(later, saved));
  return [...errors, ...warned(later.warnings)];
}

/** Pulumi's `--replace` checks a resource as new, and so is a renamed one. */
async function removeReplaced(): Promise<Said[]> {
  const scene = await newSetScene();
  const saved = await record.create(scene);
  const later = scene.another();
  await later.record.check({} as never, recordInputs());
  await record.remove(later, saved);
  return warned(later.warnings);
}

async function readWithoutRight(): Promise<Said[]> {
  const scene = await newSetScene();
  const saved = await record.create(scene);
  scene.github.setToken("writer", { permission: "none" });
  const later = scene.another({ token: "writer" });
  await record.read(later, saved);
  return warned(later.warnings);
}

/** Many records, of which those that came last are not sent. */
async function createMany(fault: FaultOptions, config: Record<string, string> = {}): Promise<Said[]> {
  const scene = await timedScene({}, config);
  scene.github.fault({ ...fault, times: Infinity });
  const place = { org: "acme", logicalEnvironment: "production" };
  const works = Array.from({ length: 200 }, (_, index) => {
    const names = { cluster: `cluster-${index}`, deploymentName: nameAt(index) };
    return failed(scene.record.create({ ...place, ...deploymentAt(index), ...names }));
  });
  return (await scene.passing(Promise.all(works))).at(-1) ?? [];
}

/** Interrupted before a request was sent, and while one was on its way. */
async function createInterrupted(): Promise<Said[]> {
  const [begun, patience] = [new AbortController(), new AbortController()];
  const interruption = { begun: begun.signal, patience: patience.signal };
  const scene = await newSetScene({}, {}, { interruption });
  const held = scene.github.fault({ when: "before", do: "hold" });
  const onItsWay = failed(record.create(scene));
  await held.arrived;
  begun.abort();
  patience.abort();
  return [...(await onItsWay), ...(await failed(record.create(scene)))];
}

const TEN_MINUTES = { "retry-after": "600" };

export const producers: (() => Promise<Said[]>)[] = [
  () => create(undefined, {}, { attested: [] }),
  () => create(undefined, { onMissingArtifact: "warn" }, { attested: [] }),
  () => createInPart(),
  () => answered(401, "Bad credentials"),
  () => answered(403, "Resource not accessible by personal access token"),
  () =>
    answered(403, "Resource protected by organization SAML enforcement. You must grant your token access."),
  () => answered(404, "Not Found"),
  () => answered(404, "Not Found", { "x-github-enterprise-version": "enterprise-server@3.14.0" }),
  () => answered(422, "Invalid request."),
  () => answered(429, "Too many requests", TEN_MINUTES),
  () => answered(429, "Too many requests", { "retry-after": "60" }),
  () => answered(503, "Service Unavailable"),
  () => create({ when: "before", do: "reset" }),
  () => create({ when: "after", do: "html" }),
  () => create({ when: "after", do: { json: { deployment_records: {} } } }),
  () => create({ match: { method: "POST" }, when: "before", do: { status: 204, body: "" } }),
  () => createInJobs([], { match: { path: /jobs$/ }, when: "before", do: { status: 202, body: "" } }),
  () => create({ when: "before", do: { redirect: 307, location: "https://api.github.com/organizations/1" } }),
  () => createMany({ when: "before", do: "reset" }),
  () => createMany({ when: "before", do: { delay: 0 } }, { timeoutSeconds: "30" }),
  () => createInJobs(["failed", "vanished"]),
  () => createInJobs([], { match: { path: /jobs$/ }, when: "before", do: { status: 409 } }),
  () => createInJobs([], { match: { path: /jobs\/\d+$/ }, when: "before", do: { status: 401 } }),
  () => createInApp({ appPrivateKey: OTHER_KEY.privateKey }),
  () => createInApp({ appId: "4321" }),
  () => create(undefined, { token: "two words" }),
  () => create(undefined, { baseUrl: "http://github.example.com" }),
  // Nobody has logged in to this host with gh.
  () => createWith({ "artifact-metadata:baseUrl": "https://github.invalid" }),
  () => createWith({ "artifact-metadata:token": "ghp_x" }, { HTTPS_PROXY: "socks5://proxy.example:1080" }),
  () =>
    createWith({ "artifact-metadata:token": "ghp_x" }, { HTTPS_PROXY: "http://user:5%@proxy.example:8080" }),
  createOverTls,
  () => createWith(elsewhere("https://api.acme.invalid")),
  () => createOverProxy("407 Proxy Authentication Required"),
  createOverNoProxy,
  createInterrupted,
  removeTakenOver,
  () => removeDeclared(),
  () => removeDeclared("."),
  removeReplaced,
  readWithoutRight,
  ...chainloopProducers,
];
