/** Starts Node scripts in processes that are used again: loading Pulumi's SDK takes most of a short run. */
import { fork, type ChildProcess } from "node:child_process";
import type { Socket } from "node:net";
import { join } from "node:path";
import {
  atMost,
  splitLines,
  startNode,
  type Child,
  type ChildOptions,
  type StartNode,
} from "../../../local/engine/child";
import type { FromWorker, ToWorker } from "./messages";

/** How long a script that is ended may take to finish, before its process is killed. */
const PATIENCE_MS = 1_000;
/** What scripts leave behind in a process is little, and not to grow for ever. */
const MAX_RUNS = 100;
/** Programs and provider hosts, for two stacks at once. */
const MAX_IDLE = 4;

const LAZY_PACKAGES = join(__dirname, "lazy-packages.cjs");

interface Worker {
  script: string;
  child: ChildProcess;
  runs: number;
}

export interface WarmProcesses {
  startNode: StartNode;
  /** Ends the processes that run nothing; without it, they end with this one. */
  end: () => void;
}

/** `workerFile` is worker.ts, compiled. */
export function warmProcesses(workerFile: string): WarmProcesses {
  const idle: Worker[] = [];
  const start: StartNode = (options) => {
    if (needsOwnProcess(options)) return startNode(options);
    const worker = takeWorker(idle, options.script) ?? startWorker(workerFile, options);
    return run(worker, options, () => {
      worker.runs += 1;
      if (worker.runs < MAX_RUNS) idle.push(worker);
      else worker.child.kill("SIGKILL");
      if (idle.length > MAX_IDLE) idle.shift()?.child.kill("SIGKILL");
    });
  };
  const end = () => idle.splice(0).forEach(({ child }) => child.kill("SIGKILL"));
  return { startNode: start, end };
}

/** A process keeps to one script: it has loaded what that needs. */
function takeWorker(idle: Worker[], script: string): Worker | undefined {
  const index = idle.findIndex((worker) => worker.script === script);
  const [worker] = index < 0 ? [] : idle.splice(index, 1);
  return worker && lives(worker) ? worker : undefined;
}

const lives = ({ child }: Worker): boolean => child.exitCode === null && child.signalCode === null;

/** What Node reads when it starts is the same for all runs of a process: as it is for this one. */
const needsOwnProcess = ({ env }: ChildOptions): boolean =>
  Object.entries(env).some(([name, value]) => name.startsWith("NODE_") && value !== process.env[name]);

/** It ends with this process, however that ends: its channel is closed then. */
function startWorker(file: string, { script, env }: ChildOptions): Worker {
  const child = fork(file, [], {
    execArgv: ["--require", LAZY_PACKAGES],
    env,
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  for (const stream of [child.stdout, child.stderr]) (stream as Socket).setEncoding("utf8").unref();
  return { script, child, runs: 0 };
}

function run({ child }: Worker, options: ChildOptions, release: () => void): Child {
  const { script, args, cwd, env } = options;
  keepAlive(child, true);
  const exited = endOf(child, options, release);
  let running = true;
  void exited.then(() => (running = false));
  send(child, { script, args, cwd, env });
  return {
    exited,
    async stop() {
      if (running) {
        send(child, { end: true });
        await atMost(PATIENCE_MS, exited);
      }
      if (running) child.kill("SIGKILL");
      await exited;
    },
  };
}

/** The script has ended, and its process can be used again (`release`); or the process has died. */
function endOf(child: ChildProcess, { onLine }: ChildOptions, release: () => void): Promise<number> {
  const stdout = splitLines((line) => onLine("stdout", line));
  const stderr = splitLines((line) => onLine("stderr", line));
  child.stdout?.on("data", stdout.write);
  child.stderr?.on("data", stderr.write);
  return new Promise((resolve) => {
    const onMessage = (message: FromWorker) => {
      if ("ended" in message) end(message.ended, release);
      else (message.stream === "stdout" ? stdout : stderr).write(message.text);
    };
    const onClose = (code: number | null) => end(code ?? -1);
    const end = (code: number, then?: () => void) => {
      child.off("message", onMessage).off("close", onClose);
      child.stdout?.off("data", stdout.write);
      child.stderr?.off("data", stderr.write);
      stdout.end();
      stderr.end();
      keepAlive(child, false);
      then?.();
      resolve(code);
    };
    child.on("message", onMessage).on("close", onClose);
  });
}

/** A process that has just died is heard of by its end. */
function send(child: ChildProcess, message: ToWorker): void {
  if (child.connected) child.send(message, () => {});
}

/** Between two runs, it does not keep this process from ending. */
function keepAlive(child: ChildProcess, on: boolean): void {
  if (on) child.ref();
  else child.unref();
  if (on) child.channel?.ref();
  else child.channel?.unref();
}
