/** The storage record of the documentation's example, and what is done with it. */
import type { StorageBody } from "../../local/github";
import { storageIdentity } from "../../provider/storage-record/identity";
import type { Inputs, Outputs } from "../../provider/storage-record";
import type { Run, SetScene } from "./sets";

export const DIGEST = "sha256:1bb1e949e55dcefc6353e7b36c8897d2a107d8e8dca49d4e3c0ea8493fc0bc72";
export const WRITE = "POST /orgs/acme/artifacts/metadata/storage-record";

/** The documentation's own example. */
export const libfoo: Inputs = {
  org: "acme",
  name: "libfoo",
  version: "1.2.3",
  digest: DIGEST,
  artifactUrl: "https://reg.example.com/artifactory/bar/libfoo-1.2.3",
  registryUrl: "https://reg.example.com/artifactory/",
  repository: "bar",
  status: "active",
  onDelete: "deleted",
};
export const documented = {
  name: "libfoo",
  version: "1.2.3",
  digest: DIGEST,
  artifact_url: "https://reg.example.com/artifactory/bar/libfoo-1.2.3",
  registry_url: "https://reg.example.com/artifactory/",
  repository: "bar",
  status: "active",
} satisfies StorageBody;

export const idOf = (inputs: Inputs) => storageIdentity.format(inputs);
export const requestsOf = ({ github }: SetScene) =>
  github.requests.map(({ method, path }) => `${method} ${path}`);
export const statusesOf = ({ github }: SetScene) => github.storageRecords().map(({ status }) => status);

export async function create({ storage }: Run, inputs: Inputs = libfoo): Promise<Outputs> {
  const { id, outs } = await storage.create(inputs);
  expect(id).toBe(idOf(inputs));
  return outs as Outputs;
}
export const update = async ({ storage }: Run, olds: Outputs, inputs: Inputs) =>
  (await storage.update(idOf(libfoo), olds, inputs)).outs as Outputs;
export const remove = ({ storage }: Run, outs: Outputs, inputs = libfoo) =>
  storage.delete(idOf(inputs), outs);
export async function refresh({ storage }: Run, outs: Outputs) {
  const { props, inputs } = await storage.read(idOf(libfoo), outs);
  return { outs: props as Outputs, inputs: inputs as unknown as Inputs };
}
export const foreignWrite = ({ github, clock }: SetScene, more: Partial<StorageBody> = {}) => {
  clock.advance(1_000);
  github.writeStorage("acme", { ...documented, ...more });
};
