export interface Traces {
  resume(): void;
  /** The error, with the trace that it could not take meanwhile. */
  into(error: unknown): unknown;
}

/**
 * Pulumi takes four stack traces for each output of a resource, and shows them to whoever looks for a promise that
 * leaks: for a hundred records that is most of what their program does. They are taken for who asks for them. Each
 * constructor does this itself: no function may call `super`, and a base class that did would stand in the trace that
 * Pulumi keeps of each resource in the state.
 */
export function pauseTraces(): Traces {
  const { stackTraceLimit } = Error;
  if (!process.env.PULUMI_DEBUG_PROMISE_LEAKS) Error.stackTraceLimit = 0;
  const resume = () => void (Error.stackTraceLimit = stackTraceLimit);
  return {
    resume,
    into(error) {
      resume();
      if (error instanceof Error && !error.stack?.includes("\n    at ")) Error.captureStackTrace(error);
      return error;
    },
  };
}
