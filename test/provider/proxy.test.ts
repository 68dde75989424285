/** Proxies from the environment, and certificates that they, or a company, bring. */
import { createRunContext } from "../../provider/create-run-context";
import { deploymentRecordProvider } from "../../provider/deployment-record";
import { KEY, newAppScene } from "../support/app";
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

async function proxyScene(refuse?: string) {
  const { github } = await newScene();
  const proxy = await startProxy(() => portOf(github.url), refuse);
  const address = `http://127.0.0.1:${proxy.port}`;
  const config = { baseUrl: github.url, token: github.token };
  return { github, proxy, address, config, target: new URL(github.url).host };
}

test.each(["HTTP_PROXY", "http_proxy"])("%s is used", async (variable) => {
  const { github, proxy, address, config, target } = await proxyScene();
  const provider = providerWith({ [variable]: address }, config);
  await provider.create(recordInputs());
  await provider.create(recordInputs({ version: "2" }));
  expect(new Set(proxy.tunnels)).toEqual(new Set([target]));
  expect(requestsOf(github)).toEqual([WRITE, WRITE]);
});

test("user name and password go to the proxy, and to nobody else", async () => {
  const { github, proxy, address, config } = await proxyScene();
  const provider = providerWith({ HTTP_PROXY: address.replace("//", "//user:canary@") }, config);
  await provider.create(recordInputs());
  expect(proxy.authorizations).toEqual([`Basic ${Buffer.from("user:canary").toString("base64")}`]);
  expect(JSON.stringify(github.requests)).not.toMatch(/canary|proxy/i);
});

test.each([
  ["NO_PROXY", "127.0.0.1"],
  ["no_proxy", "example.com, 127.0.0.1"],
  ["NO_PROXY", "*"],
])("%s=%s is gone around it", async (variable, value) => {
  const { github, proxy, address, config } = await proxyScene();
  await providerWith({ HTTP_PROXY: address, [variable]: value }, config).create(recordInputs());
  expect(proxy.tunnels).toEqual([]);
  expect(github.requests).toHaveLength(1);
});

test.each([
  ["HTTPS_PROXY", "http://127.0.0.1:9"],
  ["HTTP_PROXY", ""],
  ["ALL_PROXY", "http://127.0.0.1:9"],
])("%s=%s is no proxy for http", async (variable, value) => {
  const { github, config } = await proxyScene();
  await providerWith({ [variable]: value }, config).create(recordInputs());
  expect(github.requests).toHaveLength(1);
});

test("the App's own requests go through the proxy too", async () => {
  const { github } = await newAppScene();
  const proxy = await startProxy(() => portOf(github.url));
  const provider = providerWith(
    { HTTP_PROXY: `http://127.0.0.1:${proxy.port}` },
    { baseUrl: "http://localhost:8080", appId: "1234", appPrivateKey: KEY.privateKey },
  );
  await provider.create(recordInputs());
  expect(new Set(proxy.tunnels)).toEqual(new Set(["localhost:8080"]));
  expect(github.deploymentRecords()).toHaveLength(1);
});

test("a proxy that refuses is tried again, and its answer is said", async () => {
  const { github, address, config } = await proxyScene("407 Proxy Authentication Required");
  const provider = providerWith({ HTTP_PROXY: address.replace("//", "//user:canary@") }, config);
  const error = await failureOf(provider.create(recordInputs()));
  expect(error.message).toMatch(/407.*tried 4 times/);
  expect(error.message).not.toContain("canary");
  expect(github.requests).toEqual([]);
});

test.each(["proxy.example:8080", "socks5://user:canary@127.0.0.1:9", "nonsense"])(
  "the address %s is refused by the name of its variable",
  async (address) => {
    const { github, config } = await proxyScene();
    const error = await failureOf(providerWith({ HTTP_PROXY: address }, config).create(recordInputs()));
    expect(error.message).toBe(
      "The environment variable HTTP_PROXY must be a URL such as http://proxy.example:8080.",
    );
    expect(github.requests).toEqual([]);
  },
);

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

  test("without a proxy the authority counts too, and without the authority nothing is sent", async () => {
    const { github, tls, proxy, address } = await tlsScene();
    const config = { baseUrl: `https://localhost:${tls.port}` };
    const direct = { HTTPS_PROXY: address, NO_PROXY: "localhost" };
    const trusting = await startHost(
      config,
      { token: github.token },
      { ...direct, NODE_EXTRA_CA_CERTS: tls.authority },
    );
    await trusting.provider.create(news);
    expect(github.requests).toHaveLength(1);

    const environments: Record<string, string>[] = [{ HTTPS_PROXY: address }, {}];
    for (const environment of environments) {
      const { provider } = await startHost(config, { token: github.token }, environment);
      const { message } = await failureOf(provider.create(news));
      expect(message).toMatch(/not trusted \(DEPTH_ZERO_SELF_SIGNED_CERT\).*NODE_EXTRA_CA_CERTS/);
    }
    expect(github.requests).toHaveLength(1);
    expect(proxy.tunnels).toHaveLength(1);
  });
});
