import { inspect } from "node:util";

/** Jest gives tests a copy of it, on which no rejection is seen. */
const real = (inspect.constructor as FunctionConstructor)("return process")() as NodeJS.Process;

/** The messages with which a program would end, each once: Pulumi's runner prints what nobody has caught. */
export async function programErrorsOf(run: () => unknown): Promise<string[]> {
  const errors = new Set<unknown>();
  const listeners = real.rawListeners("unhandledRejection") as NodeJS.UnhandledRejectionListener[];
  real.removeAllListeners("unhandledRejection");
  real.on("unhandledRejection", (error) => errors.add(error));
  try {
    await run();
    let seen = -1;
    for (let quiet = 0; quiet < 20; quiet++) {
      if (seen !== errors.size) quiet = 0;
      seen = errors.size;
      await new Promise((resolve) => setImmediate(resolve));
    }
  } finally {
    real.removeAllListeners("unhandledRejection");
    for (const listener of listeners) real.on("unhandledRejection", listener);
  }
  return [...errors].map((error) => (error as Error).message);
}
