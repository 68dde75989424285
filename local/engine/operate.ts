/** An operation on a stack whose state is on the disk. */
import { runOperation, type OperationOptions } from ".";
import { openStateFile, type StateFileOptions } from "./state-file";

export interface StackOperation extends Omit<OperationOptions, "save" | "snapshot"> {
  state: StateFileOptions;
}

/** @returns whether it succeeded */
export async function operate(operation: StackOperation): Promise<boolean> {
  const { save, load } = await openStateFile(operation.state);
  const { ok } = await runOperation({ ...operation, save, snapshot: load() });
  return ok;
}
