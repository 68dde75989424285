/** What the stack's configuration and the environment say. Credentials are looked up elsewhere, when a request is made. */
import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { ProviderError } from "./errors";

export type Environment = Record<string, string | undefined>;

export interface Settings {
  /** `https://api.github.com`, or `https://api.SUBDOMAIN.ghe.com`; without a slash at its end. */
  baseUrl: string;
  token?: string;
  onMissingArtifact: "error" | "warn";
  verifyOwnership: boolean;
  /** Deadline of one operation on one resource. */
  timeoutSeconds: number;
}

const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

const baseUrl = z.string().transform((text, context) => {
  const problem = (message: string) => {
    context.issues.push({ code: "custom", message, input: text });
    return z.NEVER;
  };
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) return problem("must be a URL such as https://api.github.com");
  if (url.protocol === "http:" && !loopback.test(url.hostname)) return problem("must begin with https://");
  if (url.username || url.password || url.search || url.hash)
    return problem("must hold no user name, password, query or fragment");
  if (url.hostname === "github.com") return problem("must be https://api.github.com, the address of the API");
  if (/^[^.]+\.ghe\.com$/.test(url.hostname))
    return problem(`must be https://api.${url.hostname}, the address of the API`);
  return `${url.origin}${url.pathname}`.replace(/\/+$/, "");
});

const schema = z.object({
  baseUrl: baseUrl.default("https://api.github.com"),
  token: z
    .string()
    .min(1, "is empty")
    .regex(/^[\x21-\x7e]*$/, "holds a space, a line break or another character that no token has")
    .optional(),
  onMissingArtifact: z.enum(["error", "warn"], 'must be "error" or "warn"').default("error"),
  verifyOwnership: z
    .enum(["true", "false"], "must be true or false")
    .default("true")
    .transform((text) => text === "true"),
  timeoutSeconds: z
    .string()
    .regex(/^[1-9]\d{0,4}$/, "must be a whole number of seconds, from 1 to 99999")
    .default("300")
    .transform(Number),
});

/** Where a value is looked for: configuration keys first, then environment variables, in this order. */
const sources: Record<keyof Settings, { config: string[]; environment: string[] }> = {
  baseUrl: {
    config: ["artifact-metadata:baseUrl", "github:baseUrl"],
    environment: ["GITHUB_API_URL", "GITHUB_BASE_URL"],
  },
  token: { config: ["artifact-metadata:token", "github:token"], environment: ["GITHUB_TOKEN", "GH_TOKEN"] },
  onMissingArtifact: { config: ["artifact-metadata:onMissingArtifact"], environment: [] },
  verifyOwnership: { config: ["artifact-metadata:verifyOwnership"], environment: [] },
  timeoutSeconds: { config: ["artifact-metadata:timeoutSeconds"], environment: [] },
};

interface Found {
  value: string;
  source: string;
}

function find(
  key: keyof Settings,
  config: pulumi.dynamic.Config,
  environment: Environment,
): Found | undefined {
  for (const source of sources[key].config) {
    const value = config.get(source);
    if (value !== undefined) return { value: String(value), source: `configuration ${source}` };
  }
  for (const source of sources[key].environment) {
    // CI systems set variables to the empty string where they mean "not set".
    const value = environment[source];
    if (value) return { value, source: `environment variable ${source}` };
  }
  return undefined;
}

/** @throws ProviderError that names each setting that is wrong, and where it was found. */
export function readSettings(config: pulumi.dynamic.Config, environment: Environment): Settings {
  const keys = Object.keys(sources) as (keyof Settings)[];
  const found = new Map(keys.map((key) => [key, find(key, config, environment)]));
  const result = schema.safeParse(
    Object.fromEntries(keys.flatMap((key) => (found.get(key) ? [[key, found.get(key)?.value]] : []))),
  );
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => {
    const key = issue.path[0] as keyof Settings;
    return `${found.get(key)?.source ?? key} ${issue.message}`;
  });
  throw new ProviderError(`${problems.join("; ")}.`);
}
