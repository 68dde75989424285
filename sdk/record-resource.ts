import * as pulumi from "@pulumi/pulumi";

/** What the resources of one type have in common. */
export interface RecordType {
  type: string;
  /** The code that Pulumi stores in the state, and runs: one line, the same for every record and in every version. */
  __provider: string;
  /** What the class has outputs of. */
  properties: readonly string[];
}

/** A resource of this package. */
export abstract class RecordResource extends pulumi.CustomResource {
  constructor(
    { type, __provider, properties }: RecordType,
    name: string,
    inputs: pulumi.Inputs,
    opts?: pulumi.CustomResourceOptions,
  ) {
    // Named as inputs of the registration, so that there is an output for each.
    const outputs = Object.fromEntries(properties.map((property) => [property, undefined]));
    const resumeTraces = pauseTraces();
    try {
      super(type, name, { ...outputs, __provider, ...inputs }, opts);
    } catch (error) {
      resumeTraces();
      if (error instanceof Error && !error.stack?.includes("\n    at ")) Error.captureStackTrace(error);
      throw error;
    } finally {
      resumeTraces();
    }
  }
}

/**
 * Pulumi takes four stack traces for each output of a resource, and shows them to whoever looks for a promise that
 * leaks: for a hundred records that is most of what their program does. They are taken for who asks for them.
 */
function pauseTraces(): () => void {
  const { stackTraceLimit } = Error;
  if (!process.env.PULUMI_DEBUG_PROMISE_LEAKS) Error.stackTraceLimit = 0;
  return () => void (Error.stackTraceLimit = stackTraceLimit);
}
