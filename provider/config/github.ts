/** What the stack's configuration and the environment say. Credentials are looked up elsewhere, when a request is made. */
import { z } from "zod";
import { appId, appInstallationId, appPrivateKey, chosenCredentials } from "./github-app";
import type { AppSettings } from "./github-app";
import { apiUrl, operation, operationSources, token } from "./api";
import type { OperationSettings } from "./api";
import { findAll, parseFound } from "./lookup";
import type { Configuration, Environment, Places } from "./lookup";
import { proxyOf } from "./proxy";
import type { Proxy } from "./proxy";

export type { Configuration, Environment } from "./lookup";

/** Of `error`, a digest without an attestation fails the preview; of `warn`, it is a warning. */
export type VerifyMode = "off" | "warn" | "error";

const verifyModes = { off: "off", false: "off", warn: "warn", true: "warn", error: "error" } as const;

export interface GitHubSettings extends OperationSettings {
  /** `https://api.github.com`, or `https://api.SUBDOMAIN.ghe.com`; without a slash at its end. */
  baseUrl: string;
  /** At most one of the two. */
  token?: string;
  /** Where it was found, for messages. */
  tokenFrom?: string;
  /** What else an error says where there is none. */
  noTokenHint?: string;
  app?: AppSettings;
  onMissingArtifact: "error" | "warn";
  /** Whether to look for attestations of what is about to be recorded. */
  verifyArtifacts: VerifyMode;
  proxy?: Proxy;
}

const baseUrl = apiUrl("https://api.github.com", ({ hostname }) => {
  if (hostname === "github.com") return "must be https://api.github.com, the address of the API";
  if (/^[^.]+\.ghe\.com$/.test(hostname)) return `must be https://api.${hostname}, the address of the API`;
  return undefined;
});

const schema = z.object({
  baseUrl: baseUrl.default("https://api.github.com"),
  token: token.optional(),
  appId: appId.optional(),
  appInstallationId: appInstallationId.optional(),
  appPrivateKey: appPrivateKey.optional(),
  onMissingArtifact: z.enum(["error", "warn"], 'must be "error" or "warn"').default("error"),
  verifyArtifacts: z
    .enum(["off", "false", "warn", "true", "error"], 'must be "off", "warn" or "error"')
    .default("off")
    .transform((text) => verifyModes[text]),
  ...operation,
});

type Key = keyof typeof schema.shape;

export const gitHubSources: Record<Key, Places> = {
  ...operationSources,
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
  verifyArtifacts: {
    config: ["artifact-metadata:verifyArtifacts"],
    environment: ["ARTIFACT_METADATA_VERIFY_ARTIFACTS"],
  },
};

/** @throws ProviderError that names each setting that is wrong, and where it was found. */
export function readSettings(config: Configuration, environment: Environment): GitHubSettings {
  const { found, problems } = chosenCredentials(findAll(gitHubSources, config, environment));
  const {
    appId: id,
    appInstallationId: installationId,
    appPrivateKey: privateKey,
    ...settings
  } = parseFound(schema, found, problems);
  const proxy = proxyOf(settings.baseUrl, environment);
  return {
    ...settings,
    ...(found.token && { tokenFrom: found.token.source }),
    ...(config.noTokenHint !== undefined && { noTokenHint: config.noTokenHint }),
    ...(id !== undefined && privateKey !== undefined ? { app: { id, installationId, privateKey } } : {}),
    ...(proxy === undefined ? {} : { proxy }),
  };
}
