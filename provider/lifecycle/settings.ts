/** What the stack's configuration and the environment say. Credentials are looked up elsewhere, when a request is made. */
import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { appId, appInstallationId, appPrivateKey, chosenCredentials } from "./app-settings";
import type { AppSettings } from "./app-settings";
import { ProviderError } from "./errors";
import { proxyOf } from "./proxy-settings";
import type { Proxy } from "./proxy-settings";

export type Environment = Record<string, string | undefined>;
export type Configuration = Pick<pulumi.dynamic.Config, "get">;

export interface Settings {
  /** `https://api.github.com`, or `https://api.SUBDOMAIN.ghe.com`; without a slash at its end. */
  baseUrl: string;
  /** At most one of the two. */
  token?: string;
  app?: AppSettings;
  onMissingArtifact: "error" | "warn";
  verifyOwnership: boolean;
  /** Deadline of one operation on one resource. */
  timeoutSeconds: number;
  proxy?: Proxy;
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
  appId: appId.optional(),
  appInstallationId: appInstallationId.optional(),
  appPrivateKey: appPrivateKey.optional(),
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

type Key = keyof typeof schema.shape;

/** Where a value is looked for: configuration keys first, then environment variables, in this order. */
const sources: Record<Key, { config: string[]; environment: string[] }> = {
  baseUrl: {
    config: ["artifact-metadata:baseUrl", "github:baseUrl"],
    environment: ["GITHUB_API_URL", "GITHUB_BASE_URL"],
  },
  token: { config: ["artifact-metadata:token", "github:token"], environment: ["GITHUB_TOKEN", "GH_TOKEN"] },
  appId: { config: ["artifact-metadata:appId"], environment: ["GITHUB_APP_ID"] },
  appInstallationId: {
    config: ["artifact-metadata:appInstallationId"],
    environment: ["GITHUB_APP_INSTALLATION_ID"],
  },
  appPrivateKey: { config: ["artifact-metadata:appPrivateKey"], environment: ["GITHUB_APP_PEM_FILE"] },
  onMissingArtifact: { config: ["artifact-metadata:onMissingArtifact"], environment: [] },
  verifyOwnership: { config: ["artifact-metadata:verifyOwnership"], environment: [] },
  timeoutSeconds: { config: ["artifact-metadata:timeoutSeconds"], environment: [] },
};

export interface Found {
  value: string;
  /** For messages. */
  source: string;
  /** Lower is stronger: our own configuration, another package's, the environment. */
  rank: number;
}

function find(key: Key, config: Configuration, environment: Environment): Found | undefined {
  for (const source of sources[key].config) {
    const value = config.get(source);
    if (value === undefined) continue;
    const rank = source.startsWith("artifact-metadata:") ? 0 : 1;
    return { value: String(value), source: `configuration ${source}`, rank };
  }
  for (const source of sources[key].environment) {
    // CI systems set variables to the empty string where they mean "not set".
    const value = environment[source];
    if (value) return { value, source: `environment variable ${source}`, rank: 2 };
  }
  return undefined;
}

/** @throws ProviderError that names each setting that is wrong, and where it was found. */
export function readSettings(config: Configuration, environment: Environment): Settings {
  const all: Partial<Record<Key, Found>> = {};
  for (const key of Object.keys(sources) as Key[]) {
    const found = find(key, config, environment);
    if (found) all[key] = found;
  }
  const { found, problems } = chosenCredentials(all);
  const values = Object.entries(found).map(([key, { value }]) => [key, value]);
  const result = schema.safeParse(Object.fromEntries(values));
  for (const { path, message } of result.error?.issues ?? [])
    problems.push(`${found[path[0] as Key]?.source ?? String(path[0])} ${message}`);
  if (!result.success || problems.length > 0) throw new ProviderError(`${problems.join("; ")}.`);
  const {
    appId: id,
    appInstallationId: installationId,
    appPrivateKey: privateKey,
    ...settings
  } = result.data;
  const proxy = proxyOf(settings.baseUrl, environment);
  return {
    ...settings,
    ...(id !== undefined && privateKey !== undefined ? { app: { id, installationId, privateKey } } : {}),
    ...(proxy === undefined ? {} : { proxy }),
  };
}
