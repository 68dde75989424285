/** A Node process of the engine: its output line by line, its end, and no life beyond the engine's. */
import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import type { Readable } from "node:stream";

const END_WITH_ENGINE = join(__dirname, "end-with-engine.cjs");
const PATIENCE_MS = { interrupt: 1_000, output: 500 };

export type Stream = "stdout" | "stderr";

export interface ChildOptions {
  script: string;
  args: string[];
  cwd: string;
  env: Record<string, string>;
  onLine: (stream: Stream, line: string) => void;
}

export interface Child {
  /** Resolves with the exit code (-1 after a signal) when the process has ended and its output was read. */
  exited: Promise<number>;
  /** Ends the process and all that it started: politely first. */
  stop: () => Promise<void>;
}

/** How the program and the provider host are started: `startNode`, or a double of it in tests. */
export type StartNode = (options: ChildOptions) => Child;

export function startNode(options: ChildOptions): Child {
  const nodeArgs = ["-r", END_WITH_ENGINE, options.script, ...options.args];
  const child = spawn(process.execPath, nodeArgs, {
    cwd: options.cwd,
    env: options.env,
    // Its own process group, so that Ctrl-C in a terminal reaches the engine alone, which lets running steps end.
    detached: true,
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  });
  const read = Promise.all([
    eachLine(child.stdout as Readable, (line) => options.onLine("stdout", line)),
    eachLine(child.stderr as Readable, (line) => options.onLine("stderr", line)),
  ]);
  const ended = endOf(child);
  // A process that the child started may hold its output open: that must not hold up the run.
  const exited = ended.then(async (code) => {
    await atMost(PATIENCE_MS.output, read);
    return code;
  });
  return { exited, stop: () => stop(child, ended, exited) };
}

function endOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    child.once("error", () => resolve(-1));
    child.once("exit", (code) => resolve(code ?? -1));
  });
}

async function stop(child: ChildProcess, ended: Promise<number>, exited: Promise<number>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return void (await exited);
  kill(child, "SIGINT");
  await atMost(PATIENCE_MS.interrupt, ended);
  kill(child, "SIGKILL");
  await exited;
}

function kill(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group is gone already.
  }
}

function eachLine(stream: Readable, onLine: (line: string) => void): Promise<void> {
  const lines = splitLines(onLine);
  stream.setEncoding("utf8");
  stream.on("data", (text: string) => lines.write(text));
  return new Promise((resolve) => {
    stream.once("close", () => {
      lines.end();
      resolve();
    });
  });
}

export function splitLines(onLine: (line: string) => void) {
  let rest = "";
  return {
    write: (chunk: string): void => {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) onLine(`${line}\n`);
    },
    end: (): void => {
      if (rest !== "") onLine(rest);
      rest = "";
    },
  };
}

/** Waits for `promise`, but not longer than this. */
export async function atMost<T>(milliseconds: number, promise: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), milliseconds);
  });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
