/** Tells the user, through the engine. */

/** What of the SDK's own store is needed here; it has no public name. */
interface Store {
  settings?: { options?: { engineAddr?: string } };
}

/**
 * Pulumi's provider host is given the engine's address as its argument and tells the SDK's log nothing of it: a warning
 * would be one more line of output, not counted and easily missed.
 */
function connect(): void {
  const [, script = "", address = ""] = process.argv;
  const options = (globalThis as { globalStore?: Store }).globalStore?.settings?.options;
  if (options && !options.engineAddr && script.includes("dynamic-provider") && /:\d+$/.test(address))
    options.engineAddr = address;
}

let told: Promise<unknown> = Promise.resolve();

/** The SDK's log brings gRPC with it, and most runs have nothing to say: it is loaded when there is something. */
async function say(severity: "warn" | "info", message: string): Promise<void> {
  const log = await import("@pulumi/pulumi/log/index.js");
  connect();
  await log[severity](message);
}

export function warn(message: string): void {
  told = Promise.all([told, say("warn", message)]).catch(() => undefined);
}

export function info(message: string): void {
  told = Promise.all([told, say("info", message)]).catch(() => undefined);
}

/** The host is ended when the last operation has answered: what was said before that is to arrive. */
export function thenTold<P extends object>(provider: P): P {
  const methods = Object.entries(provider) as [string, (...args: unknown[]) => Promise<unknown>][];
  const wrapped = methods.map(([name, method]) => [
    name,
    (...args: unknown[]) => method(...args).finally(() => told),
  ]);
  return Object.fromEntries(wrapped) as P;
}
