import { isLoopback } from "../config/api";
import type { Proxy } from "../config/proxy";
import { ProviderError } from "../runtime/errors";

type Fetch = typeof globalThis.fetch;

/** For Node, this variable turns the check of certificates off. It does not for us: a token goes to nobody unknown. */
const isCheckOff = () => process.env.NODE_TLS_REJECT_UNAUTHORIZED === "0";

/** Where undici, and with it Node's own fetch, keeps what sends all requests; NODE_USE_ENV_PROXY sets it too. */
const GLOBAL_DISPATCHER = Symbol.for("undici.globalDispatcher.1");

/** Node, or the program, sends all requests some other way than directly. */
function isRerouted(): boolean {
  const dispatcher = (globalThis as { [GLOBAL_DISPATCHER]?: object })[GLOBAL_DISPATCHER];
  const name = dispatcher?.constructor.name ?? "Agent";
  return name !== "Agent" || Boolean(process.env.NODE_USE_ENV_PROXY);
}

/**
 * Node 20's own fetch takes no proxy from the environment, and follows the variable above; it is used where neither
 * matters.
 *
 * @throws ProviderError where the proxy's address cannot be used.
 */
export async function chooseFetch(proxy: Proxy | undefined): Promise<Fetch> {
  if (proxy === undefined && !isCheckOff()) return direct();
  return throughUndici(proxy && addressOf(proxy));
}

/** Loopback is reached directly, whatever is set for all requests: over http, a proxy would see the token. */
function direct(): Fetch {
  let own: Promise<Fetch> | undefined;
  return async (input, init) => {
    if (!isRerouted() || !isLoopback(new URL(input).hostname)) return globalThis.fetch(input, init);
    own ??= throughUndici(undefined);
    return (await own)(input, init);
  };
}

async function throughUndici(address: string | undefined): Promise<Fetch> {
  const { Agent, ProxyAgent, fetch } = await import("undici");
  const connect = { rejectUnauthorized: true };
  const dispatcher =
    address === undefined
      ? new Agent({ connect })
      : new ProxyAgent({ uri: address, requestTls: connect, proxyTls: connect });
  const through = (input: string, init?: object) => fetch(input, { ...init, dispatcher });
  return through as unknown as Fetch;
}

const canDecode = (text: string): boolean => {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
};

/** Messages name the variable alone: the address may hold a password. */
function addressOf({ variable, url: text }: Proxy): string {
  // `proxy.example:8080` is how curl and others take it too.
  const address = text.includes("://") ? text : `http://${text}`;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.hostname === "")
    throw new ProviderError(
      `The environment variable ${variable} must be a URL such as http://proxy.example:8080.`,
    );
  if (!canDecode(url.username) || !canDecode(url.password))
    throw new ProviderError(
      `The user name or password in the environment variable ${variable} has a "%" that does not begin an escape sequence: ` +
        `write "%" as %25.`,
    );
  return address;
}
