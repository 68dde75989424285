/** One deployment from its first event to its summary. */
import type { Deployment, DeploymentResult, PropertyMap, Urn } from "../types";
import { createExecutor, type Executor } from "./executor";
import { refreshAll } from "./reading";
import { readSteps, registerSteps } from "./register";
import { startProgram, type ProgramEvent, type Source } from "./registrar";
import { removeUnregistered } from "./removals";
import { Bail, createRun, reportError, type Run } from "./run";
import { createUrn, qualifiedType, STACK_TYPE } from "./urn";
import { equal } from "./values";

export async function runDeployment(options: Deployment): Promise<DeploymentResult> {
  const run = createRun(options);
  const executor = createExecutor(run);
  const stop = (): void => executor.stop();
  options.signal?.addEventListener("abort", stop);
  if (options.signal?.aborted) stop();
  const ok = await performAndSave(run, executor).catch((error: unknown) => {
    reportError(run, error);
    return false;
  });
  options.signal?.removeEventListener("abort", stop);
  run.report.summary(ok);
  return {
    ok,
    snapshot: run.preview ? options.snapshot : run.journal.snapshot(),
    changes: run.report.changes,
  };
}

async function performAndSave(run: Run, executor: Executor): Promise<boolean> {
  const ok = await perform(run, executor);
  if (!run.preview) await run.journal.flush();
  return ok;
}

async function perform(run: Run, executor: Executor): Promise<boolean> {
  const { operation, refresh, replace = [], targets = [] } = run.options;
  const usesProgram = operation === "preview" || operation === "up";
  requireKnown(run, usesProgram && !refresh ? [] : targets);
  if (refresh) await refreshAll(run, executor);
  else if (operation === "up" || operation === "destroy") warnOfPendingOperations(run);
  if (executor.failed || executor.stopped.aborted) return verdict(run, executor, false);
  requireKnown(run, replace);
  const hasProgram = usesProgram || run.options.runProgram;
  const source = hasProgram ? startProgramOf(run, executor.stopped) : undefined;
  const broken = await evaluate(run, executor, source);
  await executor.idle();
  source?.close();
  const isBroken = broken || executor.broken;
  const errored = isBroken || executor.failed || run.plan.failed;
  if (usesProgram) await finishStack(run, executor, errored);
  return verdict(run, executor, isBroken);
}

function startProgramOf({ options, providers }: Run, stopped: AbortSignal): Source {
  const { program, config = {}, operation } = options;
  if (!program) throw new Error(`${operation} needs a program`);
  return startProgram(program, { config, stopped, invoke: providers.invoke });
}

/** Handles one event after the other; true if the run was aborted by an error that was reported. */
async function evaluate(run: Run, executor: Executor, source: Source | undefined): Promise<boolean> {
  for (;;) {
    const event = source ? await source.next() : ({ kind: "ended" } as const);
    if (!event) return false;
    try {
      if (event.kind === "failed") throw event.error;
      if (event.kind === "ended") {
        // Deletions begin when everything else is done.
        await executor.idle();
        const finish = run.options.operation === "refresh" ? refreshAll : removeUnregistered;
        if (!executor.stopped.aborted) await finish(run, executor);
        return false;
      }
      await handle(run, executor, event);
    } catch (error) {
      reportError(run, error, urnOf(run, event));
      executor.stop();
      return true;
    }
  }
}

function urnOf(run: Run, event: ProgramEvent): Urn | undefined {
  if (event.kind === "outputs") return event.urn;
  if (event.kind !== "register" && event.kind !== "read") return undefined;
  return createUrn(run.naming, event.goal.parent, event.goal.type, event.goal.name);
}

type Request = Exclude<ProgramEvent, { kind: "ended" | "failed" }>;

async function handle(run: Run, executor: Executor, event: Request): Promise<void> {
  if (event.kind === "register") {
    await executor.submit(await registerSteps(run, event.goal, event.provider, event.reply));
  } else if (event.kind === "read") {
    await executor.submit(readSteps(run, event.goal, event.provider, event.reply));
  } else {
    if (qualifiedType(event.urn) === STACK_TYPE) run.plan.stackOutputs = event;
    else if (!executor.lost.has(event.urn)) await setOutputs(run, executor, event.urn, event.outputs);
    event.reply();
  }
}

async function setOutputs(run: Run, executor: Executor, urn: Urn, outputs: PropertyMap): Promise<void> {
  const step = executor.finished.get(urn);
  if (!step?.new) throw new Error(`cannot complete a resource '${urn}' whose registration isn't pending`);
  executor.finished.delete(urn);
  step.new.outputs = outputs;
  run.report.outputs(step);
  const unchanged = step.old !== undefined && equal(step.old.outputs ?? {}, outputs);
  if (!run.preview) await run.journal.end({ write: !unchanged });
}

/** After an error an output that is missing is not gone: the program may not have reached it. */
async function finishStack(run: Run, executor: Executor, errored: boolean): Promise<void> {
  const last = run.plan.stackOutputs;
  if (!last) return;
  const before = errored ? (run.olds.get(last.urn)?.outputs ?? {}) : {};
  await setOutputs(run, executor, last.urn, { ...before, ...last.outputs });
}

function verdict(run: Run, executor: Executor, broken: boolean): boolean {
  if (broken) return false;
  const kind = run.preview ? "preview" : "update";
  if (executor.failed || run.plan.failed) run.report.diagnostic("error", `${kind} failed`);
  else if (executor.stopped.aborted) run.report.diagnostic("error", `${kind} canceled`);
  else return true;
  return false;
}

function requireKnown(run: Run, targets: Urn[]): void {
  const known = new Set(run.journal.base.map((state) => state.urn));
  const unknown = targets.filter((urn) => !known.has(urn));
  for (const urn of unknown) {
    const hint = urn.includes("$") ? "" : " Did you forget to escape $ in your shell?";
    run.report.diagnostic("error", `Target '${urn}' could not be found in the stack.${hint}`);
  }
  if (unknown.length > 0) throw new Bail();
}

function warnOfPendingOperations(run: Run): void {
  const operations = run.options.snapshot.pendingOperations;
  if (operations.length === 0) return;
  const list = operations.map(({ resource, type }) => `  * ${resource.urn}, interrupted while ${type}\n`);
  const message =
    `Attempting to deploy or update resources with ${operations.length} pending operations from previous ` +
    `deployment.\n${list.join("")}Their resources are in an unknown state. \`pulumi refresh\` reads them again.`;
  run.report.diagnostic("warning", message);
}
