import { safeMessage } from "./untrusted-text";

/**
 * An error that is meant for the user: its message says everything. It has no stack, because Pulumi's provider
 * host prints one where it finds it.
 */
export class ProviderError extends Error {
  /** Of a write: the API may have carried it out, and nobody knows. */
  mayBeWritten = false;

  constructor(message: string, options?: ErrorOptions) {
    super(safeMessage(message), options);
    this.name = new.target.name;
    this.stack = "";
  }

  override toString(): string {
    return this.message;
  }
}

/** Says of the error of a write that the API may have carried it out. Other writes can have the same error, and keep theirs. */
export function withMayBeWritten(error: unknown): unknown {
  if (!(error instanceof ProviderError) || error.mayBeWritten) return error;
  return Object.assign(Object.create(error) as ProviderError, { mayBeWritten: true });
}
