/**
 * A stack's state on the disk: `.pulumi/stacks/<project>/<stack>.json` in the backend's folder, in the form of
 * `pulumi stack export` (deployment v3), secrets encrypted.
 */
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createCrypter, openCrypter, reveal, seal, unseal, type Crypter } from "./secrets";
import type { PendingOperationType, PropertyMap, ResourceState, Snapshot, StackExport } from "./types";

export interface StateFileOptions {
  backendDir: string;
  project: string;
  stack: string;
  passphrase: string;
}

export interface StateFile {
  load: () => Snapshot;
  /** Written to a new file that replaces the old one: a crash never leaves half a state. */
  save: (snapshot: Snapshot) => Promise<void>;
  export: (options?: { showSecrets?: boolean }) => StackExport;
  import: (state: StackExport) => Promise<void>;
}

export async function openStateFile(options: StateFileOptions): Promise<StateFile> {
  const { backendDir, project, stack, passphrase } = options;
  const file = join(backendDir, ".pulumi", "stacks", project, `${stack}.json`);
  mkdirSync(dirname(file), { recursive: true });
  const existing = existsSync(file) ? read(file) : undefined;
  const secretsState = existing && secretsStateOf(existing);
  const crypter =
    secretsState === undefined ? createCrypter(passphrase) : openCrypter(passphrase, secretsState);

  const sealed = (properties: PropertyMap) => seal(properties, crypter);
  const save = (snapshot: Snapshot) =>
    replace(file, `${JSON.stringify(toExport(snapshot, crypter, sealed))}\n`);
  if (existing === undefined) await save({ resources: [], pendingOperations: [] });
  return {
    load: () => toSnapshot(read(file), crypter),
    save,
    export({ showSecrets = false } = {}) {
      const state = read(file);
      return showSecrets ? toExport(toSnapshot(state, crypter), crypter, reveal) : state;
    },
    async import(state) {
      const theirs = secretsStateOf(state);
      const from = theirs === undefined ? crypter : openCrypter(passphrase, theirs);
      await save(toSnapshot(state, from));
    },
  };
}

function read(file: string): StackExport {
  const state = JSON.parse(readFileSync(file, "utf8")) as StackExport;
  if (state.version !== 3) throw new Error(`${file}: unknown version of the state`);
  return state;
}

function secretsStateOf({ deployment }: StackExport): string | undefined {
  const provider = deployment.secrets_providers;
  if (provider === undefined || provider.type === "") return undefined;
  if (provider.type !== "passphrase") throw new Error(`unknown secrets provider ${provider.type}`);
  return (provider.state as { salt?: string } | undefined)?.salt;
}

function toSnapshot({ deployment }: StackExport, crypter: Crypter): Snapshot {
  const open = (resource: ResourceState) => withProperties(resource, (map) => unseal(map, crypter));
  return {
    resources: (deployment.resources ?? []).map(open),
    pendingOperations: (deployment.pending_operations ?? []).map(({ resource, type }) => ({
      resource: open(resource),
      type: type as PendingOperationType,
    })),
  };
}

/** `close` makes the secrets what they are in the file, or readable. */
function toExport(
  { resources, pendingOperations }: Snapshot,
  crypter: Crypter,
  close: (properties: PropertyMap) => PropertyMap,
): StackExport {
  const closed = resources.map((resource) => withProperties(resource, close));
  const pending = pendingOperations.map(({ resource, type }) => ({
    resource: withProperties(resource, close),
    type,
  }));
  // Known when all secrets are encrypted.
  const salt = crypter.state();
  return {
    version: 3,
    deployment: {
      manifest: { time: new Date().toISOString(), magic: "", version: "" },
      ...(salt !== undefined && { secrets_providers: { type: "passphrase", state: { salt } } }),
      ...(closed.length > 0 && { resources: closed }),
      ...(pending.length > 0 && { pending_operations: pending }),
      metadata: {},
    },
  };
}

function withProperties(resource: ResourceState, change: (map: PropertyMap) => PropertyMap): ResourceState {
  return {
    ...resource,
    ...(resource.inputs === undefined ? {} : { inputs: change(resource.inputs) }),
    ...(resource.outputs === undefined ? {} : { outputs: change(resource.outputs) }),
  };
}

async function replace(file: string, content: string): Promise<void> {
  const next = `${file}.next`;
  await writeFile(next, content, { mode: 0o600 });
  await rename(next, file);
}
