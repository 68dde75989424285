import type * as pulumi from "@pulumi/pulumi";
import { logsSent } from "./log";

type ResourceProvider<I = unknown, O = unknown> = pulumi.dynamic.ResourceProvider<I, O>;

/**
 * A provider that is loaded on its first call. A call resolves only after pending log messages have been sent, because
 * Pulumi stops the host after the last answer.
 */
export function lazyProvider<I, O>(load: () => ResourceProvider<I, O>): ResourceProvider {
  let loaded: Methods | undefined;
  const names: readonly (keyof ResourceProvider)[] = METHODS;
  const methods = names.map((name) => [
    name,
    async (...args: unknown[]) => {
      loaded ??= load() as unknown as Methods;
      try {
        return await loaded[name](...args);
      } finally {
        await logsSent();
      }
    },
  ]);
  return Object.fromEntries(methods) as ResourceProvider;
}

/** What all of them have. */
const METHODS = ["configure", "check", "diff", "create", "update", "read", "delete"] as const;
type Methods = Record<keyof ResourceProvider, (...args: unknown[]) => Promise<unknown>>;
