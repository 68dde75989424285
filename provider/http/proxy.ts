import { ProviderError } from "../runtime/errors";
import type { Proxy } from "../config/proxy";

/** Node 20's own fetch takes no proxy from the environment; undefined where it is good enough. */
export async function fetchThrough(proxy: Proxy | undefined): Promise<typeof globalThis.fetch | undefined> {
  if (proxy === undefined) return undefined;
  const url = URL.canParse(proxy.url) ? new URL(proxy.url) : undefined;
  if (!url || !/^https?:$/.test(url.protocol))
    throw new ProviderError(
      `The environment variable ${proxy.variable} must be a URL such as http://proxy.example:8080.`,
    );
  const { EnvHttpProxyAgent, fetch } = await import("undici");
  // Read here, and not from this process: the same rules for both, and one place that knows the variables.
  const dispatcher = new EnvHttpProxyAgent({
    httpProxy: proxy.url,
    httpsProxy: proxy.url,
    noProxy: proxy.except,
  });
  const through = (input: string, init?: object) => fetch(input, { ...init, dispatcher });
  return through as unknown as typeof globalThis.fetch;
}
