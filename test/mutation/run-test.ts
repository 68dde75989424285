/** One test with its hooks, as Jest runs it. */
import { setTimeout as after } from "node:timers/promises";
import type { Test } from "./suite";

export type Ending = { kind: "passed" } | { kind: "failed"; message: string } | { kind: "timeout" };

const done = new WeakSet<() => unknown>();

async function withHooks({ body, groups }: Test): Promise<void> {
  try {
    for (const { hooks } of groups) {
      for (const hook of hooks.beforeAll.filter((one) => !done.has(one))) {
        await hook();
        done.add(hook);
      }
      for (const hook of hooks.beforeEach) await hook();
    }
    await body();
  } finally {
    for (const { hooks } of [...groups].reverse()) for (const hook of hooks.afterEach) await hook();
  }
}

/** What is thrown where nobody waits for it. */
let stray: ((error: unknown) => void) | undefined;
process.on("uncaughtException", (error) => stray?.(error));

export async function runTest(test: Test, limit: number): Promise<Ending> {
  const end = new AbortController();
  const thrown = new Promise<never>((_, reject) => (stray = reject));
  try {
    return await Promise.race([
      Promise.race([withHooks(test), thrown]).then((): Ending => ({ kind: "passed" })),
      after(limit, { kind: "timeout" } as const, { signal: end.signal }),
    ]);
  } catch (error) {
    return { kind: "failed", message: error instanceof Error ? error.message : String(error) };
  } finally {
    stray = undefined;
    end.abort();
  }
}
