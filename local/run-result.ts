/** The result of an operation, from its events. */
import type { EngineEvent, StepMetadata } from "./engine/types";
import type { RunResult } from "./stack";

export function toRunResult(exitCode: number, output: string, events: EngineEvent[]): RunResult {
  const summary = events.find((event) => event.summaryEvent !== undefined)?.summaryEvent;
  return { exitCode, output, events, steps: stepsOf(events), changes: summary?.resourceChanges ?? {} };
}

function stepsOf(events: EngineEvent[]): StepMetadata[] {
  const steps = new Map<string, StepMetadata>();
  for (const { resOutputsEvent } of events) {
    const step = resOutputsEvent?.metadata;
    // Default providers are no declarations of the program: Pulumi neither shows nor counts them.
    const counts = step && step.op !== "same" && !step.type.startsWith("pulumi:providers:");
    // A preview has two events for a component: its registration and its outputs.
    if (counts) steps.set(`${step.op} ${step.urn}`, step);
  }
  return [...steps.values()];
}
