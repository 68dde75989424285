/** What a command is given beside its arguments, and what it gives back. */
export interface Input extends AsyncIterable<Uint8Array> {
  isTTY?: boolean;
}

export interface Output {
  write: (text: string) => unknown;
  isTTY?: boolean;
  /** Of a terminal. */
  columns?: number;
}

export interface Streams {
  stdin: Input;
  stdout: Output;
  stderr: Output;
}

export interface Io extends Streams {
  env: Readonly<Record<string, string | undefined>>;
  /** Between one attempt and the next. */
  sleep: (milliseconds: number) => Promise<void>;
}

export interface Result {
  output: string;
  /** Default 0. */
  exitCode?: number;
}
