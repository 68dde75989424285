import * as pulumi from "@pulumi/pulumi";

/**
 * Ends the program with this sentence alone. It has no stack: where Pulumi finds one, it inspects the error with all
 * that hangs on it, which takes many seconds for one that was thrown while a resource was being declared.
 */
export function programError(message: string): Error {
  const error = new pulumi.RunError(message);
  error.stack = "";
  return error;
}
