/** https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api */
import { type Answer, Refusal } from "./answer";
import type { Clock } from "../http/clock";
import type { RateLimitOptions, SecondaryLimitOptions } from "./options";

const RATE_DOCS =
  "https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#primary-rate-limit-for-authenticated-users";
const SECONDARY_DOCS =
  "https://docs.github.com/rest/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits";
const MINUTE = 60_000;

const WORDINGS = {
  secondary:
    "You have exceeded a secondary rate limit. Please wait a few minutes before you try again. If you reach out to GitHub Support for help, please include the request ID.",
  content:
    "You have exceeded a secondary rate limit and have been temporarily blocked from content creation. Please retry your request again later.",
  abuse: "You have triggered an abuse detection mechanism. Please wait a few minutes before you try again.",
};

export interface Limits {
  clock: Clock;
  primary: Required<RateLimitOptions>;
  secondary: SecondaryLimitOptions;
  used: number;
  resetsAt: number;
  /** When the writes of the last minute were made. */
  writes: number[];
}

export function limitsFrom(
  clock: Clock,
  primary: RateLimitOptions = {},
  secondary: SecondaryLimitOptions = {},
): Limits {
  const defaults = { limit: 5000, windowSeconds: 3600 };
  return { clock, primary: { ...defaults, ...primary }, secondary, used: 0, resetsAt: 0, writes: [] };
}

function renew(limits: Limits): void {
  const now = limits.clock();
  if (now < limits.resetsAt) return;
  limits.used = 0;
  limits.resetsAt = now + limits.primary.windowSeconds * 1000;
}

/** Sets what is left of the primary limit, and when it resets. */
export function setRemaining(limits: Limits, remaining: number, resetInSeconds?: number): void {
  renew(limits);
  limits.used = limits.primary.limit - remaining;
  if (resetInSeconds !== undefined) limits.resetsAt = limits.clock() + resetInSeconds * 1000;
}

export function rateLimitHeaders(limits: Limits): Record<string, string> {
  renew(limits);
  const { limit } = limits.primary;
  return {
    "x-ratelimit-limit": String(limit),
    "x-ratelimit-remaining": String(Math.max(0, limit - limits.used)),
    "x-ratelimit-reset": String(Math.ceil(limits.resetsAt / 1000)),
    "x-ratelimit-used": String(limits.used),
    "x-ratelimit-resource": "core",
  };
}

function secondaryRefusal(options: SecondaryLimitOptions): Refusal {
  const { retryAfter = 60, status = 403, wording = "secondary" } = options;
  return new Refusal(status, typeof wording === "string" ? WORDINGS[wording] : wording.text, {
    documentationUrl: SECONDARY_DOCS,
    ...(retryAfter === null ? {} : { headers: { "retry-after": String(retryAfter) } }),
  });
}

/** The answer of a secondary limit, for a fault. */
export function secondaryLimit(
  options: Pick<SecondaryLimitOptions, "retryAfter" | "status" | "wording">,
): Answer & { body: object } {
  const { status, details, body } = secondaryRefusal(options);
  return { status, headers: details.headers ?? {}, body };
}

/** Counts a request, or refuses it. `running` is how many are being answered now, this one included. */
export function countRequest(limits: Limits, write: boolean, running: number): void {
  renew(limits);
  const now = limits.clock();
  if (limits.used >= limits.primary.limit)
    throw new Refusal(403, "API rate limit exceeded for user ID 1.", {
      documentationUrl: RATE_DOCS,
    });
  limits.used += 1;
  const { contentPerMinute = Infinity, concurrent = Infinity } = limits.secondary;
  limits.writes = limits.writes.filter((at) => now - at < MINUTE);
  if ((write && limits.writes.length >= contentPerMinute) || running > concurrent)
    throw secondaryRefusal(limits.secondary);
  if (write) limits.writes.push(now);
}
