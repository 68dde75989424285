/** The events of a run as text: steps, property changes, outputs, diagnostics and the summary. */
import { isDefaultProvider, STACK_TYPE } from "../core/urn";
import type { EngineEvent, Op, Operation, StepMetadata } from "../events";
import { onlyAt, printChanges, printProperties } from "./properties";

const HEADLINES: Record<Operation, string> = {
  preview: "Previewing update",
  up: "Updating",
  refresh: "Refreshing",
  destroy: "Destroying",
};

/** The parts of a replacement are left out: it is shown once. */
const SHOWN: Partial<Record<Op, { sign: string; done: string }>> = {
  create: { sign: "+ ", done: "created" },
  update: { sign: "~ ", done: "updated" },
  delete: { sign: "- ", done: "deleted" },
  replace: { sign: "+-", done: "replaced" },
  read: { sign: "> ", done: "read" },
  discard: { sign: "< ", done: "discarded" },
  import: { sign: "= ", done: "imported" },
};

export function renderDiff(
  events: EngineEvent[],
  { operation, stack }: { operation: Operation; stack: string },
): string {
  const refresh = operation === "refresh";
  const texts = events.map(({ resourcePreEvent, resOutputsEvent, summaryEvent, diagnosticEvent }) => {
    // What a refresh found is known at its end.
    if (resourcePreEvent) return refresh ? "" : renderStep(resourcePreEvent.metadata);
    if (resOutputsEvent) return (refresh ? renderStep : renderOutputs)(resOutputsEvent.metadata);
    if (summaryEvent) return renderSummary(summaryEvent);
    const { severity = "debug", prefix = "", message = "" } = diagnosticEvent ?? {};
    return severity === "debug" ? "" : prefix + message;
  });
  return `${HEADLINES[operation]} (${stack}):\n${texts.join("")}`;
}

const isStack = (step: StepMetadata): boolean => step.type === STACK_TYPE;
const isShown = (step: StepMetadata): boolean =>
  isStack(step) || (SHOWN[step.op] !== undefined && !isDefaultProvider(step.urn));
const indentOf = (step: StepMetadata): string => (isStack(step) ? "" : "    ");

function renderStep(step: StepMetadata): string {
  if (!isShown(step)) return "";
  const indent = indentOf(step);
  return [
    `${indent}${SHOWN[step.op]?.sign ?? "  "}${step.type}: (${step.op})\n`,
    step.old?.id ? `${indent}    [id=${step.old.id}]\n` : "",
    `${indent}    [urn=${step.urn}]\n`,
    renderProperties(step, `${indent}    `),
  ].join("");
}

/** Of a refresh, the outputs are known; of what is going to be done, what the provider says of it, or the inputs. */
function renderProperties({ old, new: now, logical, detailedDiff }: StepMetadata, indent: string): string {
  if (!now) return "";
  const known = Object.keys(now.outputs).length > 0 ? "outputs" : "inputs";
  if (!old) return printProperties(now[known], indent);
  if (!logical || !detailedDiff) return printChanges(old[known], now[known], indent);
  const paths = Object.keys(detailedDiff);
  return printChanges(onlyAt(paths, old.outputs), onlyAt(paths, now.inputs), indent);
}

/** The stack's outputs: those of a resource are in its state. */
function renderOutputs(step: StepMetadata): string {
  const text = isStack(step) && step.new ? printProperties(step.new.outputs, "    ") : "";
  return text && `    --outputs:--\n${text}`;
}

function renderSummary(summary: NonNullable<EngineEvent["summaryEvent"]>): string {
  const { isPreview, resourceChanges, durationSeconds } = summary;
  const counted = Object.entries(SHOWN).map(([op, { sign, done }]) => {
    const count = resourceChanges[op as Op] ?? 0;
    return count > 0 ? `    ${sign}${count} ${isPreview ? `to ${op}` : done}\n` : "";
  });
  const unchanged = resourceChanges.same ? `    ${resourceChanges.same} unchanged\n` : "";
  const duration = isPreview ? "" : `\nDuration: ${durationSeconds}s\n`;
  return `Resources:\n${counted.join("")}${unchanged}${duration}`;
}
