/** One step of an operation: its headline, its property changes and its outputs. */
import type { Op, Operation, StepMetadata, Urn } from "../types";
import { deeper, printObject, printObjectDiff, type Place } from "./printer";
import { printOutputs } from "./outputs";
import { escapeUrn } from "./text";
import { diffObjects } from "./values";

export interface View {
  operation: Operation;
  /** The steps that have begun, by URN: a resource is indented below its parents among them. */
  seen: Map<Urn, StepMetadata>;
}

export const PREFIXES: Record<Op, string> = {
  same: "  ",
  create: "+ ",
  update: "~ ",
  delete: "- ",
  replace: "+-",
  "create-replacement": "++",
  "delete-replaced": "--",
  read: "> ",
  "read-replacement": ">>",
  discard: "< ",
  "discard-replaced": "<<",
  refresh: "~ ",
};
const REPLACEMENTS: Op[] = [
  "replace",
  "create-replacement",
  "delete-replaced",
  "read-replacement",
  "discard-replaced",
];
/** A resource that is kept although its step takes it out of the stack is marked so. */
const RETAINING: Op[] = ["delete", "replace", "create-replacement", "delete-replaced"];

export const isStack = (step: StepMetadata): boolean => step.type === "pulumi:pulumi:Stack";
const isDefaultProvider = (step: StepMetadata): boolean =>
  step.type.startsWith("pulumi:providers:") && nameOf(step.urn).startsWith("default");
const nameOf = (urn: Urn): string => urn.split("::").slice(3).join("::");

export function renderBegin(step: StepMetadata, view: View): string {
  view.seen.set(step.urn, step);
  // What a refresh found is known when it has ended.
  if (step.op === "refresh" || !isShown(step)) return "";
  return renderStep(step, view);
}

export function renderEnd(step: StepMetadata, view: View): string {
  if (!isShown(step)) return "";
  const refreshed = view.seen.get(step.urn)?.op === "refresh";
  if (refreshed && step.op === "update") return renderStep(step, view);
  const place = placeOf(step, view);
  const inner = deeper(place, 1);
  const outputs = printOutputs(step, inner, view.operation === "preview", refreshed);
  const showsHeader = refreshed && (step.op !== "refresh" || outputs !== "" || isStack(step));
  return (
    (showsHeader ? renderHeader(step, place) : "") +
    (outputs === "" ? "" : `${indentation(inner)}--outputs:--\n${outputs}`)
  );
}

function isShown(step: StepMetadata): boolean {
  if (isDefaultProvider(step)) return false;
  return isStack(step) || isChange(step);
}

function isChange(step: StepMetadata): boolean {
  if (step.op === "same") return (step.old?.protect ?? false) !== (step.new?.protect ?? false);
  return step.logical === true || !REPLACEMENTS.includes(step.op);
}

function placeOf(step: StepMetadata, { operation, seen }: View): Place {
  let indent = 0;
  for (let parent = seen.get(parentOf(step)); parent; parent = seen.get(parentOf(parent))) {
    if (isShown(parent)) indent++;
  }
  // The CLI cuts long texts, but not those that a refresh found.
  return { indent, mark: "  ", full: operation === "refresh" };
}

const parentOf = (step: StepMetadata): Urn => (step.new ?? step.old)?.parent ?? "";
const indentation = (place: Place): string => "    ".repeat(place.indent);

function renderStep(step: StepMetadata, view: View): string {
  const place = placeOf(step, view);
  return renderHeader(step, place) + (step.op === "same" ? "" : renderProperties(step, deeper(place, 1)));
}

function renderHeader(step: StepMetadata, place: Place): string {
  const inner = indentation(deeper(place, 1));
  const status = step.old?.retainOnDelete && RETAINING.includes(step.op) ? `${step.op}[retain]` : step.op;
  return [
    `${indentation(place)}${PREFIXES[step.op]}${step.type}: (${status})${lockOf(step)}\n`,
    step.old?.id ? `${inner}[id=${step.old.id}]\n` : "",
    `${inner}[urn=${escapeUrn(step.urn)}]\n`,
    renderProvider(step, inner),
  ].join("");
}

function lockOf(step: StepMetadata): string {
  if (step.old?.protect && step.new && !step.new.protect) return " 🔓";
  return step.old?.protect || step.new?.protect ? " 🔒" : "";
}

/** The default provider goes without saying. */
function renderProvider(step: StepMetadata, inner: string): string {
  if (!step.provider) return "";
  if (step.old && step.new && step.old.provider !== step.new.provider) {
    return `${inner}[provider: ${step.old.provider} => ${step.new.provider}]\n`;
  }
  const urn = step.provider.slice(0, step.provider.lastIndexOf("::"));
  return nameOf(urn) === "default" ? "" : `${inner}[provider=${step.provider}]\n`;
}

function renderProperties(step: StepMetadata, place: Place): string {
  const { old, new: now } = step;
  if (!now) return old ? printObject(old.inputs, place) : "";
  const hasOutputs = Object.keys(now.outputs).length > 0;
  if (!old) return printObject(hasOutputs ? now.outputs : now.inputs, place);
  const [before, after] = hasOutputs ? [old.outputs, now.outputs] : [old.inputs, now.inputs];
  const diff = diffObjects(before, after, true);
  return diff ? printObjectDiff(diff, place) : printObject(after, place);
}
