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

  const save = (snapshot: Snapshot) => replace(file, `${JSON.stringify(sealed(snapshot, crypter))}\n`);
  if (existing === undefined) await save({ resources: [], pendingOperations: [] });
  return {
    load: () => toSnapshot(read(file), crypter),
    save,
    export({ showSecrets = false } = {}) {
      const state = read(file);
      return showSecrets ? revealed(state, crypter) : state;
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

function revealed(state: StackExport, crypter: Crypter): StackExport {
  const { resources, pendingOperations } = toSnapshot(state, crypter);
  const show = (resource: ResourceState) => withProperties(resource, reveal);
  const pending = pendingOperations.map(({ resource, type }) => ({ resource: show(resource), type }));
  return {
    ...state,
    deployment: {
      ...state.deployment,
      ...(resources.length > 0 ? { resources: resources.map(show) } : {}),
      ...(pending.length > 0 ? { pending_operations: pending } : {}),
    },
  };
}

function sealed({ resources, pendingOperations }: Snapshot, crypter: Crypter): StackExport {
  const close = (resource: ResourceState) => withProperties(resource, (map) => seal(map, crypter));
  const pending = pendingOperations.map(({ resource, type }) => ({ resource: close(resource), type }));
  const closed = resources.map(close);
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
