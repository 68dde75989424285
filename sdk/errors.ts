import * as pulumi from "@pulumi/pulumi";
import { ProviderError } from "../provider/runtime/errors";

/**
 * Ends the program with this sentence alone. It has no stack: where Pulumi finds one, it inspects the error with all
 * that hangs on it, which takes many seconds for one that was thrown while a resource was being declared.
 */
export function programError(message: string): Error {
  const error = new pulumi.RunError(message);
  error.stack = "";
  return error;
}

/** Calls a function that knows nothing of Pulumi; an error of ours that it throws ends the program with its message. */
export function asProgramError<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof ProviderError ? programError(error.message) : error;
  }
}
