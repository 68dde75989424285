/** The lines at the end of an operation: how many resources changed and how, and how long it took. */
import type { EngineEvent, Op } from "../types";
import { PREFIXES } from "./step";

type Summary = NonNullable<EngineEvent["summaryEvent"]>;

/** In Pulumi's order; reads and what stayed the same are no changes. */
const COUNTED: [Op, string][] = [
  ["create", "created"],
  ["update", "updated"],
  ["delete", "deleted"],
  ["replace", "replaced"],
  ["create-replacement", "create-replacementd"],
  ["delete-replaced", "deleted"],
  ["refresh", "refreshed"],
  ["discard-replaced", "discarded"],
];

export function renderSummary(summary: Summary, failed: number): string {
  const { isPreview, resourceChanges } = summary;
  const counted = COUNTED.flatMap(([op, done]) => {
    const count = resourceChanges[op] ?? 0;
    return count > 0
      ? [{ count, line: `    ${PREFIXES[op]}${count} ${isPreview ? `to ${op}` : done}\n` }]
      : [];
  });
  return [
    "Resources:\n",
    ...counted.map(({ line }) => line),
    totals(
      counted.map(({ count }) => count),
      resourceChanges.same ?? 0,
    ),
    failed > 0 ? `    ${failed} errored\n` : "",
    isPreview ? "" : `\nDuration: ${formatDuration(Math.ceil(summary.durationSeconds))}\n`,
  ].join("");
}

function totals(counts: number[], unchanged: number): string {
  const pieces = [
    // One kind of change says its number already.
    ...(counts.length >= 2 ? [`${counts.reduce((sum, count) => sum + count, 0)} changes`] : []),
    ...(unchanged > 0 ? [`${unchanged} unchanged`] : []),
  ];
  return pieces.length > 0 ? `    ${pieces.join(". ")}\n` : "";
}

function formatDuration(seconds: number): string {
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  if (hours > 0) return `${hours}h${minutes}m${seconds % 60}s`;
  return minutes > 0 ? `${minutes}m${seconds % 60}s` : `${seconds}s`;
}
