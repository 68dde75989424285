/** What a resource gave back: outputs that are new, or differ from the inputs or from the outputs before. */
import type { PropertyMap, StepMetadata, Value } from "../types";
import { printProperty, printPropertyDiff, type Place } from "./printer";
import {
  diffObjects,
  diffValues,
  equal,
  isArray,
  isInternalKey,
  isObject,
  isUnknown,
  isWorthPrinting,
  sortedKeys,
  type Change,
  type ObjectDiff,
} from "./values";

const RESOURCE_MARK = "@isPulumiResource";

export function printOutputs(
  step: StepMetadata,
  place: Place,
  planning: boolean,
  refreshed: boolean,
): string {
  const isStack = step.type === "pulumi:pulumi:Stack";
  // In a preview only a read knows the outputs; a stack's are always worth seeing.
  if (planning && !refreshed && !isStack && step.op !== "read" && step.op !== "read-replacement") return "";
  if (step.old?.initErrors?.length) return "";
  const outputs = step.new?.outputs ?? {};
  const inputs = refreshed ? {} : (step.new?.inputs ?? {});
  const diff = step.old ? diffObjects(step.old.outputs, outputs, true) : undefined;
  const showSames = isStack && !planning;
  if (step.old && !diff && !showSames) return "";
  if (diff && planning && isStack) leaveOutUnknowns(diff);
  return diff ? printChanges(diff, outputs, inputs, place, showSames) : printAll(outputs, inputs, place);
}

function printChanges(
  diff: ObjectDiff,
  outputs: PropertyMap,
  inputs: PropertyMap,
  place: Place,
  showSames: boolean,
): string {
  const width = titleWidth(diff.keys());
  return sortedKeys(diff.keys())
    .filter((key) => showSames || diff.get(key)?.op !== "same")
    .filter((key) => !isSameAsInput(key, outputs, inputs))
    .map((key) => printPropertyDiff(key, width, diff, place))
    .join("");
}

function printAll(outputs: PropertyMap, inputs: PropertyMap, place: Place): string {
  const width = titleWidth(Object.keys(outputs));
  return sortedKeys(Object.keys(outputs))
    .filter((key) => !isInternalKey(key) && isWorthPrinting(outputs[key] ?? null))
    .filter((key) => !isSameAsInput(key, outputs, inputs))
    .map((key) => printProperty(key, width, outputs[key] ?? null, place))
    .join("");
}

function titleWidth(keys: Iterable<string>): number {
  return Math.max(0, ...[...keys].map((key) => Buffer.byteLength(key)));
}

function isSameAsInput(key: string, outputs: PropertyMap, inputs: PropertyMap): boolean {
  const input = inputs[key];
  return input !== undefined && !diffValues(outputs[key] ?? null, input, true);
}

/** Of a stack's outputs, a preview does not show what it cannot know yet as a change. */
function leaveOutUnknowns(diff: ObjectDiff): void {
  const isResource = diff.get(RESOURCE_MARK)?.op === "add";
  if (isResource) diff.delete(RESOURCE_MARK);
  for (const [key, change] of [...diff]) {
    const kept = leaveOutUnknown(change, isResource);
    if (kept) diff.set(key, kept);
    else diff.delete(key);
  }
}

function leaveOutUnknown(change: Change, inResource: boolean): Change | undefined {
  if (change.op === "add") {
    return inResource && isUnknown(change.value) ? undefined : { op: "add", value: unmarked(change.value) };
  }
  if (change.op !== "update") return change;
  const { diff } = change;
  if (diff.kind === "object") leaveOutUnknowns(diff.object);
  if (diff.kind === "array") diff.array = diff.array.map((element) => leaveOutUnknownElement(element));
  const unchanged = diff.kind !== "object" || ![...diff.object.values()].some((c) => c.op !== "same");
  return isUnknown(diff.new) || (unchanged && equal(diff.old, diff.new)) ? undefined : change;
}

/** A list keeps its places: an unknown element is shown. */
function leaveOutUnknownElement(change: Change): Change {
  if (change.op === "add") return { op: "add", value: unmarked(change.value) };
  if (change.op === "update" && change.diff.kind === "object") leaveOutUnknowns(change.diff.object);
  return change;
}

function unmarked(value: Value): Value {
  if (isArray(value)) return value.map(unmarked);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).filter(([key]) => key !== RESOURCE_MARK);
  return Object.fromEntries(entries.map(([key, inner]) => [key, unmarked(inner)]));
}
