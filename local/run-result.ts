/** The result of an operation, from its events. */
import type { EngineEvent, StepMetadata } from "./engine/types";
import type { RunResult } from "./stack";

export function toRunResult(exitCode: number, output: string, events: EngineEvent[]): RunResult {
  const summary = events.find((event) => event.summaryEvent !== undefined)?.summaryEvent;
  return { exitCode, output, events, steps: stepsOf(events), changes: summary?.resourceChanges ?? {} };
}

function stepsOf(events: EngineEvent[]): StepMetadata[] {
  return events.flatMap(({ resOutputsEvent }) => {
    const step = resOutputsEvent?.metadata;
    // Default providers are no declarations of the program: Pulumi neither shows nor counts them.
    const counts = step && step.op !== "same" && !step.type.startsWith("pulumi:providers:");
    return counts ? [step] : [];
  });
}
