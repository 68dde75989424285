/** What the stack's configuration and the environment say of Chainloop: asked only where a resource needs it. */
import { z } from "zod";
import { apiUrl, operation, operationSources, token } from "./api";
import type { OperationSettings } from "./api";
import { findAll, parseFound } from "./lookup";
import type { Configuration, Environment } from "./lookup";
import { proxyOf } from "./proxy";
import type { Proxy } from "./proxy";

export interface ChainloopSettings extends OperationSettings {
  /** `https://api.app.chainloop.dev`; without a slash at its end. */
  url: string;
  token?: string;
  proxy?: Proxy;
}

const DEFAULT_URL = "https://api.app.chainloop.dev";

export const chainloopSources = {
  ...operationSources,
  url: { config: ["artifact-metadata:chainloopUrl"], environment: ["CHAINLOOP_API_URL"] },
  token: { config: ["artifact-metadata:chainloopToken"], environment: ["CHAINLOOP_TOKEN"] },
};

const schema = z.object({
  url: apiUrl(DEFAULT_URL).default(DEFAULT_URL),
  token: token.optional(),
  ...operation,
});

/** @throws ProviderError that names each setting that is wrong, and where it was found. */
export function readChainloopSettings(config: Configuration, environment: Environment): ChainloopSettings {
  const settings = parseFound(schema, findAll(chainloopSources, config, environment));
  const proxy = proxyOf(settings.url, environment);
  return { ...settings, ...(proxy === undefined ? {} : { proxy }) };
}
