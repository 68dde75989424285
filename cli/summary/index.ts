/** From the bytes of `pulumi preview --json` to what a reviewer reads. */
import { changesOf } from "./changes";
import { toJson } from "./json";
import { toMarkdown } from "./markdown";
import type { SummaryOptions } from "./options";
import { parsePreview } from "./read";
import type { Summary } from "./types";
import { toText } from "./text";

/**
 * @param from Where the bytes are from, for errors.
 * @throws UserError where they are no preview
 */
export function summarize(bytes: Uint8Array, from: string, options: SummaryOptions): string {
  const summary = summaryOf(bytes, from);
  if (options.format === "json") return toJson(summary);
  return options.format === "text" ? toText(summary, options) : toMarkdown(summary, options);
}

export function summaryOf(bytes: Uint8Array, from: string): Summary {
  const { project, stack, steps, errors, warnings } = parsePreview(bytes, from);
  return { project, stack, changes: changesOf(steps), errors, warnings };
}
