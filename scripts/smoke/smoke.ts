/** The smoke test: GitHub's answers to what is open, and the life cycle of a program's records. It retires what it wrote. */
import { createRunContext } from "../../provider/create-run-context";
import type { Environment } from "../../provider/config/lookup";
import { isAttested } from "../../provider/github/attestations";
import { createInterruption } from "../../provider/runtime/interruption";
import type { Stack, StackOptions } from "../../local/stack";
import { join } from "node:path";
import { lifeCycle } from "./life-cycle";
import { limit, questions, soon } from "./questions";
import type { Asking, Clock, Question } from "./questions";
import { createRecords } from "./records";
import type { Records, Target } from "./records";

export interface SmokeOptions {
  target: Target;
  environment: Environment;
  newStack: (options: StackOptions) => Stack;
  clock: Clock;
  /** Also the question that uses up a limit. */
  withLimit?: boolean;
  /** Without the life cycle. */
  questionsOnly?: boolean;
  /** Ctrl-C. */
  signal: AbortSignal;
  print: (line: string) => void;
}

/** @returns the exit code: 0 where every question has an answer and the life cycle came out as it should */
export async function smoke(options: SmokeOptions): Promise<number> {
  const { target, environment, signal, print, clock } = options;
  const interruption = createInterruption();
  signal.addEventListener("abort", () => interruption.begin());
  const runtime = { environment, warn: print, info: print, now: clock.now };
  const context = createRunContext({ ...runtime, sleep: clock.sleep, interruption });
  // A limit is an answer here, and is not waited for.
  context.configure({
    get: (key) => (key === "artifact-metadata:timeoutSeconds" ? "30" : undefined),
  });
  const records = createRecords(() => context.github(), target);
  try {
    const { org, digest, githubRepository } = target;
    if (githubRepository === undefined && !(await isAttested(context.github(), org, digest)))
      throw new Error(`${digest} has no provenance attestation in ${org}: attest it, or give --repository`);
    return await run(options, records);
  } catch (error) {
    print(
      signal.aborted ? "Interrupted." : `Failed: ${error instanceof Error ? error.message : String(error)}`,
    );
    return 1;
  } finally {
    // Not with what was interrupted.
    const cleaner = createRunContext({ ...runtime, sleep: clock.sleep });
    const { retired, failed } = await records.cleanUp(() => cleaner.github());
    print(`Retired ${retired} records of the environment ${target.environment}.`);
    for (const one of failed) print(`NOT retired: ${one}`);
  }
}

async function run(options: SmokeOptions, records: Records): Promise<number> {
  const { target, environment, clock, signal, print, newStack, withLimit, questionsOnly } = options;
  const asking: Asking = { records, clock, signal, lag: { milliseconds: 0, lists: 0 } };
  print("Questions");
  let open = 0;
  for (const one of [soon, ...questions, ...(withLimit ? [limit] : [])]) {
    signal.throwIfAborted();
    if (!(await ask(one, asking, options))) open++;
  }
  if (questionsOnly) return open > 0 ? 1 : 0;
  print("Life cycle");
  const stack = newStack({ projectDir: join(__dirname, "program"), env: settingsIn(environment) });
  try {
    const wait = 2 * asking.lag.milliseconds;
    await lifeCycle({ ...{ stack, target, records, clock, wait, signal, print } });
  } finally {
    await stack.remove();
  }
  return open > 0 ? 1 : 0;
}

async function ask(
  { question, answer }: Question,
  asking: Asking,
  { signal, print }: SmokeOptions,
): Promise<boolean> {
  try {
    print(`  ${question}  ${await answer(asking)}`);
    return true;
  } catch (error) {
    if (signal.aborted) throw error;
    print(`  ${question}  no answer: ${error instanceof Error ? error.message : String(error)}`);
    return false;
  }
}

/** What the provider reads from the environment. */
function settingsIn(environment: Environment): Record<string, string> {
  const names = /^(GITHUB|GH)_|^(https?|no)_proxy$/i;
  return Object.fromEntries(
    Object.entries(environment).filter(
      (entry): entry is [string, string] => names.test(entry[0]) && entry[1] !== undefined,
    ),
  );
}
