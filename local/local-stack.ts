/** A stack on the local engine: in this process, or with the engine in a process of its own. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cliStack, type CliStack } from "./cli-stack";
import { runOperation, type OperationOptions } from "./engine";
import { toConfigKey, type Config } from "./engine/config";
import { renderDiff } from "./engine/display";
import { readProject } from "./engine/project";
import type { StartNode } from "./engine/child";
import { openStateFile } from "./engine/state-file";
import type { EngineEvent, Operation } from "./engine/types";
import { toRunResult } from "./run-result";
import type { RunOptions, RunResult, Stack, StackOptions } from "./stack";
import { PASSPHRASE, stackEnvironment } from "./stack-environment";

export type LocalRunOptions = RunOptions & Pick<OperationOptions, "admit" | "wrapProvider">;

export type LocalStack = Stack<LocalRunOptions>;

export interface LocalOptions {
  /** Starts the program and the provider host; by default as processes. */
  startNode?: StartNode;
  /** Where the state is kept; by default in a folder that `remove` takes away. */
  backendDir?: string;
}

/** The engine runs in this process. */
export function localStack(options: StackOptions, { startNode, backendDir }: LocalOptions = {}): LocalStack {
  const folder = mkdtempSync(join(tmpdir(), "local-stack-"));
  const project = readProject(options.projectDir);
  const stack = options.stack ?? "dev";
  const config: Config = {};
  const setConfig = (key: string, value: string, secret: boolean) => {
    config[toConfigKey(key, project.name)] = { value, secret };
  };
  for (const [key, value] of Object.entries(options.config ?? {})) setConfig(key, value, false);
  for (const [key, value] of Object.entries(options.secretConfig ?? {})) setConfig(key, value, true);

  const running = new Set<Promise<unknown>>();
  const stopped = new AbortController();
  const place = { backendDir: backendDir ?? folder, project: project.name, stack };
  const state = () => openStateFile({ ...place, passphrase: PASSPHRASE });

  const run = async (operation: Operation, run: LocalRunOptions = {}): Promise<RunResult> => {
    const { save, load } = await state();
    const events: EngineEvent[] = [];
    const signals = [stopped.signal, ...(run.signal ? [run.signal] : [])];
    const ended = runOperation({
      ...run,
      ...{ operation, project, stack, config, save, startNode },
      snapshot: load(),
      env: stackEnvironment(options.env, run.env),
      signal: AbortSignal.any(signals),
      onEvent: (event) => events.push(event),
    });
    running.add(ended);
    const { ok } = await ended.finally(() => running.delete(ended));
    return toRunResult(ok ? 0 : 1, renderDiff(events, { operation, stack }), events);
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

/** The engine runs in a process of its own, so that it can be killed. `script` is its command line, as JavaScript. */
export const localProcessStack = (options: StackOptions, script: string): CliStack =>
  cliStack(options, { command: [process.execPath, script], isPulumi: false });
