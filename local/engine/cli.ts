/** The local engine as a command, with the arguments of the Pulumi CLI as far as its operations go. */
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { runOperation } from ".";
import { openConfig, readConfigFile, toConfigKey, writeConfigFile, type ConfigFile } from "./config";
import { createRenderer } from "./display";
import { readProject, type Project } from "./project";
import { openStateFile, type StateFile } from "./state-file";
import type { Operation, StackExport } from "./types";

const OPERATIONS: readonly string[] = ["preview", "up", "refresh", "destroy"] satisfies Operation[];

const { positionals, values: flags } = parseArgs({
  allowPositionals: true,
  options: {
    stack: { type: "string", default: "dev" },
    "config-file": { type: "string" },
    "event-log": { type: "string" },
    file: { type: "string" },
    "show-secrets": { type: "boolean" },
    plaintext: { type: "string", multiple: true, default: [] },
    secret: { type: "string", multiple: true, default: [] },
    parallel: { type: "string" },
    replace: { type: "string", multiple: true },
    target: { type: "string", multiple: true },
    "continue-on-error": { type: "boolean" },
    "run-program": { type: "boolean" },
    // How the local engine behaves anyway.
    yes: { type: "boolean" },
    "skip-preview": { type: "boolean" },
    "non-interactive": { type: "boolean" },
    diff: { type: "boolean" },
    color: { type: "string" },
  },
});

interface Context {
  project: Project;
  stack: string;
  configFile: string;
  content: ConfigFile;
  state: StateFile;
}

async function main(): Promise<number> {
  const [command = "", subcommand = ""] = positionals;
  const context = await open(flags.stack);
  if (OPERATIONS.includes(command)) return operate(command as Operation, context);
  switch (`${command} ${subcommand}`) {
    case "config set-all":
      await setAll(context);
      return 0;
    case "stack export": {
      const state = context.state.export({ showSecrets: flags["show-secrets"] });
      writeFileSync(flags.file ?? 1, `${JSON.stringify(state, null, 4)}\n`);
      return 0;
    }
    case "stack import":
      await context.state.import(JSON.parse(readFileSync(flags.file ?? 0, "utf8")) as StackExport);
      return 0;
    default:
      throw new Error(`unknown command: ${positionals.join(" ")}`);
  }
}

async function open(stack: string): Promise<Context> {
  const project = readProject(process.cwd());
  const configFile = flags["config-file"] ?? join(project.rootDir, `Pulumi.${stack}.yaml`);
  const content = readConfigFile(configFile);
  const backend = process.env.PULUMI_BACKEND_URL ?? "";
  if (!backend.startsWith("file://")) throw new Error("PULUMI_BACKEND_URL must name a folder: file://…");
  const state = await openStateFile({
    backendDir: fileURLToPath(backend),
    project: project.name,
    stack,
    passphrase: process.env.PULUMI_CONFIG_PASSPHRASE ?? "",
  });
  return { project, stack, configFile, content, state };
}

async function setAll({ project, configFile, content, state }: Context): Promise<void> {
  const config = { ...content.config };
  for (const assignment of flags.plaintext) {
    const [key = "", value = ""] = assignment.split(/=(.*)/s);
    config[toConfigKey(key, project.name)] = value;
  }
  for (const assignment of flags.secret) {
    const [key = "", value = ""] = assignment.split(/=(.*)/s);
    config[toConfigKey(key, project.name)] = { secure: state.crypter.encrypt(value) };
  }
  writeConfigFile(configFile, { ...content, config });
  // The state says with which key the secrets are encrypted.
  if (flags.secret.length > 0) await state.save(state.load());
}

async function operate(operation: Operation, context: Context): Promise<number> {
  const { project, stack, content, state } = context;
  const renderer = createRenderer({ operation, stack });
  const interrupt = new AbortController();
  process.on("SIGINT", () => (interrupt.signal.aborted ? process.exit(1) : interrupt.abort()));
  process.stdout.write(renderer.headline);
  const { ok } = await runOperation({
    ...{ operation, project, stack },
    config: openConfig(content, project.name, state.crypter),
    snapshot: state.load(),
    save: state.save,
    env: process.env as Record<string, string>,
    parallel: flags.parallel === undefined ? undefined : Number(flags.parallel),
    replace: flags.replace,
    targets: flags.target,
    continueOnError: flags["continue-on-error"],
    runProgram: flags["run-program"],
    signal: interrupt.signal,
    onEvent(event) {
      if (flags["event-log"] !== undefined) appendFileSync(flags["event-log"], `${JSON.stringify(event)}\n`);
      process.stdout.write(renderer.render(event));
    },
  });
  return ok ? 0 : 1;
}

main().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
