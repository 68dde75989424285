import { getStackResource } from "@pulumi/pulumi/runtime";

/**
 * One value for each run of a program: programs that share a process (Automation API) do not meet. Outside a run
 * (unit tests with mocks) every call has a value of its own.
 */
export function perRun<T>(create: () => T): () => T {
  const values = new WeakMap<object, T>();
  return () => {
    const run = getStackResource();
    if (run === undefined) return create();
    const value = values.get(run) ?? create();
    values.set(run, value);
    return value;
  };
}
