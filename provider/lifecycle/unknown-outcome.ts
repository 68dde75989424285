/**
 * A write that failed and that the API may have carried out: what is there now is not known. Pulumi saves the resource with
 * the error, and writes it again in the next run, whatever its diff finds: the program may have gone back to what the state has.
 */
import { MissingArtifactError } from "../github/errors";
import { ProviderError } from "../runtime/errors";
import { compact } from "../runtime/values";

/** Of an artifact that GitHub does not know in the end, it has written no record before. */
export const mayBeWritten = (error: unknown): error is ProviderError =>
  error instanceof ProviderError && error.mayBeWritten && !(error instanceof MissingArtifactError);

/** `updatedAt` of a record whose only write may have been carried out: nothing that is listed is certainly this resource's. */
export const UNKNOWN_TIME = "";

/** The error, with the state that Pulumi saves. Writes that were sent together share the error itself. */
export function withState(error: Error, { id, properties, news }: ResourceState): Error {
  // Pulumi's host adds it to the inputs after check, but not to the properties of an error.
  const { __provider } = news as { __provider?: string };
  const saved = { id, properties: compact({ ...properties, __provider }), reasons: [error.message] };
  return Object.assign(Object.create(error) as Error, saved);
}

/** The error of a deletion that removed something, or may have: Pulumi keeps the resource as it was, and saves nothing. */
export const failedDeletion = (message: string): ProviderError =>
  new ProviderError(
    `${message} To keep the resource instead, run pulumi up --replace with its URN: its state cannot say what this deletion ` +
      `has removed.`,
  );

interface ResourceState {
  id: string;
  properties: object;
  /** The inputs that were to be written. */
  news: object;
}
