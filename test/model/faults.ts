/** What goes wrong on the way of a request. */
import { errorBody, toJson } from "../../local/github/answer";
import type { Answer } from "../../local/github/answer";
import { secondaryLimit } from "../../local/github";
import type { ForeignWrite } from "./scenario";

export type FaultKind =
  | "reset"
  | "cut-off"
  | "html"
  | "500"
  | "503 retry-after"
  | "429"
  | "429 retry-after"
  | "403 secondary limit"
  | "403";

/** What a request does: those that write records, and those of them that remove some. */
export type Sends = "anything" | "a write" | "a removal";

export interface Fault {
  /** Of the requests of a run that do this, the first that it hits, counted from 0, and how many. */
  of: Sends;
  at: number;
  times: number;
  /** Before the server has carried it out, or after. */
  when: "before" | "after";
  kind: FaultKind;
  /** As what another writer writes the first record of the request, before it can be sent again. */
  meanwhile?: ForeignWrite["as"];
}

const REMOVES = /"(status|onDelete)":"(decommissioned|deleted|eol|DECOMMISSIONED)"/;

export const doesSend = ({ method = "GET", body }: RequestInit, what: Sends): boolean =>
  what === "anything" ||
  (method !== "GET" && (what === "a write" || (typeof body === "string" && REMOVES.test(body))));

/** What is refused is never carried out. */
export const isBefore = ({ when, kind }: Fault): boolean => when === "before" || /^4/.test(kind);

/** An answer, or what comes in its place. */
export function broken(answer: Answer, headers: Record<string, string>, text: string): Response {
  return new Response(text, {
    status: answer.status,
    headers: { "content-type": "application/json; charset=utf-8", ...headers, ...answer.headers },
  });
}

/** Chainloop has no secondary limit: a 403 of its is about a permission. */
export const onChainloop = (fault: Fault): Fault =>
  fault.kind === "403 secondary limit" ? { ...fault, kind: "429" } : fault;

export function replaced({ kind }: Fault, answer: Answer, now: Date): Response {
  const date = now.toUTCString();
  const status = (code: number, headers: Record<string, string> = {}, body: object = errorBody(code)) =>
    broken({ status: code, headers, body }, { date }, JSON.stringify(body));
  switch (kind) {
    case "reset":
      throw new TypeError("fetch failed", {
        cause: Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" }),
      });
    case "cut-off": {
      const text = toJson(answer.body);
      return broken(answer, { date }, text.slice(0, text.length / 2));
    }
    case "html":
      return new Response("<html><body>Unicorn!</body></html>", { headers: { "content-type": "text/html" } });
    case "500":
      return status(500);
    case "503 retry-after":
      return status(503, { "retry-after": "7" });
    case "429":
      return status(429);
    case "429 retry-after":
      return status(429, { "retry-after": "3" });
    case "403 secondary limit": {
      const limit = secondaryLimit({ retryAfter: null });
      return status(limit.status, limit.headers, limit.body);
    }
    case "403":
      return status(403, {}, errorBody(403, "Resource not accessible by integration"));
  }
}
