/** The engine as a process, which tests can kill: it is sent an operation, and sends its events and whether it succeeded. */
import { runOperation, type OperationOptions } from ".";

process.once("message", (options: Omit<OperationOptions, "onEvent">) => {
  const ended = runOperation({ ...options, onEvent: (event) => process.send?.({ event }) });
  void ended.then((ok) => process.send?.({ ok }, () => process.disconnect()));
});
process.once("disconnect", () => process.exit());
