/** A stack on the local engine: in this process, or in one of its own where a run is to be killed. */
import { fork } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runOperation, type OperationOptions } from "./engine";
import { toConfigKey, type Config } from "./engine/config";
import { renderDiff } from "./engine/display";
import { readProject, readProjectName } from "./engine/project";
import type { StartNode } from "./engine/child";
import { openStateFile } from "./engine/state-file";
import type { EngineEvent, Operation } from "./engine/types";
import { toRunResult, type RunOptions, type RunResult, type Stack, type StackOptions } from "./stack";
import { PASSPHRASE, stackEnvironment, type Environment } from "./stack-environment";

export interface LocalRunOptions extends RunOptions, Pick<OperationOptions, "admit" | "wrapProvider"> {
  /** The engine has started in a process of its own. */
  onStart?: (pid: number) => void;
}

export type LocalStack = Stack<LocalRunOptions>;

export interface LocalOptions {
  /** Starts the program and the provider host; by default as processes. */
  startNode?: StartNode;
  /** engine/process.ts, compiled, for runs with `onStart`, and what is added to their environment. */
  apart?: { script: string; env: Environment };
}

/** The engine runs in this process. */
export function localStack(options: StackOptions, { startNode, apart }: LocalOptions = {}): LocalStack {
  const folder = mkdtempSync(join(tmpdir(), "local-stack-"));
  const name = readProjectName(options.projectDir);
  const stack = options.stack ?? "dev";
  const config: Config = {};
  const setConfig = (key: string, value: string, secret: boolean) => {
    config[toConfigKey(key, name)] = { value, secret };
  };
  for (const [key, value] of Object.entries(options.config ?? {})) setConfig(key, value, false);
  for (const [key, value] of Object.entries(options.secretConfig ?? {})) setConfig(key, value, true);

  const running = new Set<Promise<unknown>>();
  const stopped = new AbortController();
  const place = { backendDir: folder, project: name, stack, passphrase: PASSPHRASE };
  const state = () => openStateFile(place);

  const run = async (operation: Operation, run: LocalRunOptions = {}): Promise<RunResult> => {
    const events: EngineEvent[] = [];
    const signals = [stopped.signal, ...(run.signal ? [run.signal] : [])];
    const operationOptions: OperationOptions = {
      ...run,
      ...{ operation, stack, config, startNode, state: place },
      project: readProject(options.projectDir),
      env: stackEnvironment(options.env, run.env),
      signal: AbortSignal.any(signals),
      onEvent: (event) => events.push(event),
    };
    const ended =
      apart && run.onStart
        ? runApart(apart, operationOptions, run.onStart)
        : runOperation(operationOptions).then((ok) => (ok ? 0 : 1));
    running.add(ended);
    const exitCode = await ended.finally(() => running.delete(ended));
    return toRunResult(exitCode, renderDiff(events, { operation, stack }), events);
  };

  return {
    preview: (options) => run("preview", options),
    up: (options) => run("up", options),
    refresh: (options) => run("refresh", options),
    destroy: (options) => run("destroy", options),
    setConfig: async (key, value, { secret = false } = {}) => setConfig(key, value, secret),
    exportState: async (options) => (await state()).export(options),
    importState: async (exported) => (await state()).import(exported),
    async remove() {
      stopped.abort();
      await Promise.allSettled(running);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Resolves with the exit code: -1 where the process was killed. */
function runApart(
  { script, env }: Required<LocalOptions>["apart"],
  { onEvent, signal, ...operation }: OperationOptions,
  onStart: (pid: number) => void,
): Promise<number> {
  const child = fork(script, { stdio: ["ignore", "ignore", "inherit", "ipc"] });
  child.send({ ...operation, env: { ...env, ...operation.env } });
  signal?.addEventListener("abort", () => child.kill("SIGKILL"));
  if (child.pid !== undefined) onStart(child.pid);
  let exitCode = -1;
  child.on("message", (message: { event: EngineEvent } | { ok: boolean }) => {
    if ("event" in message) onEvent(message.event);
    else exitCode = message.ok ? 0 : 1;
  });
  return new Promise((resolve) => child.once("close", () => resolve(exitCode)));
}
