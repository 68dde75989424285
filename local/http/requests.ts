export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** One request, as it came. The Authorization header is never kept. */
export interface RequestLog<Operation extends string = string> {
  index: number;
  /** Of the request itself; GitHub's answer has it as `x-github-request-id`. */
  id: string;
  /** Milliseconds since 1970, by this machine's own clock, whatever the option `now` says. */
  time: number;
  method: string;
  path: string;
  operation?: Operation;
  headers: Record<string, string>;
  /** The parsed body; a string where it is no JSON; absent where there was none. */
  body?: Json;
  /** The status that was sent; null until then, and where a fault withheld it. */
  status: number | null;
}

export type ParsedBody = { kind: "json"; value: Json } | { kind: "none" | "malformed" | "too large" };

export interface Incoming<Operation extends string = string> {
  request: RequestLog<Operation>;
  query: string;
  authorization: string | undefined;
  body: ParsedBody;
}
