/** What the stack's configuration and the environment say. Credentials are looked up elsewhere, when a request is made. */
import { z } from "zod";
import { appId, appInstallationId, appPrivateKey, chosenCredentials } from "./app-settings";
import type { AppSettings } from "./app-settings";
import { apiUrl, token } from "./api-settings";
import { ProviderError } from "./errors";
import { find } from "./find-setting";
import type { Configuration, Environment, Found, Places } from "./find-setting";
import { proxyOf } from "./proxy-settings";
import type { Proxy } from "./proxy-settings";

export type { Configuration, Environment } from "./find-setting";

export interface Settings {
  /** `https://api.github.com`, or `https://api.SUBDOMAIN.ghe.com`; without a slash at its end. */
  baseUrl: string;
  /** At most one of the two. */
  token?: string;
  app?: AppSettings;
  onMissingArtifact: "error" | "warn";
  verifyOwnership: boolean;
  /** Whether to look for attestations of what is about to be recorded. */
  verifyArtifacts: boolean;
  /** Deadline of one operation on one resource. */
  timeoutSeconds: number;
  proxy?: Proxy;
}

const baseUrl = apiUrl("https://api.github.com", ({ hostname }) => {
  if (hostname === "github.com") return "must be https://api.github.com, the address of the API";
  if (/^[^.]+\.ghe\.com$/.test(hostname)) return `must be https://api.${hostname}, the address of the API`;
  return undefined;
});

const trueOrFalse = z.enum(["true", "false"], "must be true or false");

const schema = z.object({
  baseUrl: baseUrl.default("https://api.github.com"),
  token: token.optional(),
  appId: appId.optional(),
  appInstallationId: appInstallationId.optional(),
  appPrivateKey: appPrivateKey.optional(),
  onMissingArtifact: z.enum(["error", "warn"], 'must be "error" or "warn"').default("error"),
  verifyOwnership: trueOrFalse.default("true").transform((text) => text === "true"),
  verifyArtifacts: trueOrFalse.default("false").transform((text) => text === "true"),
  timeoutSeconds: z
    .string()
    .regex(/^[1-9]\d{0,4}$/, "must be a whole number of seconds, from 1 to 99999")
    .default("300")
    .transform(Number),
});

type Key = keyof typeof schema.shape;

const sources: Record<Key, Places> = {
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
  verifyArtifacts: { config: ["artifact-metadata:verifyArtifacts"], environment: [] },
  timeoutSeconds: { config: ["artifact-metadata:timeoutSeconds"], environment: [] },
};

/** @throws ProviderError that names each setting that is wrong, and where it was found. */
export function readSettings(config: Configuration, environment: Environment): Settings {
  const all: Partial<Record<Key, Found>> = {};
  for (const key of Object.keys(sources) as Key[]) {
    const found = find(sources[key], config, environment);
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
