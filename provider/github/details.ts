import { untrustedText } from "../runtime/untrusted-text";

/** What GitHub names as wrong with a request: https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api */
import { z } from "zod";

const text = z.string().optional().catch(undefined);
const problem = z.union([z.string(), z.object({ field: text, code: text, message: text })]);
const refusal = z.object({ errors: z.array(problem) });

const MOST = 5;

/** `: tags has too many, and 3 more`; empty where the answer names nothing. */
export function detailsOf(body: unknown): string {
  const { data } = refusal.safeParse(body);
  if (data === undefined || data.errors.length === 0) return "";
  const problems = data.errors
    .slice(0, MOST)
    .map((one) =>
      typeof one === "string" ? one : [one.field, one.message ?? one.code].filter(Boolean).join(" "),
    );
  const more = data.errors.length > MOST ? [`and ${data.errors.length - MOST} more`] : [];
  return `: ${[...problems.map((one) => untrustedText(one)), ...more].join(", ")}`;
}
