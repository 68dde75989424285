/** Messages to the user, through Pulumi's engine. */

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

let pendingLogs: Promise<unknown> = Promise.resolve();

/** The SDK's log brings gRPC with it, and most runs have nothing to say: it is loaded when there is something. */
async function log(severity: "warn" | "info", message: string): Promise<void> {
  const sdk = await import("@pulumi/pulumi/log/index.js");
  connect();
  await sdk[severity](message);
}

export function warn(message: string): void {
  pendingLogs = Promise.all([pendingLogs, log("warn", message)]).catch(() => undefined);
}

export function info(message: string): void {
  pendingLogs = Promise.all([pendingLogs, log("info", message)]).catch(() => undefined);
}

/** Resolves when the messages so far have arrived. */
export const logsSent = (): Promise<unknown> => pendingLogs;
