/** What a request to GitHub is, for those who send it. */
import type { z } from "zod";
import type { Answer, Request } from "../http/api";
import type { Done } from "../http/outcome";

export interface GitHubRequest extends Request {
  org: string;
  digest: string;
  /** Where the token was found that it is sent with. */
  tokenFrom?: string;
  /** What a refusal means here, where it is not about records: the App's own requests. */
  refusals?: Record<number, string>;
}

/** What every typed route is called with, beside its own parameters. */
export interface Common {
  headers: Record<string, string>;
  request: { signal: AbortSignal; redirect: "manual"; parseSuccessResponseBody: false };
}

/** A request that its own signature allows. */
export type Ask = <T>(
  request: GitHubRequest,
  send: (common: Common) => Promise<Answer>,
  schema: z.ZodType<T>,
) => Promise<Done<T>>;
