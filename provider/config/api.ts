/** What the settings of every API have in common: its address, a token, and how an operation goes about it. */
import { z } from "zod";
import { withoutSlash } from "../runtime/values";
import type { Places } from "./lookup";

/** What holds for every resource, whichever API it is written to. */
export interface OperationSettings {
  verifyOwnership: boolean;
  /** Deadline of one operation on one resource. */
  timeoutSeconds: number;
}

export const trueOrFalse = z.enum(["true", "false"], "must be true or false");

export const operation = {
  verifyOwnership: trueOrFalse.default("true").transform((text) => text === "true"),
  timeoutSeconds: z
    .string()
    .regex(/^[1-9]\d{0,4}$/, "must be a whole number of seconds, from 1 to 99999")
    .default("300")
    .transform(Number),
};

export const operationSources: Record<keyof typeof operation, Places> = {
  verifyOwnership: { config: ["artifact-metadata:verifyOwnership"], environment: [] },
  timeoutSeconds: { config: ["artifact-metadata:timeoutSeconds"], environment: [] },
};

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

export const isLoopback = (hostname: string): boolean => LOOPBACK.test(hostname);

/** An address; without a slash at its end. `problemOf` says what else is wrong with it. */
export function apiUrl(example: string, problemOf: (url: URL) => string | undefined = () => undefined) {
  return z.string().transform((text, context) => {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    const message = url ? (generalProblem(url, example) ?? problemOf(url)) : noUrl(example);
    if (url && message === undefined) return withoutSlash(`${url.origin}${url.pathname}`);
    context.issues.push({ code: "custom", message, input: text });
    return z.NEVER;
  });
}

const noUrl = (example: string) => `must be a URL such as ${example}`;

function generalProblem(url: URL, example: string): string | undefined {
  if (!/^https?:$/.test(url.protocol)) return noUrl(example);
  if (url.protocol === "http:" && !isLoopback(url.hostname)) return "must begin with https://";
  if (url.username || url.password || url.search || url.hash)
    return "must not contain a user name, password, query or fragment";
  return undefined;
}

export const token = z
  .string()
  .min(1, "is empty")
  .regex(
    /^[\x21-\x7e]*$/,
    "contains a space, a line break or another character that is not allowed in a token",
  );
