import { STATUS_CODES } from "node:http";
import { toJson } from "../http/answer";

export type { Answer } from "../http/answer";
export { toJson } from "../http/answer";

export const DOCS = "https://docs.github.com/rest";

/** A request that is refused: an error answer on the wire, an exception for callers in the same process. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    message: unknown,
    readonly details: {
      documentationUrl?: string;
      headers?: Record<string, string>;
      errors?: unknown[];
    } = {},
  ) {
    super(typeof message === "string" ? message : toJson(message));
    this.name = "Refusal";
    this.body = errorBody(status, message, details.documentationUrl, details.errors);
  }

  readonly body: Record<string, unknown>;
}

/** The form that all of GitHub's errors share. */
export function errorBody(
  status: number,
  message: unknown = STATUS_CODES[status] ?? "Error",
  documentationUrl = DOCS,
  errors?: unknown[],
): Record<string, unknown> {
  const shared = { documentation_url: documentationUrl, status: String(status) };
  return errors ? { message, errors, ...shared } : { message, ...shared };
}
