/** What the stack's configuration and the environment say of Chainloop: asked only where a resource needs it. */
import { z } from "zod";
import { apiUrl, token } from "./api-settings";
import { ProviderError } from "./errors";
import { find } from "./find-setting";
import type { Configuration, Environment } from "./find-setting";
import { proxyOf } from "./proxy-settings";
import type { Proxy } from "./proxy-settings";

export interface ChainloopSettings {
  /** `https://api.app.chainloop.dev`; without a slash at its end. */
  url: string;
  token?: string;
  proxy?: Proxy;
}

const DEFAULT_URL = "https://api.app.chainloop.dev";

const sources = {
  url: { config: ["artifact-metadata:chainloopUrl"], environment: ["CHAINLOOP_API_URL"] },
  token: { config: ["artifact-metadata:chainloopToken"], environment: ["CHAINLOOP_TOKEN"] },
};

const schema = z.object({ url: apiUrl(DEFAULT_URL).default(DEFAULT_URL), token: token.optional() });

/** @throws ProviderError that names each setting that is wrong, and where it was found. */
export function readChainloopSettings(config: Configuration, environment: Environment): ChainloopSettings {
  const found = {
    url: find(sources.url, config, environment),
    token: find(sources.token, config, environment),
  };
  const result = schema.safeParse({ url: found.url?.value, token: found.token?.value });
  if (!result.success) {
    const problems = result.error.issues.map(({ path: [key], message }) => {
      return `${found[key as keyof typeof found]?.source ?? String(key)} ${message}`;
    });
    throw new ProviderError(`${problems.join("; ")}.`);
  }
  const proxy = proxyOf(result.data.url, environment);
  return { ...result.data, ...(proxy === undefined ? {} : { proxy }) };
}
