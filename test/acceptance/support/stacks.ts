/** The SDK's own: it prints a stack where a failed run ends before the program's outputs were taken. */
const CUT_OFF = /^ *failed to deliver log message\.[^]*?message severity: \w+/gm;

/** The stack traces that a user would read. */
export function stackTraces(output: string): string[] {
  return output.replace(CUT_OFF, "").match(/^ +at .*/gm) ?? [];
}
