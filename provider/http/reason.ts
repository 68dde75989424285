interface Caused {
  code?: unknown;
  message?: string;
  cause?: Caused;
}

/**
 * `ECONNRESET`, `ENOTFOUND` …: what Node says of a connection that failed; the innermost error knows most. undici's own
 * codes say less than its words.
 */
export function reasonOf(error: unknown): string {
  let inner = error as Caused;
  while (inner.cause?.message !== undefined) inner = inner.cause;
  const { code, message } = inner;
  return typeof code === "string" && !code.startsWith("UND_ERR_") ? code : (message ?? String(error));
}
