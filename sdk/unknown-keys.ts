/** A key that is spelled wrong has no effect, and nothing else would say so. */

import { getProject } from "@pulumi/pulumi/metadata";
import { allConfig, getStackResource } from "@pulumi/pulumi/runtime";
import { KEYS, NAMESPACE, nearestKey } from "../provider/config/keys";
import { quoted } from "../provider/workloads/quote";
import { warn } from "./log";
import { perRun } from "./run";

const isKnown = (key: string) => (KEYS as readonly string[]).includes(key);

/** `Did you mean token?`, or all keys where none is near. */
export function suggestionFor(key: string, prefix = ""): string {
  const nearest = nearestKey(key);
  return nearest === undefined
    ? `The known keys are ${KEYS.map((known) => `${prefix}${known}`).join(", ")}.`
    : `Did you mean ${prefix}${nearest}?`;
}

/** One sentence for each key of the stack's configuration that this package does not know. Values are not shown. */
export function unknownKeysIn(config: Record<string, string>): string[] {
  const prefix = `${NAMESPACE}:`;
  const keys = Object.keys(config)
    .filter((key) => key.startsWith(prefix))
    .map((key) => key.slice(prefix.length));
  return keys
    .filter((key) => !isKnown(key))
    .map(
      (key) =>
        `Unknown configuration key ${quoted(`${prefix}${key}`)}: it has no effect. ${suggestionFor(key, prefix)}`,
    );
}

const warnOnce = perRun(() => {
  // A program whose project has this name keeps its own keys in the namespace.
  const warnings = getProject() === NAMESPACE ? [] : unknownKeysIn(allConfig());
  for (const warning of warnings) warn(warning);
  return { warnings };
});

/** Warns once a run; not in unit tests with mocks, where there is no run. */
export function warnOfUnknownKeys(): void {
  if (getStackResource() !== undefined) warnOnce();
}
