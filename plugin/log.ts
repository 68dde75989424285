/** Messages to the user, each at the resource that it concerns. */
import { AsyncLocalStorage } from "node:async_hooks";
import { channelOptions, engine, grpc } from "./pulumi";

const resource = new AsyncLocalStorage<string>();

/** What is said while this runs is said at this resource. */
export const atResource = <T>(urn: string, work: () => T): T => resource.run(urn, work);

export interface Log {
  warn: (message: string) => void;
  info: (message: string) => void;
  /** Resolves when everything that was said has arrived. */
  sent: () => Promise<void>;
}

export function createLog(engineAddress: string): Log {
  let client: InstanceType<ReturnType<typeof engine>["EngineClient"]> | undefined;
  let pending: Promise<void> = Promise.resolve();

  function send(severity: "WARNING" | "INFO", message: string): void {
    const { EngineClient, LogRequest, LogSeverity } = engine();
    client ??= new EngineClient(engineAddress, grpc.credentials.createInsecure(), channelOptions);
    const to = client;
    const request = new LogRequest().setSeverity(LogSeverity[severity]).setMessage(message);
    request.setUrn(resource.getStore() ?? "");
    // An engine that is gone hears nothing, and that is no reason to fail.
    const sent = new Promise<void>((resolve) => to.log(request, () => resolve()));
    pending = Promise.all([pending, sent]).then(() => undefined);
  }

  return {
    warn: (message) => send("WARNING", message),
    info: (message) => send("INFO", message),
    sent: () => pending,
  };
}
