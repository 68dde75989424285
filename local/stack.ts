/**
 * A stack as the demo and the acceptance tests drive it, on either engine: `localStack` (our own) and
 * `cliStack` (the Pulumi CLI on the PATH).
 */
import type { EngineEvent, Op, StackExport, StepMetadata } from "./engine/types";

export type { StackExport } from "./engine/types";

export interface StackOptions {
  /** The folder that holds Pulumi.yaml. */
  projectDir: string;
  /** The stack's name; default `dev`. */
  stack?: string;
  /** Environment of the program and of the provider, on top of PATH, HOME and their like. */
  env?: Record<string, string>;
  config?: Record<string, string>;
  secretConfig?: Record<string, string>;
}

export interface RunOptions {
  env?: Record<string, string>;
  /** Operations at once; default as the engine's. */
  parallel?: number;
  /** URNs for `--replace`. */
  replace?: string[];
  /** URNs for `--target`. */
  targets?: string[];
  /** `--continue-on-error`. */
  continueOnError?: boolean;
  /** `--run-program`, of refresh and destroy. */
  runProgram?: boolean;
  /** `--refresh`, of preview, up and destroy. */
  refresh?: boolean;
  /** Ctrl-C. */
  signal?: AbortSignal;
}

export interface RunResult {
  exitCode: number;
  /** What a user sees: standard output and standard error, in their order, without colour. */
  output: string;
  events: EngineEvent[];
  /** The steps that were planned (preview) or done, `same` left out. */
  steps: StepMetadata[];
  changes: Partial<Record<Op, number>>;
}

export interface Stack<Options = RunOptions> {
  preview(options?: Options): Promise<RunResult>;
  /** Without a preview first (`--skip-preview`). */
  up(options?: Options): Promise<RunResult>;
  refresh(options?: Options): Promise<RunResult>;
  destroy(options?: Options): Promise<RunResult>;
  setConfig(key: string, value: string, options?: { secret?: boolean }): Promise<void>;
  /** Secrets are encrypted, or in plain text with `showSecrets`. */
  exportState(options?: { showSecrets?: boolean }): Promise<StackExport>;
  importState(state: StackExport): Promise<void>;
  /** Takes away everything the stack left on the disk. */
  remove(): Promise<void>;
}

/** The result of an operation, from its events. */
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
