/** What requests are sent with: Octokit, credentials, a proxy. */
import type { Octokit } from "@octokit/rest" with { "resolution-mode": "import" };
import { openTransport } from "../http/transport";
import type { Transport } from "../http/transport";
import type { GitHubSettings } from "../config/github";
import { createApp } from "./app";
import type { AppTokens } from "./app";
import type { Ask } from "./request";
import { findToken } from "./credentials";

export interface Connection extends AppTokens {
  octokit: Octokit;
  transport: Transport;
  baseUrl: string;
  /** Where the token was found; undefined where GitHub gave it to an App. */
  tokenFrom?: string;
}

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/**
 * Octokit is an ES module and takes its time to load: a preview, which sends nothing, does not pay for it.
 * Only what is used is loaded.
 */
export async function connect(
  settings: GitHubSettings,
  now: () => number,
  askWith: (octokit: Octokit, transport: Transport) => Ask,
): Promise<Connection> {
  const [{ Octokit }, transport] = await Promise.all([
    import("@octokit/rest"),
    openTransport(settings.proxy),
  ]);
  const { baseUrl } = settings;
  const options = {
    baseUrl,
    userAgent: "pulumi-artifact-metadata",
    log: silent,
  };
  const octokit = new Octokit(options);
  const { app } = settings;
  if (app === undefined) {
    const authorization = `Bearer ${await findToken(settings)}`;
    const { tokenFrom = "`gh auth token`" } = settings;
    const find = async () => authorization;
    return { octokit, transport, baseUrl, tokenFrom, authorization: find, forget: async () => false };
  }
  const { createAppAuth } = await import("@octokit/auth-app");
  // Signs the App's own requests, and signs them again by GitHub's clock where ours is wrong.
  const auth = { appId: app.id, privateKey: app.privateKey };
  const signed = new Octokit({ ...options, authStrategy: createAppAuth, auth });
  return { octokit, transport, baseUrl, ...createApp(app, askWith(signed, transport), now) };
}
