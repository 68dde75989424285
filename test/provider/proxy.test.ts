/** Proxies from the environment, and certificates that they, or a company, bring. */
import { execFile } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { readSettings } from "../../provider/config/github";
import { openTransport } from "../../provider/http/transport";
import { createRunContext } from "../../provider/create-run-context";
import { deploymentRecordProvider } from "../../provider/deployment-record";
import { configOf, recordInputs } from "../support/provider";
import type { Provider } from "../support/provider";
import { startHost, URN, withCode } from "../support/provider-host";
import { startProxy } from "../support/proxy";
import { failureOf, newScene, requestsOf, WRITE } from "../support/scene";
import { startTls } from "../support/tls";

const portOf = (url: string) => Number(new URL(url).port);

/** A provider with these variables, in this process. */
function providerWith(environment: Record<string, string>, config: Record<string, string>): Provider {
  const host = createRunContext({ environment, warn: () => undefined, sleep: async () => undefined });
  const long = Object.entries(config).map(([key, value]) => [`artifact-metadata:${key}`, value]);
  host.configure(configOf(Object.fromEntries(long) as Record<string, string>));
  return deploymentRecordProvider(host) as Provider;
}

/** Loopback is never proxied, so the address has a name that only the proxy knows. */
async function proxyScene(refuse?: string) {
  const { github } = await newScene();
  const proxy = await startProxy(() => portOf(github.url), refuse);
  const address = `http://127.0.0.1:${proxy.port}`;
  const get = async (url: string) => {
    const transport = await openTransport({ variable: "HTTPS_PROXY", url });
    const signal = AbortSignal.timeout(10_000);
    const headers = { authorization: `Bearer ${github.token}` };
    const target = "http://api.acme.test:8080/orgs/acme/installation";
    return transport({ method: "GET", url: target, headers, body: null, signal, maxBytes: 10_000 });
  };
  return { github, proxy, address, get };
}

const TARGET = "api.acme.test:8080";

test("a proxy is asked for a tunnel, once for several requests", async () => {
  const { github, proxy, address, get } = await proxyScene();
  expect((await get(address)).status).toBe(401);
  expect(proxy.tunnels).toEqual([TARGET]);
  expect(github.requests).toHaveLength(1);
});

test("a proxy's address needs no scheme, as for curl", async () => {
  const { proxy, get } = await proxyScene();
  await get(`127.0.0.1:${proxy.port}`);
  expect(proxy.tunnels).toEqual([TARGET]);
});

test.each([
  ["canary", "canary"],
  ["can%25ary", "can%ary"],
])("the user name and the password %s go to the proxy, and to nobody else", async (written, meant) => {
  const { github, proxy, address, get } = await proxyScene();
  await get(address.replace("//", `//user:${written}@`));
  expect(proxy.authorizations).toEqual([`Basic ${Buffer.from(`user:${meant}`).toString("base64")}`]);
  expect(JSON.stringify(github.requests)).not.toMatch(/can|proxy/i);
});

test.each(["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"])(
  "loopback is not asked for through %s: the proxy would see the token",
  async (variable) => {
    const { github } = await newScene();
    const proxy = await startProxy(() => portOf(github.url));
    const config = { baseUrl: github.url, token: github.token };
    await providerWith({ [variable]: `http://127.0.0.1:${proxy.port}` }, config).create(recordInputs());
    expect(proxy.tunnels).toEqual([]);
    expect(requestsOf(github)).toEqual([WRITE]);
  },
);

/** In a process of its own: jest's global object is another one than that of Node's fetch. */
async function inProcess(code: string, proxyPort: number): Promise<string> {
  const script = `const { ProxyAgent, setGlobalDispatcher } = require("undici");
    setGlobalDispatcher(new ProxyAgent({ uri: "http://127.0.0.1:${proxyPort}", proxyTunnel: true }));
    const { openTransport } = require("./dist/provider/http/transport");
    const get = { method: "GET", headers: {}, body: null, signal: AbortSignal.timeout(10_000), maxBytes: 1_000 };
    (async () => console.log((await ${code}).status))();`;
  const { stdout } = await promisify(execFile)(process.execPath, ["-e", script], {
    cwd: resolve(__dirname, "../.."),
  });
  return stdout.trim();
}

