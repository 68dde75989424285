/** The user's program: the SDK's own `cmd/run` in a process, started as Pulumi's language host starts it. */
import { createRequire } from "node:module";
import { join } from "node:path";
import { startNode, type Child, type StartNode } from "./child";
import type { Config } from "./config";
import { Bail } from "./core/run";
import { lineDiagnostic } from "./diagnostics";
import type { Project } from "./project";
import type { EventBody } from "./types";

/** The SDK's exit code for: the user has been told already what went wrong. */
const USER_WAS_TOLD = 32;

export interface ProgramOptions {
  project: Project;
  stack: string;
  config: Config;
  dryRun: boolean;
  parallel: number;
  monitorAddress: string;
  engineAddress: string;
  env: Record<string, string>;
  startNode?: StartNode;
  emit: (event: EventBody) => void;
}

export interface RunningProgram {
  /** Resolves when the process has ended well; rejects with what the user must still be told, or with Bail. */
  done: Promise<void>;
  /** Resolves when the process has ended, however. */
  ended: Child["exited"];
  stop: Child["stop"];
}

export function startProgram(options: ProgramOptions): RunningProgram {
  const { project, emit } = options;
  const child = (options.startNode ?? startNode)({
    script: resolveSdk(project, "@pulumi/pulumi/cmd/run"),
    args: programArguments(options),
    cwd: project.programDir,
    env: { ...options.env, ...programEnvironment(options) },
    onLine: (stream, line) => lineDiagnostic(stream, line).forEach(emit),
  });
  const done = child.exited.then((code) => {
    if (code === 0) return;
    if (code === USER_WAS_TOLD) throw new Bail();
    throw new Error(`an unhandled error occurred: Program exited with non-zero exit code: ${code}`);
  });
  // The run may have ended for another reason before anybody waits for the program.
  done.catch(() => {});
  return { done, ended: child.exited, stop: child.stop };
}

/** The SDK that the program itself loads. */
export function resolveSdk(project: Project, module: string): string {
  try {
    return createRequire(join(project.programDir, "index.js")).resolve(module);
  } catch {
    throw new Error(
      "It looks like the Pulumi SDK has not been installed. Have you run pulumi install?\n" +
        `(${module} was not found from ${project.programDir})`,
    );
  }
}

function programArguments({ project, stack, ...options }: ProgramOptions): string[] {
  const flags = {
    monitor: options.monitorAddress,
    engine: options.engineAddress,
    organization: "organization",
    project: project.name,
    "root-directory": project.rootDir,
    stack,
    pwd: project.programDir,
  };
  return [
    ...Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value]),
    ...(options.dryRun ? ["--dry-run"] : []),
    "--parallel",
    String(options.parallel),
    project.entryPoint,
  ];
}

function programEnvironment({ project, config }: ProgramOptions): Record<string, string> {
  const entries = Object.entries(config);
  // The SDK reads both forms of keys; Pulumi's language host writes the old one.
  const values = entries.map(([key, { value }]) => [key.replace(":", ":config:"), value]);
  const secretKeys = entries.filter(([, { secret }]) => secret).map(([key]) => key);
  return {
    PULUMI_CONFIG: JSON.stringify(Object.fromEntries(values)),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(secretKeys),
    ...(project.typescript ? { PULUMI_NODEJS_TYPESCRIPT: "true" } : {}),
  };
}
