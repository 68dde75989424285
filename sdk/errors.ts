import * as pulumi from "@pulumi/pulumi";
import { ProviderError } from "../provider/runtime/errors";
import { safeLines } from "../provider/runtime/untrusted-text";

/**
 * Ends the program with this sentence alone. It has no stack: where Pulumi finds one, it inspects the error with all
 * that hangs on it, which takes many seconds for one that was thrown while a resource was being declared.
 */
export function programError(text: string): Error {
  const message = safeLines(text);
  const error = new pulumi.RunError(message);
  error.stack = "";
  // Pulumi puts the name of the input in front that it was about to send; the message names what the user wrote.
  Object.defineProperty(error, "message", { get: () => message, set() {} });
  return error;
}

/**
 * Calls a function that knows nothing of Pulumi; an error of ours that it throws ends the program with its message.
 *
 * @param prefix What the message is about, where it does not say so itself: a function of ours.
 */
export function asProgramError<T>(work: () => T, prefix?: string): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    throw programError(prefix === undefined ? error.message : `${prefix}: ${error.message}`);
  }
}
