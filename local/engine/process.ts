/** The engine as a process, which tests can kill: it is sent an operation, and sends its events and whether it succeeded. */
import { operate, type StackOperation } from "./operate";

process.once("message", (operation: Omit<StackOperation, "onEvent">) => {
  const ended = operate({ ...operation, onEvent: (event) => process.send?.({ event }) });
  void ended.then((ok) => process.send?.({ ok }, () => process.disconnect()));
});
process.once("disconnect", () => process.exit());
