/**
 * The seams of the local engine: what the step logic (`core/`) takes and gives. The processes and gRPC
 * (`program.ts`, `host.ts`), the state file and the display all speak these types and nothing else.
 */

/**
 * A property value in Pulumi's wire form, as plain JSON: a secret is
 * `{ [SIGNATURE]: SECRET, value }`, an unknown is the string `UNKNOWN`.
 */
export type Value = null | boolean | number | string | Value[] | { [key: string]: Value };
export type PropertyMap = { [key: string]: Value };

export const SIGNATURE = "4dabf18193072939515e22adb298388d";
export const SECRET = "1b47061264138c4ac30d75fd1eb44270";
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export type Urn = string;

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
  taint?: boolean;
  external?: boolean;
  dependencies?: Urn[];
  initErrors?: string[];
  provider?: string;
  propertyDependencies?: Record<string, Urn[]>;
  pendingReplacement?: boolean;
  additionalSecretOutputs?: string[];
  aliases?: Urn[];
  customTimeouts?: { create?: number; update?: number; delete?: number };
  importID?: string;
  retainOnDelete?: boolean;
  deletedWith?: Urn;
  replaceWith?: Urn[];
  created?: string;
  modified?: string;
  sourcePosition?: string;
  stackTrace?: { sourcePosition?: string }[];
  ignoreChanges?: string[];
  replaceOnChanges?: string[];
  /** What this engine does not interpret is carried over as it was read. */
  [field: string]: unknown;
}

export type PendingOperationType = "creating" | "updating" | "deleting" | "reading" | "importing";

export interface Snapshot {
  resources: ResourceState[];
  pendingOperations: { resource: ResourceState; type: PendingOperationType }[];
}

export interface AliasSpec {
  urn?: Urn;
  name?: string;
  type?: string;
  stack?: string;
  project?: string;
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
  dependencies: Urn[];
  propertyDependencies: Record<string, Urn[]>;
  protect?: boolean;
  deleteBeforeReplace?: boolean;
  ignoreChanges: string[];
  replaceOnChanges: string[];
  additionalSecretOutputs: string[];
  aliases: AliasSpec[];
  retainOnDelete?: boolean;
  deletedWith?: Urn;
  replaceWith: Urn[];
  importId?: string;
  customTimeouts?: { create?: number; update?: number; delete?: number };
  sourcePosition?: string;
  stackTrace?: { sourcePosition?: string }[];
}

/** `ReadResourceRequest`: what `Resource.get` sends. */
export interface ReadGoal {
  type: string;
  name: string;
  id: string;
  properties: PropertyMap;
  parent?: Urn;
  dependencies: Urn[];
  additionalSecretOutputs: string[];
  sourcePosition?: string;
  stackTrace?: { sourcePosition?: string }[];
}

export interface Registered {
  urn: Urn;
  id?: string;
  outputs: PropertyMap;
  result: "success" | "fail";
}

/** What a program may ask of the engine. A registration that can never be answered rejects. */
export interface Registrar {
  register(goal: Goal): Promise<Registered>;
  read(goal: ReadGoal): Promise<Registered>;
  registerOutputs(urn: Urn, outputs: PropertyMap): Promise<void>;
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

/**
 * Pulumi's dynamic-provider protocol, as far as the dynamic host answers it. Secrets are plain text here,
 * `__provider` is among the properties. create and update reject with PartialFailure where the host says so.
 */
export interface Provider {
  check(r: { urn: Urn; olds: PropertyMap; news: PropertyMap }): Promise<{
    inputs: PropertyMap;
    failures: CheckFailure[];
  }>;
  diff(r: {
    id: string;
    urn: Urn;
    olds: PropertyMap;
    news: PropertyMap;
    oldInputs: PropertyMap;
    ignoreChanges: string[];
  }): Promise<{ changes: "unknown" | "none" | "some"; replaces: string[]; deleteBeforeReplace: boolean }>;
  create(r: { urn: Urn; properties: PropertyMap }): Promise<{ id: string; properties: PropertyMap }>;
  read(r: { id: string; urn: Urn; properties: PropertyMap; inputs: PropertyMap }): Promise<{
    id: string;
    properties: PropertyMap;
    inputs?: PropertyMap;
  }>;
  update(r: {
    id: string;
    urn: Urn;
    olds: PropertyMap;
    news: PropertyMap;
    oldInputs: PropertyMap;
    ignoreChanges: string[];
  }): Promise<{ properties: PropertyMap }>;
  delete(r: { id: string; urn: Urn; properties: PropertyMap; oldInputs: PropertyMap }): Promise<void>;
}

export type Operation = "preview" | "up" | "refresh" | "destroy";

export type Op =
  | "same"
  | "create"
  | "update"
  | "delete"
  | "replace"
  | "create-replacement"
  | "delete-replaced"
  | "read"
  | "read-replacement"
  | "discard"
  | "discard-replaced"
  | "refresh";

/**
 * Events in the shape of Pulumi's own event log (`pulumi up --event-log`, apitype.EngineEvent), so that the
 * display and the tests read both engines alike. A secret is `{ [SIGNATURE]: SECRET, ciphertext: "[secret]" }` here.
 */
export interface EngineEvent {
  sequence: number;
  timestamp: number;
  cancelEvent?: Record<string, never>;
  stdoutEvent?: { message: string; color: string };
  diagnosticEvent?: {
    urn?: Urn;
    prefix?: string;
    message: string;
    color: string;
    severity: "debug" | "info" | "info#err" | "warning" | "error";
    streamID?: number;
    ephemeral?: boolean;
  };
  preludeEvent?: { config: Record<string, string> };
  summaryEvent?: {
    maybeCorrupt: boolean;
    durationSeconds: number;
    resourceChanges: Partial<Record<Op, number>>;
    isPreview: boolean;
    result?: "succeeded" | "failed" | "canceled";
  };
  resourcePreEvent?: { metadata: StepMetadata; planning?: boolean };
  resOutputsEvent?: { metadata: StepMetadata; planning?: boolean };
  resOpFailedEvent?: { metadata: StepMetadata; status: number; steps: number };
}

export interface StepMetadata {
  op: Op;
  urn: Urn;
  type: string;
  old: StepState | null;
  new: StepState | null;
  keys?: string[];
  diffs?: string[];
  detailedDiff: null;
  logical?: boolean;
  provider: string;
}

export interface StepState {
  type: string;
  urn: Urn;
  custom?: boolean;
  delete?: boolean;
  id: string;
  parent: string;
  protect?: boolean;
  taint?: boolean;
  external?: boolean;
  retainOnDelete?: boolean;
  inputs: PropertyMap;
  outputs: PropertyMap;
  provider: string;
  initErrors?: string[];
}

/** An event before its sequence number and time are put on it. */
export type EventBody = Omit<EngineEvent, "sequence" | "timestamp">;

/** One run of the step logic, in one process: everything that is outside comes in as a function. */
export interface Deployment {
  operation: Operation;
  project: string;
  stack: string;
  /** The stack's whole configuration, secrets marked: Pulumi saves it as the inputs of the default provider. */
  config?: PropertyMap;
  snapshot: Snapshot;
  /** Needed for preview and up. */
  program?: Program;
  provider: Provider;
  /** Operations at once; Pulumi's default is four a core. */
  parallel: number;
  /** `--replace`, `--target-replace`: URNs to replace whatever diff says. */
  replace?: Urn[];
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
