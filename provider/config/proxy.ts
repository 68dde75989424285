import { isLoopback } from "./api";
import type { Environment } from "./lookup";

/** What the environment says of a proxy for requests to an API. */
export interface Proxy {
  /** For messages: the address may hold a password. */
  variable: string;
  url: string;
}

const either = (environment: Environment, name: string): [name: string, value: string] | undefined => {
  // In lower case first, as curl does.
  for (const variable of [name.toLowerCase(), name]) {
    const value = environment[variable];
    if (value) return [variable, value];
  }
  return undefined;
};

/** Loopback is never proxied: over http, a proxy would see the token. */
export function proxyOf(baseUrl: string, environment: Environment): Proxy | undefined {
  if (isLoopback(new URL(baseUrl).hostname)) return undefined;
  const found = either(environment, baseUrl.startsWith("https:") ? "HTTPS_PROXY" : "HTTP_PROXY");
  if (!found) return undefined;
  const [variable, url] = found;
  const exceptions = either(environment, "NO_PROXY")?.[1] ?? "";
  return isExcepted(new URL(baseUrl), exceptions) ? undefined : { variable, url };
}

/** `*` is every host, and a name means its subdomains too: with or without a dot, or `*.`, before it. */
function isExcepted({ protocol, hostname, port }: URL, exceptions: string): boolean {
  const ownPort = port || (protocol === "https:" ? "443" : "80");
  return exceptions.split(/[,\s]+/).some((entry) => {
    const [, name = "", entryPort = ownPort] = /^(.*?)(?::(\d+))?$/.exec(entry.toLowerCase()) ?? [];
    const domain = name.replace(/^\*?\./, "");
    if (domain === "" || entryPort !== ownPort) return false;
    return domain === "*" || hostname === domain || hostname.endsWith(`.${domain}`);
  });
}
