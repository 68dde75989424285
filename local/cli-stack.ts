/** A stack on the Pulumi CLI on the PATH. */
import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { startCommand, type Command } from "./command";
import { readProjectName } from "./engine/project";
import type { EngineEvent, Operation } from "./engine/types";
import {
  toRunResult,
  type RunOptions,
  type RunResult,
  type Stack,
  type StackExport,
  type StackOptions,
} from "./stack";
import { PASSPHRASE, stackEnvironment, type Environment } from "./stack-environment";

export interface CliRunOptions extends RunOptions {
  /** The process of the command has started: tests kill it. */
  onStart?: (pid: number) => void;
  /** Folders for `--policy-pack`. */
  policyPacks?: string[];
}

export type CliStack = Stack<CliRunOptions>;

export function cliStack(options: StackOptions): CliStack {
  const folder = mkdtempSync(join(tmpdir(), "cli-stack-"));
  const stack = options.stack ?? "dev";
  // The CLI writes the stack's configuration beside Pulumi.yaml: a project of the same name takes it, so that
  // nothing is written into the user's.
  const configDir = join(folder, "project");
  const configFile = join(configDir, `Pulumi.${stack}.yaml`);
  mkdirSync(configDir);
  mkdirSync(join(folder, "backend"));
  mkdirSync(join(folder, "tmp"));
  const name = readProjectName(options.projectDir);
  writeFileSync(join(configDir, "Pulumi.yaml"), JSON.stringify({ name, runtime: "nodejs" }));

  const running = new Set<Command>();
  const start = (args: string[], more: { cwd: string } & CliRunOptions) => {
    const env = stackEnvironment(pulumiEnvironment(folder), options.env, more.env);
    const command = startCommand(["pulumi", ...args], { ...more, env, outputFile: tempFile(folder) });
    running.add(command);
    return command.ended.finally(() => running.delete(command));
  };
  const manage = async (...args: string[]): Promise<string> => {
    const { exitCode, output } = await start(args, { cwd: configDir });
    if (exitCode !== 0) throw new Error(`pulumi ${args[0]} ${args[1]}: ${output}`);
    return output;
  };
  const setAll = async (plaintext: Values = {}, secret: Values = {}): Promise<void> => {
    const values = [...flags("plaintext", plaintext), ...flags("secret", secret)];
    if (values.length > 0) await manage("config", "set-all", "--stack", stack, ...values);
  };
  const initialise = async () => {
    await manage("stack", "init", stack);
    await setAll(options.config, options.secretConfig);
  };
  let initialised: Promise<void> | undefined;
  const ready = () => (initialised ??= initialise());

  const run = async (operation: Operation, run: CliRunOptions = {}): Promise<RunResult> => {
    await ready();
    const eventLog = tempFile(folder);
    const args = operationArguments(operation, run, { stack, configFile, eventLog });
    const { exitCode, output, killed } = await start(args, { ...run, cwd: resolve(options.projectDir) });
    // It stays locked.
    if (killed) await manage("cancel", "--yes", "--stack", stack);
    return toRunResult(exitCode, output, readEvents(eventLog));
  };

  return {
    preview: (options) => run("preview", options),
    up: (options) => run("up", options),
    refresh: (options) => run("refresh", options),
    destroy: (options) => run("destroy", options),
    async setConfig(key, value, { secret = false } = {}) {
      await ready();
      await (secret ? setAll({}, { [key]: value }) : setAll({ [key]: value }));
    },
    async exportState({ showSecrets = false } = {}) {
      await ready();
      const file = tempFile(folder);
      const show = showSecrets ? ["--show-secrets"] : [];
      await manage("stack", "export", "--stack", stack, "--file", file, ...show);
      return JSON.parse(readFileSync(file, "utf8")) as StackExport;
    },
    async importState(state) {
      await ready();
      const file = tempFile(folder);
      writeFileSync(file, JSON.stringify(state));
      await manage("stack", "import", "--stack", stack, "--file", file);
    },
    async remove() {
      await Promise.all([...running].map((command) => command.stop()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

type Values = Record<string, string>;

function flags(name: string, values: Values): string[] {
  return Object.entries(values).flatMap(([key, value]) => [`--${name}`, `${key}=${value}`]);
}

function pulumiEnvironment(folder: string): Environment {
  return {
    PULUMI_HOME: join(folder, "home"),
    TMPDIR: join(folder, "tmp"),
    PULUMI_BACKEND_URL: pathToFileURL(join(folder, "backend")).href,
    PULUMI_CONFIG_PASSPHRASE: PASSPHRASE,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS: "true",
    // The option --event-log is among the commands for debugging.
    PULUMI_DEBUG_COMMANDS: "true",
  };
}

function operationArguments(
  operation: Operation,
  run: CliRunOptions,
  { stack, configFile, eventLog }: { stack: string; configFile: string; eventLog: string },
): string[] {
  return [
    operation,
    ...["--stack", stack, "--config-file", configFile, "--event-log", eventLog],
    ...["--non-interactive", "--diff", "--color", "never"],
    ...(operation === "preview" ? [] : ["--yes", "--skip-preview"]),
    ...(run.parallel === undefined ? [] : ["--parallel", String(run.parallel)]),
    ...(run.replace ?? []).flatMap((urn) => ["--replace", urn]),
    ...(run.targets ?? []).flatMap((urn) => ["--target", urn]),
    ...(run.continueOnError ? ["--continue-on-error"] : []),
    ...(run.policyPacks ?? []).flatMap((folder) => ["--policy-pack", folder]),
    ...(run.runProgram ? ["--run-program"] : []),
    ...(run.refresh ? ["--refresh"] : []),
  ];
}

function readEvents(eventLog: string): EngineEvent[] {
  if (!existsSync(eventLog)) return [];
  // What follows the last line break is cut off, where the command was killed.
  const lines = readFileSync(eventLog, "utf8").split("\n").slice(0, -1);
  const events = lines.map((line) => JSON.parse(line) as EngineEvent);
  return events.filter(({ diagnosticEvent }) => diagnosticEvent?.severity !== "debug");
}

function tempFile(folder: string): string {
  return join(folder, randomUUID());
}