test("loopback is not asked for through what sends all requests of a process, as with NODE_USE_ENV_PROXY", async () => {
  const { github } = await newScene();
  const proxy = await startProxy(() => portOf(github.url));
  expect(await inProcess(`fetch("${github.url}/user")`, proxy.port)).toBe("401");
  expect(proxy.tunnels).toEqual([`127.0.0.1:${portOf(github.url)}`]);
  const ours = `(await openTransport(undefined))({ ...get, url: "${github.url}/user" })`;
  expect(await inProcess(ours, proxy.port)).toBe("401");
  expect(proxy.tunnels).toHaveLength(1);
});

const proxyFor = (baseUrl: string, environment: Record<string, string>) =>
  readSettings({ get: () => undefined }, { GITHUB_API_URL: baseUrl, ...environment }).proxy;

test.each([
  ["http://127.0.0.1:9", "HTTP_PROXY"],
  ["http://localhost", "http_proxy"],
  ["http://[::1]:9", "HTTP_PROXY"],
  ["https://localhost:9", "HTTPS_PROXY"],
])("for %s there is no proxy, whatever %s says", (baseUrl, variable) => {
  expect(proxyFor(baseUrl, { [variable]: "http://127.0.0.1:9" })).toBeUndefined();
});

test.each(["*", " * ", "example.com, *", "example.com *"])("NO_PROXY=%j means every host", (value) => {
  const environment = { HTTPS_PROXY: "http://127.0.0.1:9", NO_PROXY: value };
  expect(proxyFor("https://api.github.com", environment)).toBeUndefined();
  expect(proxyFor("https://api.github.com", { ...environment, NO_PROXY: "*.example.com" })).toBeDefined();
});

test("the variable in lower case comes first, and a list in NO_PROXY is gone around", async () => {
  expect(proxyFor("https://api.github.com", { https_proxy: "a", HTTPS_PROXY: "b" })).toMatchObject({
    variable: "https_proxy",
    url: "a",
  });
});

test.each([
  ["github.com", true],
  [".github.com", true],
  ["*.github.com", true],
  ["example.com, API.GitHub.com", true],
  ["example.com api.github.com:443", true],
  ["api.github.com:80", false],
  ["hub.com", false],
  ["api.github", false],
  [",", false],
  ["", false],
])("NO_PROXY=%j: %s that GitHub is reached without the proxy", (value, direct) => {
  const environment = { HTTPS_PROXY: "http://127.0.0.1:9", NO_PROXY: value };
  expect(proxyFor("https://api.github.com", environment) === undefined).toBe(direct);
});

/** What a create of one record says. */
async function messageWith(environment: Record<string, string>, baseUrl = "https://api.acme.test") {
  const config = { baseUrl, token: "ghp_x", timeoutSeconds: "60" };
  return (await failureOf(providerWith(environment, config).create(recordInputs()))).message;
}

test.each([
  [
    "407 Proxy Authentication Required",
    /^POST \/orgs\/acme\/\S+ was not sent: the proxy in HTTPS_PROXY does not connect to api\.acme\.test \(it answered with 407\)\. .*set HTTPS_PROXY to http:\/\/USER:PASSWORD@HOST:PORT\.$/,
    1,
  ],
  ["403 Forbidden", /was not sent: the proxy in HTTPS_PROXY .*403\)\. Allow api\.acme\.test in the proxy/, 1],
  [
    "503 Service Unavailable",
    /was not sent: .*503\) \(tried 4 times\)\. Check the environment variable HTTPS_PROXY, or the proxy\. Run the same command again\.$/,
    4,
  ],
])(
  "a proxy that answers %s has sent nothing, and is named by its variable",
  async (refusal, words, tries) => {
    const { proxy, address, github } = await proxyScene(refusal);
    const message = await messageWith({ HTTPS_PROXY: address.replace("//", "//user:canary@") });
    expect(message).toMatch(words);
    expect(message).not.toMatch(/not known|canary/);
    expect(proxy.tunnels).toHaveLength(tries);
    expect(github.requests).toEqual([]);
  },
);

