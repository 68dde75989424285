/** A GitHub App, installed in the organisation acme, and a provider that has its key. */
import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { startGitHub } from "../../local/github";
import type { AppOptions, GitHub, GitHubOptions } from "../../local/github";
import { deploymentRecordProvider } from "../../provider/deployment-record";
import { createRunContext } from "../../provider/create-run-context";
import type { RunContext } from "../../provider/lifecycle/run-context";
import { configOf } from "./provider";
import type { Provider } from "./provider";

const pem = { privateKeyEncoding: { type: "pkcs1", format: "pem" } } as const;
const newKey = () =>
  generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    ...pem,
  });

/** As GitHub makes them: `-----BEGIN RSA PRIVATE KEY-----`. */
export const KEY = newKey();
export const OTHER_KEY = newKey();

export interface AppScene {
  github: GitHub;
  provider: Provider;
  host: RunContext;
  warnings: string[];
  pauses: number[];
  /** The provider's own clock, ahead of the server's by nothing at first. */
  wait: (milliseconds: number) => void;
}

const servers: GitHub[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

interface Options {
  app?: Partial<AppOptions>;
  server?: GitHubOptions;
  config?: Record<string, string>;
  /** The server's clock, as far as it is from this machine's. */
  skew?: number;
}

export async function newAppScene({
  app = {},
  server,
  config = {},
  skew = 0,
}: Options = {}): Promise<AppScene> {
  let waited = 0;
  const installations = [{ id: 77, org: "acme" }];
  const github = await startGitHub({
    attested: "all",
    now: () => Date.now() + skew + waited,
    apps: [{ id: 1234, publicKey: createPublicKey(KEY.publicKey), installations, ...app }],
    ...server,
  });
  servers.push(github);
  const [warnings, pauses]: [string[], number[]] = [[], []];
  const host = createRunContext({
    environment: {},
    warn: (message) => void warnings.push(message),
    sleep: async (milliseconds) => void pauses.push(milliseconds),
    now: () => Date.now() + waited,
  });
  const values = { baseUrl: github.url, appId: "1234", appPrivateKey: KEY.privateKey, ...config };
  host.configure(
    configOf(
      Object.fromEntries(Object.entries(values).map(([key, value]) => [`artifact-metadata:${key}`, value])),
    ),
  );
  const provider = deploymentRecordProvider(host) as Provider;
  return { github, provider, host, warnings, pauses, wait: (milliseconds) => void (waited += milliseconds) };
}
