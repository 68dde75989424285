/** The tokens of a GitHub App: one for each installation, fetched when it is needed, and renewed in time. */
import { SAVED_CONFIGURATION } from "../config/lookup";
import type { AppSettings } from "../config/github-app";
import { RateLimitedError, UnreachableError } from "./errors";
import type { Ask } from "./request";

/** GitHub's tokens hold for an hour. A request that waits for its turn is to have a good one still. */
const RENEWED_BEFORE_MILLISECONDS = 5 * 60_000;

interface Token {
  authorization: string;
  renewAt: number;
}

export interface AppTokens {
  /** The header for requests that concern this organisation. */
  authorization: (org: string) => Promise<string>;
  /** GitHub refused it: resolves to whether there can be a new one. */
  forget: (org: string, authorization: string) => Promise<boolean>;
}

export function createApp(app: AppSettings, ask: Ask, now: () => number): AppTokens {
  // Only what needs no permission is asked here, so each refusal has one meaning.
  const wrongKey =
    `GitHub does not accept the key of the App ${app.id}: check that artifact-metadata:appPrivateKey ` +
    `(or GITHUB_APP_PEM_FILE) is a key of this App that has not been deleted, or set a new one. ${SAVED_CONFIGURATION}`;

  async function installationOf(org: string): Promise<string> {
    if (app.installationId !== undefined) return app.installationId;
    const notInstalled =
      `The App ${app.id} is not installed in ${org}, or ${org} is not an organisation: install it there, with the ` +
      `permission "Artifact metadata".`;
    const { data } = await ask({
      route: "GET /orgs/{org}/installation",
      params: { org },
      permission: "read",
      refusals: { 401: wrongKey, 404: notInstalled },
      expected: (schemas) => schemas.installation,
    });
    return data.id;
  }

  async function fetchToken(org: string): Promise<Token> {
    const id = await installationOf(org);
    const { data, date } = await ask({
      route: "POST /app/installations/{installation_id}/access_tokens",
      params: { installation_id: id },
      permission: "read",
      success: [201],
      refusals: {
        401: wrongKey,
        403: `The installation ${id} of the App ${app.id} is suspended, or the App is not allowed to use it.`,
        404: `The App ${app.id} has no installation ${id}: check artifact-metadata:appInstallationId.`,
      },
      expected: (schemas) => schemas.installationToken,
    });
    // How long it holds, by GitHub's clock; from now on, by ours.
    const holds = Date.parse(data.expires_at) - Date.parse(date ?? new Date().toISOString());
    const renewAt = now() + Math.max(holds - RENEWED_BEFORE_MILLISECONDS, holds / 2);
    return { authorization: `Bearer ${data.token}`, renewAt };
  }

  const tokens = new Map<string, Promise<Token>>();
  const installationKey = (org: string) => (app.installationId === undefined ? org.toLowerCase() : "");

  /** Many that need one at the same time get the same one. */
  function fetchOnce(key: string, org: string): Promise<Token> {
    const fetching = fetchToken(org);
    tokens.set(key, fetching);
    fetching.catch((error: unknown) => {
      // What GitHub refused once, it will refuse again.
      const passing = error instanceof UnreachableError || error instanceof RateLimitedError;
      if (passing && tokens.get(key) === fetching) tokens.delete(key);
    });
    return fetching;
  }

  return {
    async authorization(org) {
      const key = installationKey(org);
      const known = tokens.get(key);
      if (known !== undefined) {
        const { authorization, renewAt } = await known;
        if (now() < renewAt) return authorization;
        if (tokens.get(key) === known) tokens.delete(key);
      }
      // A new one is used even if it has expired already by GitHub's clock: another one would be no better.
      return (await (tokens.get(key) ?? fetchOnce(key, org))).authorization;
    },
    async forget(org, authorization) {
      const key = installationKey(org);
      const known = tokens.get(key);
      if ((await known)?.authorization === authorization && tokens.get(key) === known) tokens.delete(key);
      return true;
    },
  };
}