/** A port at which nobody listens any more. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

test.each([
  [
    "the host has no address",
    async () => messageWith({}, "https://api.acme.invalid"),
    /was not sent: cannot find the host api\.acme\.invalid \((ENOTFOUND|EAI_AGAIN)\) \(tried 4 times\)\. Check the network connection and artifact-metadata:baseUrl\. Run/,
  ],
  [
    "nobody listens",
    async () => messageWith({}, `http://127.0.0.1:${await closedPort()}`),
    /was not sent: cannot connect to 127\.0\.0\.1 \(ECONNREFUSED\) \(tried 4 times\)\. Check the network/,
  ],
  [
    "the proxy's host has no address",
    async () => messageWith({ HTTPS_PROXY: "http://user:canary@proxy.acme.invalid:1" }),
    /was not sent: cannot find the host of the proxy in HTTPS_PROXY \(.*Check the environment variable HTTPS_PROXY/,
  ],
  [
    "no proxy listens",
    async () => messageWith({ https_proxy: `http://user:canary@127.0.0.1:${await closedPort()}` }),
    /was not sent: cannot connect to the proxy in https_proxy \(ECONNREFUSED\)/,
  ],
])("where %s, nothing was sent", async (_what, run, words) => {
  const message = await run();
  expect(message).toMatch(words);
  expect(message).not.toMatch(/not known|canary/);
});

test.each(["socks5://user:canary@127.0.0.1:9", "://", "http://", "nonsense with spaces", "http://a:b:c"])(
  "the address %s is refused by the name of its variable",
  async (address) => {
    const error = await failureOf(openTransport({ variable: "HTTPS_PROXY", url: address }));
    expect(error.message).toBe(
      "The environment variable HTTPS_PROXY must be a URL such as http://proxy.example:8080.",
    );
  },
);

test.each([
  "http://user:50%canary@proxy.example",
  "http://us%er:canary@proxy.example",
  "user:%@proxy.example:1",
])("a percent sign in %s is named with its variable", async (url) => {
  const error = await failureOf(openTransport({ variable: "https_proxy", url }));
  expect(error.message).toMatch(/^The user name or password in the environment variable https_proxy .*%25/);
  expect(error.message).not.toMatch(/canary/);
});

describe("in Pulumi's provider host", () => {
  const HOST = "api.acme.test";

  async function tlsScene() {
    const { github } = await newScene();
    const tls = await startTls(github.url, HOST);
    const proxy = await startProxy(() => tls.port);
    return { github, tls, proxy, address: `http://127.0.0.1:${proxy.port}` };
  }
  const news = { urn: URN, properties: withCode(recordInputs()) };

  test("a name that only the proxy knows is reached by TLS, with an authority of one's own", async () => {
    const { github, tls, proxy, address } = await tlsScene();
    const environment = { HTTPS_PROXY: address, NODE_EXTRA_CA_CERTS: tls.authority };
    const { provider, shown } = await startHost(
      { baseUrl: `https://${HOST}` },
      { token: github.token },
      environment,
    );
    await provider.create(news);
    expect(proxy.tunnels).toEqual([`${HOST}:443`]);
    expect(github.deploymentRecords()).toHaveLength(1);
    expect(shown).toEqual([]);
  });

  test("without a proxy the authority counts too", async () => {
    const { github, tls } = await tlsScene();
    const config = { baseUrl: `https://localhost:${tls.port}` };
    const trusting = { NODE_EXTRA_CA_CERTS: tls.authority };
    const { provider } = await startHost(config, { token: github.token }, trusting);
    await provider.create(news);
    expect(github.requests).toHaveLength(1);
  });

  test.each([
    ["through a proxy", (address: string) => ({ HTTPS_PROXY: address })],
    ["directly", () => ({})],
    [
      "through a proxy, where Node is told to check nothing",
      (address: string) => ({ ...UNCHECKED, HTTPS_PROXY: address }),
    ],
    ["directly, where Node is told to check nothing", () => UNCHECKED],
  ] as const)("without the authority nothing is sent: %s", async (_how, environmentOf) => {
    const { github, tls, address } = await tlsScene();
    const environment: Record<string, string> = environmentOf(address);
    const host = "HTTPS_PROXY" in environment ? HOST : `localhost:${tls.port}`;
    const { provider } = await startHost(
      { baseUrl: `https://${host}` },
      { token: github.token },
      environment,
    );
    const { message } = await failureOf(provider.create(news));
    expect(message).toMatch(/not trusted \(DEPTH_ZERO_SELF_SIGNED_CERT\).*NODE_EXTRA_CA_CERTS/);
    expect(github.requests).toEqual([]);
  });
});

const UNCHECKED = { NODE_TLS_REJECT_UNAUTHORIZED: "0" };
