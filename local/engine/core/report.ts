/** The event log of a run, and what its summary counts. */
import {
  type EventBody,
  type Op,
  type PropertyMap,
  type ResourceState,
  type StepMetadata,
  type StepState,
  UNKNOWN,
  type Urn,
  type Value,
} from "../types";
import { diagnostic as createDiagnostic } from "../diagnostics";
import type { Outcome, Step } from "./step";
import { isDefaultProvider } from "./urn";
import { changedKeys, isMap, isSecret, redact } from "./values";

export interface Report {
  changes: Partial<Record<Op, number>>;
  started(step: Step): void;
  ended(step: Step, outcome: Outcome): void;
  /** A component's outputs were registered. */
  outputs(step: Step): void;
  diagnostic(severity: "info" | "warning" | "error", message: string, urn?: Urn): void;
  summary(ok: boolean): void;
}

export function createReport(
  emit: (event: EventBody) => void,
  mode: { preview: boolean; refresh: boolean },
): Report {
  const changes: Report["changes"] = {};
  const startedAt = performance.now();
  const planning = mode.preview ? { planning: true } : {};

  const diagnostic: Report["diagnostic"] = (severity, message, urn) => {
    emit(createDiagnostic(severity, message, urn ? { urn } : {}));
  };
  const failed = (step: Step, { message }: Error): void => {
    const urn = isDefaultProvider(step.urn) ? undefined : step.urn;
    diagnostic("error", mode.preview ? `Preview failed: ${message}` : message, urn);
  };
  const succeeded = (step: Step): void => {
    // What a refresh found is counted and named where it is all that runs.
    const op = (mode.refresh && step.result?.()) || step.op;
    const counted = step.op === "read" ? readChanged(step) : step.logical || mode.refresh;
    if (counted && !isDefaultProvider(step.urn)) changes[op] = (changes[op] ?? 0) + 1;
    const custom = (step.new ?? step.old)?.custom === true;
    if (mode.preview || custom || mode.refresh || step.op === "delete") {
      emit({ resOutputsEvent: { metadata: metadataOf(step, op), ...planning } });
    }
  };
  return {
    changes,
    diagnostic,
    started: (step) => emit({ resourcePreEvent: { metadata: metadataOf(step, step.op), ...planning } }),
    ended: (step, { error }) => (error ? failed(step, error) : succeeded(step)),
    outputs: (step) => emit({ resOutputsEvent: { metadata: metadataOf(step, step.op), ...planning } }),
    summary(ok) {
      const durationSeconds = Math.ceil((performance.now() - startedAt) / 1000);
      const result = ok ? "succeeded" : "failed";
      const isPreview = mode.preview;
      emit({ summaryEvent: { durationSeconds, resourceChanges: changes, isPreview, result } });
    },
  };
}

/** A read that found nothing new is not worth a line in the summary. */
function readChanged(step: Step): boolean {
  const before = step.old?.outputs;
  const after = step.new?.outputs;
  return before !== undefined && after !== undefined && changedKeys(before, after).length > 0;
}

function metadataOf(step: Step, op: Op): StepMetadata {
  return {
    op,
    urn: step.urn,
    type: step.type,
    old: stepState(step.old),
    new: stepState(step.new),
    ...(step.logical && { logical: true }),
    ...(step.detailedDiff && { detailedDiff: step.detailedDiff }),
    provider: step.provider,
  };
}

function stepState(state: ResourceState | undefined): StepState | null {
  if (!state) return null;
  const { type, urn, id = "", parent = "", provider = "", inputs = {}, outputs = {} } = state;
  return { type, urn, id, parent, inputs: redact(inputs), outputs: redact(outputs), provider };
}

/** A value in the wording of the engine's check failures: `{1}`, `{<nil>}`, `{map[a:{1}]}`. */
export function valueText(value: Value | undefined): string {
  if (value === UNKNOWN) return "output<string>{}";
  if (value === undefined || value === null) return "{<nil>}";
  if (isSecret(value)) return "{[secret]}";
  if (Array.isArray(value)) return `{[${value.map(valueText).join(" ")}]}`;
  return isMap(value) ? `{map[${mapText(value)}]}` : `{${String(value)}}`;
}

function mapText(map: PropertyMap): string {
  const entries = Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([key, value]) => `${key}:${valueText(value)}`).join(" ");
}
