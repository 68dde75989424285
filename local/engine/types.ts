/**
 * The seams of the local engine: what the step logic (`core/`) takes and gives. The processes and gRPC
 * (`program.ts`, `host.ts`), the state file and the display all speak these types and nothing else.
 */
import type { DetailedDiff, EventBody, Op, Operation } from "./events";
import type { PropertyMap, Urn } from "./values";

export type * from "./events";
export * from "./values";

/** A resource as the state file (deployment format v3) keeps it. Secrets are decrypted here. */
export interface ResourceState {
  urn: Urn;
  custom: boolean;
  delete?: boolean;
  id?: string;
  type: string;
  inputs?: PropertyMap;
  outputs?: PropertyMap;
  parent?: Urn;
  protect?: boolean;
  external?: boolean;
  dependencies?: Urn[];
  initErrors?: string[];
  provider?: string;
  propertyDependencies?: Record<string, Urn[]>;
  pendingReplacement?: boolean;
  additionalSecretOutputs?: string[];
  aliases?: Urn[];
  retainOnDelete?: boolean;
  created?: string;
  modified?: string;
  ignoreChanges?: string[];
  replaceOnChanges?: string[];
  /** The ID that an import was given, while the program still gives it. */
  importID?: string;
  /** What this engine does not interpret is carried over as it was read. */
  [field: string]: unknown;
}

export type PendingOperationType = "creating" | "updating" | "deleting" | "reading" | "importing";

export interface Snapshot {
  resources: ResourceState[];
  pendingOperations: { resource: ResourceState; type: PendingOperationType }[];
}

/** `pulumi stack export`. */
export interface StackExport {
  version: 3;
  deployment: {
    manifest: { time: string; magic: string; version: string };
    secrets_providers?: { type: string; state?: unknown };
    resources?: ResourceState[];
    pending_operations?: { resource: ResourceState; type: string }[];
    metadata?: unknown;
  };
}

export interface AliasSpec {
  urn?: Urn;
  name?: string;
  type?: string;
  parentUrn?: Urn;
  noParent?: boolean;
}

/** One registration of the program: `RegisterResourceRequest` as plain data. */
export interface Goal {
  type: string;
  name: string;
  custom: boolean;
  properties: PropertyMap;
  parent?: Urn;
  /** An explicit provider: its URN and id. */
  provider?: string;
  dependencies: Urn[];
  propertyDependencies: Record<string, Urn[]>;
  protect?: boolean;
  deleteBeforeReplace?: boolean;
  ignoreChanges: string[];
  replaceOnChanges: string[];
  additionalSecretOutputs: string[];
  aliases: AliasSpec[];
  retainOnDelete?: boolean;
  importId?: string;
}

/** `ReadResourceRequest`: what `Resource.get` sends. */
export interface ReadGoal extends Pick<
  Goal,
  "type" | "name" | "properties" | "parent" | "provider" | "dependencies" | "additionalSecretOutputs"
> {
  id: string;
}

export interface Registered {
  urn: Urn;
  id?: string;
  outputs: PropertyMap;
  result: RegistrationResult;
}

/** `skip`: the run leaves the resource out, so that its outputs are unknown. */
export type RegistrationResult = "success" | "fail" | "skip";

/** What a program can ask of the engine. A registration that can never be answered rejects. */
export interface Registrar {
  register(goal: Goal): Promise<Registered>;
  read(goal: ReadGoal): Promise<Registered>;
  registerOutputs(urn: Urn, outputs: PropertyMap): Promise<void>;
  invoke(call: FunctionCall & Pick<Goal, "provider">): Promise<FunctionResult>;
}

export interface FunctionCall {
  token: string;
  args: PropertyMap;
}

export interface FunctionResult {
  result: PropertyMap;
  failures: CheckFailure[];
}

/** The user's program. It resolves when it has ended; it rejects when it failed. */
export type Program = (registrar: Registrar) => Promise<void>;

export interface CheckFailure {
  property: string;
  reason: string;
}

