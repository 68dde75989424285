/**
 * Jest enables an AsyncLocalStorage for each test file (Pulumi's SDK does too) and never disables it. Until Node 24,
 * each promise then gets an entry for each of them: after 100 files, 300,000 awaits cost 3 CPU seconds instead of 0.1.
 */
import { AsyncLocalStorage } from "node:async_hooks";

const enabled = new Set<AsyncLocalStorage<unknown>>();

export function trackStorages(): void {
  const { run } = AsyncLocalStorage.prototype;
  AsyncLocalStorage.prototype.run = function (this: AsyncLocalStorage<unknown>, ...args: unknown[]) {
    enabled.add(this);
    return (run as (...args: unknown[]) => unknown).apply(this, args);
  } as typeof run;
}

export function disableStorages(): void {
  for (const storage of enabled) storage.disable();
  enabled.clear();
}
