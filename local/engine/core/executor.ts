/** Runs chains of steps, some at once; the first failure stops what has not begun, unless the run is to go on. */
import type { RegistrationResult, ResourceState, Urn } from "../types";
import { dependenciesOf } from "./graph";
import { reportError, type Run } from "./run";
import { errorOf, ProtectedError, type Step } from "./step";
import { markSecretOutputs } from "./values";

export interface Executor {
  /** Resolves when a worker has taken the chain, `done` when the chain has ended. */
  submit(chain: Step[]): Promise<{ done: Promise<void> }>;
  /** Runs independent steps to their end. */
  all(steps: Step[]): Promise<void>;
  /** Resolves when nothing is running. */
  idle(): Promise<void>;
  stop(): void;
  stopped: AbortSignal;
  failed: boolean;
  /** What comes after a step could not be decided on. */
  broken: boolean;
  /** Where the run goes on after a failure: what has failed, and what was left out because it depends on that. */
  lost: Set<Urn>;
  /** Resources whose deletion was refused or has failed. */
  refused: ResourceState[];
  /** Registered resources by URN: a component's outputs are yet to come. */
  finished: Map<Urn, Step>;
}

export function createExecutor(run: Run): Executor {
  const { continueOnError = false } = run.options;
  const stopping = new AbortController();
  const running = new Set<Promise<void>>();

  const fail = (step: Step, error: Error): void => {
    executor.failed = true;
    // A refusal changed nothing: continue, to show which other deletions are refused.
    const goesOn = error instanceof ProtectedError || continueOnError;
    if (goesOn) executor.refused.push(...(step.old ? [step.old] : []));
    else if (step.op !== "refresh") stopping.abort();
  };
  const lose = (chain: Step[], result: RegistrationResult): void => {
    for (const step of continueOnError ? chain : []) {
      executor.lost.add(step.urn);
      step.complete?.(result);
    }
  };
  const runChain = async (chain: Step[]): Promise<void> => {
    for (const [at, step] of chain.entries()) {
      if (stopping.signal.aborted) return;
      if (step.new && needs(step.new).some((urn) => executor.lost.has(urn))) return lose(chain, "skip");
      const error = await execute(run, step, executor.finished).catch((cause: unknown) => {
        run.report.diagnostic("error", errorOf(cause).message, step.urn);
        return errorOf(cause);
      });
      if (error) {
        fail(step, error);
        return lose(chain.slice(at), "fail");
      }
      if (step.next) chain.push(...(await step.next().catch((cause: unknown) => breakOff(step, cause))));
    }
  };
  const breakOff = (step: Step, cause: unknown): Step[] => {
    reportError(run, cause, step.urn);
    executor.broken = true;
    stopping.abort();
    return [];
  };
  const executor: Executor = {
    failed: false,
    broken: false,
    lost: new Set(),
    refused: [],
    finished: new Map(),
    stopped: stopping.signal,
    stop: () => stopping.abort(),
    async submit(chain) {
      while (running.size >= run.options.parallel && !stopping.signal.aborted) await Promise.race(running);
      if (stopping.signal.aborted) return { done: Promise.resolve() };
      const done = runChain(chain).finally(() => running.delete(done));
      running.add(done);
      return { done };
    },
    async all(steps) {
      const chains: Promise<void>[] = [];
      for (const step of steps) chains.push((await executor.submit([step])).done);
      await Promise.all(chains);
    },
    async idle() {
      while (running.size > 0) await Promise.all(running);
    },
  };
  return executor;
}

const needs = (state: ResourceState): Urn[] => [...dependenciesOf(state), state.parent ?? ""];

/** Runs one step; returns the error if it failed. */
async function execute(run: Run, step: Step, finished: Map<Urn, Step>): Promise<Error | undefined> {
  const { journal, report, preview } = run;
  if (!step.internal) report.started(step);
  if (step.operation && !preview) await journal.begin(step.operation.state, step.operation.type);
  const outcome = await step.apply();
  if (!outcome.error && step.logical && step.new) finished.set(step.urn, step);
  if (step.new && step.op !== "replace") settle(run, step, step.new);
  if (!step.internal) report.ended(step, outcome);
  if (!preview) {
    const done = !outcome.error || outcome.partial;
    await journal.end(done ? step.change() : { ...notBegun(step), write: step.operation !== undefined });
  }
  if (!outcome.error) step.complete?.();
  return outcome.error;
}

function notBegun(step: Step): { operation?: ResourceState } {
  return step.operation ? { operation: step.operation.state } : {};
}

function settle(run: Run, step: Step, state: ResourceState): void {
  const named = state.additionalSecretOutputs ?? [];
  if (state.outputs) state.outputs = markSecretOutputs(state.outputs, state.inputs ?? {}, named);
  if (!/^re(ad|fresh)/.test(step.op)) run.news.set(state.urn, state);
}
