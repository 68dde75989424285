/** One life of a stack, or of a script, in one way: what each operation took, and what came in at GitHub. */
import { join } from "node:path";
import type { RunResult, Stack, StackExport, StackOptions } from "../../local/stack";
import { OPERATIONS, type Case, type Operation } from "../cases";
import type { BenchServer, Traffic } from "../server";
import { writes, type Way } from "../ways";
import { environmentOf, runScript } from "./script";

export interface Sample extends Omit<Traffic, "deployed"> {
  operation: Operation;
  seconds: number;
}

export interface Life {
  samples: Sample[];
  /** The state after the records were created. */
  state?: StackExport;
}

export type NewStack = (options: StackOptions) => Stack;

const BENCH = join(__dirname, "..");

export async function lifeOf(newStack: NewStack, way: Way, one: Case, server: BenchServer): Promise<Life> {
  if (way === "octokit-loop") return { samples: [await loop(one, server)] };
  const stack = newStack({ projectDir: join(BENCH, "program"), env: environmentOf(server) });
  const life: Life = { samples: [] };
  try {
    // Sets the stack up, which is nothing to measure.
    await stack.exportState();
    for (const operation of OPERATIONS.filter((name) => one.operations.includes(name))) {
      const run = () => succeed(`${operation} of ${one.count}, ${way}`, start(stack, operation, way, one));
      life.samples.push(await sample(operation, way, one, server, run));
      if (operation === "create") life.state = await stack.exportState();
    }
  } finally {
    await stack.remove();
  }
  return life;
}

function start(stack: Stack, operation: Operation, way: Way, { count, parallel }: Case) {
  const CHANGED = String(operation === "one changed");
  const options = { parallel, env: { WAYS: way, COUNT: String(count), CHANGED } };
  switch (operation) {
    case "preview":
    case "refresh":
    case "destroy":
      return stack[operation](options);
    default:
      return stack.up(options);
  }
}

async function succeed(what: string, running: Promise<RunResult>): Promise<void> {
  const { exitCode, output } = await running;
  if (exitCode !== 0) throw new Error(`${what}: exit code ${exitCode}\n${output.slice(-4_000)}`);
}

const loop = (one: Case, server: BenchServer): Promise<Sample> =>
  sample("create", "octokit-loop", one, server, async () => {
    await runScript("octokit-loop.mjs", one.count, server);
  });

async function sample(
  operation: Operation,
  way: Way,
  { count }: Case,
  server: BenchServer,
  run: () => Promise<void>,
): Promise<Sample> {
  const started = performance.now();
  await run();
  const seconds = (performance.now() - started) / 1000;
  const { deployed, ...traffic } = await server.traffic();
  const expected = writes(way) && operation !== "preview" && operation !== "destroy" ? count : 0;
  if (deployed !== expected)
    throw new Error(`${operation}, ${way}: ${deployed} records are deployed instead of ${expected}`);
  return { operation, seconds, ...traffic };
}
