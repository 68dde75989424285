/** A step of the demo as a reader sees it. */
import { printChanges } from "../engine/display/properties";
import type { Op, StepMetadata } from "../engine/types";

const SIGNS: Partial<Record<Op, string>> = { create: "+", update: "~", delete: "-", refresh: "~" };

/** Each resource that changes, and of an update the properties that do. */
export function showChanges(steps: StepMetadata[]): string {
  return steps.filter(isRecord).map(showChange).join("");
}

export const isRecord = ({ type }: StepMetadata): boolean => type.startsWith("pulumi-nodejs:dynamic/");

function showChange(step: StepMetadata): string {
  const { op, old, new: now } = step;
  const kind = step.type.split(":").at(-1);
  const name = step.urn.split("::").at(-1);
  const headline = `   ${SIGNS[op] ?? " "} ${op} ${kind} "${name}"\n`;
  if (!old || !now) return headline;
  // A refresh finds out what the outputs are now; an update follows from the inputs.
  const known = op === "refresh" ? "outputs" : "inputs";
  return headline + shortDigests(printChanges(old[known], now[known], "       "));
}

const shortDigests = (text: string): string => text.replace(/(sha256:[0-9a-f]{12})[0-9a-f]{52}/g, "$1…");
