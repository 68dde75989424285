/** The event log of a run. */
import type { PropertyMap, Urn } from "./values";

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
  | "import"
  | "import-replacement"
  | "refresh";

/**
 * Events in the shape of Pulumi's own event log (`pulumi up --event-log`, apitype.EngineEvent), so that the
 * display and the tests read both engines alike. A secret is `{ [SIGNATURE]: SECRET, ciphertext: "[secret]" }` here.
 */
export interface EngineEvent {
  sequence: number;
  timestamp: number;
  diagnosticEvent?: {
    urn?: Urn;
    prefix?: string;
    message: string;
    color: string;
    severity: "debug" | "info" | "info#err" | "warning" | "error";
    streamID?: number;
    ephemeral?: boolean;
  };
  summaryEvent?: {
    durationSeconds: number;
    resourceChanges: Partial<Record<Op, number>>;
    isPreview: boolean;
    result?: "succeeded" | "failed" | "canceled";
  };
  /** Of Pulumi's own engine alone: a policy that a resource violates. */
  policyEvent?: { resourceUrn?: string; policyName: string; message: string };
  resourcePreEvent?: { metadata: StepMetadata; planning?: boolean };
  resOutputsEvent?: { metadata: StepMetadata; planning?: boolean };
}

export interface StepMetadata {
  op: Op;
  urn: Urn;
  type: string;
  old: StepState | null;
  new: StepState | null;
  logical?: boolean;
  /** By property path: what the provider itself says of the difference. */
  detailedDiff?: DetailedDiff;
  provider: string;
}

export type DetailedDiff = Record<string, { diffKind: DiffKind; inputDiff: boolean }>;
export type DiffKind = `${"add" | "delete" | "update"}${"" | "-replace"}`;

export interface StepState {
  type: string;
  urn: Urn;
  id: string;
  parent: string;
  inputs: PropertyMap;
  outputs: PropertyMap;
  provider: string;
}

/** An event before its sequence number and time are put on it. */
export type EventBody = Omit<EngineEvent, "sequence" | "timestamp">;