/** A create or update that was done, but not completely (`initErrors`). */
export class PartialFailure extends Error {
  constructor(
    message: string,
    readonly id: string,
    readonly properties: PropertyMap,
    readonly reasons: string[],
  ) {
    super(message);
  }
}

/** `olds` are the outputs so far. */
export interface ProviderChange {
  id: string;
  urn: Urn;
  olds: PropertyMap;
  news: PropertyMap;
  oldInputs: PropertyMap;
  ignoreChanges: string[];
}

export interface CheckCall {
  urn: Urn;
  olds: PropertyMap;
  news: PropertyMap;
}

export interface Checked {
  inputs: PropertyMap;
  failures: CheckFailure[];
}

export interface ProviderDiff {
  changes: "unknown" | "none" | "some";
  replaces: string[];
  detailedDiff?: DetailedDiff;
  deleteBeforeReplace: boolean;
}

/** What a provider can do with secrets and in previews. */
export interface Protocol {
  acceptsSecrets: boolean;
  supportsPreview: boolean;
}

/**
 * A provider in a process of its own, by Pulumi's protocol. Secrets are plain text here, unless it accepts them.
 * create and update reject with PartialFailure where it says so. What it need not implement, the engine does itself.
 */
export interface Provider {
  checkConfig?(r: CheckCall): Promise<Checked>;
  diffConfig?(r: Omit<ProviderChange, "id">): Promise<ProviderDiff>;
  configure?(r: { urn: Urn; id: string; inputs: PropertyMap }): Promise<Protocol>;
  check(r: CheckCall): Promise<Checked>;
  diff(r: ProviderChange): Promise<ProviderDiff>;
  create(r: { urn: Urn; properties: PropertyMap; preview?: boolean }): Promise<{
    id: string;
    properties: PropertyMap;
  }>;
  /** An import knows the ID alone. */
  read(r: { id: string; urn: Urn; properties?: PropertyMap; inputs?: PropertyMap }): Promise<{
    id: string;
    properties: PropertyMap;
    inputs?: PropertyMap;
  }>;
  update(r: ProviderChange & { preview?: boolean }): Promise<{ properties: PropertyMap }>;
  delete(r: { id: string; urn: Urn; properties: PropertyMap; oldInputs: PropertyMap }): Promise<void>;
  invoke?(r: FunctionCall & { preview?: boolean }): Promise<FunctionResult>;
  /** The run has ended, or the user has interrupted it. */
  cancel?(): Promise<void>;
}

/** One run of the step logic, in one process: everything that is outside comes in as a function. */
export interface Deployment {
  operation: Operation;
  project: string;
  stack: string;
  /** The stack's whole configuration, secrets marked: Pulumi saves it as the inputs of default providers. */
  config?: PropertyMap;
  snapshot: Snapshot;
  /** Needed for preview and up. */
  program?: Program;
  /** The process of a provider of this package, not configured yet. */
  startProvider: (packageName: string) => Provider;
  /** Operations at once; Pulumi's default is four a core. */
  parallel: number;
  /** `--replace`: URNs to replace whatever diff says. */
  replace?: Urn[];
  /** `--target`: nothing but these, and providers, is operated on. */
  targets?: Urn[];
  /** `--continue-on-error`: a failure ends only what depends on it. */
  continueOnError?: boolean;
  /** `--run-program`, of destroy and refresh: the program says how its providers are configured now. */
  runProgram?: boolean;
  /** `--refresh`, of preview, up and destroy: they begin with a refresh, by the same processes of the providers. */
  refresh?: boolean;
  /** Called before a step starts and after it ended (not in a preview); awaited before the next one. */
  save(snapshot: Snapshot): Promise<void>;
  emit(event: EventBody): void;
  /** Ctrl-C: no new step is started. */
  signal?: AbortSignal;
}

export interface DeploymentResult {
  ok: boolean;
  snapshot: Snapshot;
  changes: Partial<Record<Op, number>>;
}
