/** A command in a process and session of its own, its output in one file as a terminal would show it. */
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { atMost } from "./engine/child";

const INSTALL = "install the Pulumi CLI (https://www.pulumi.com/docs/install/)";

/** As long as the command may take to let running steps end. */
const INTERRUPT_PATIENCE_MS = 5_000;

export interface CommandOptions {
  cwd: string;
  env: Record<string, string>;
  outputFile: string;
  /** Ctrl-C. */
  signal?: AbortSignal;
  onStart?: (pid: number) => void;
}

export type Command = ReturnType<typeof startCommand>;

export function startCommand([program = "", ...args]: string[], options: CommandOptions) {
  const output = openSync(options.outputFile, "a");
  const { cwd, env } = options;
  const child = spawn(program, args, { cwd, env, detached: true, stdio: ["ignore", output, output] });
  closeSync(output);
  const interrupt = () => void child.kill("SIGINT");
  options.signal?.addEventListener("abort", interrupt);
  if (options.signal?.aborted) interrupt();

  const ended = endOf(child).then((code) => {
    options.signal?.removeEventListener("abort", interrupt);
    if (code === null) killSession(child);
    return { exitCode: code ?? -1, output: readFileSync(options.outputFile, "utf8"), killed: code === null };
  });
  if (child.pid !== undefined) options.onStart?.(child.pid);
  return {
    ended,
    async stop() {
      interrupt();
      await atMost(INTERRUPT_PATIENCE_MS, ended);
      child.kill("SIGKILL");
      await ended;
    },
  };
}

function endOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once("error", (error: NodeJS.ErrnoException) =>
      reject(
        error.code === "ENOENT" ? new Error(`${child.spawnfile} is not on the PATH: ${INSTALL}`) : error,
      ),
    );
    child.once("exit", resolve);
  });
}

/** The plugins of a Pulumi CLI that is killed stay behind, in process groups of their own. */
function killSession({ pid }: ChildProcess): void {
  const processes = execFileSync("ps", ["-A", "-o", "pid=,sess="], { encoding: "utf8" });
  for (const line of processes.split("\n")) {
    const [process_, session] = line.trim().split(/\s+/).map(Number);
    if (process_ === undefined || session !== pid) continue;
    try {
      process.kill(process_, "SIGKILL");
    } catch {
      // It has just ended.
    }
  }
}
