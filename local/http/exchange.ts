/** One request and its answer on the wire. */
import type { ServerResponse } from "node:http";
import { type Answer, toJson } from "./answer";
import type { RequestLog } from "./requests";

export interface Exchange {
  request: RequestLog;
  response: ServerResponse;
  /** Of every answer: rate limit, request ID, date, … */
  commonHeaders: Record<string, string>;
  /** The body of an error that a fault gives. */
  errorBody: (status: number) => object;
  /** Aborted when the server closes. */
  closing: AbortSignal;
}

export function sendText(
  exchange: Exchange,
  status: number,
  text: string,
  headers: Record<string, string>,
): void {
  const { request, response, commonHeaders } = exchange;
  request.status = status;
  response.writeHead(status, {
    "content-type": "application/json; charset=utf-8",
    ...commonHeaders,
    ...lowerCase(headers),
    "content-length": String(Buffer.byteLength(text)),
  });
  response.end(text);
}

/** So that a header that a test gives replaces the common one, however it is written. */
function lowerCase(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

/** A body that is a text is sent as it is: only faults have one. */
export function send(exchange: Exchange, answer: Answer): void {
  const { status, headers, body } = answer;
  sendText(exchange, status, typeof body === "string" ? body : toJson(body), headers);
}
