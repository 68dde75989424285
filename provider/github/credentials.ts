import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { ProviderError } from "../runtime/errors";
import type { GitHubSettings } from "../config/github";

/** The name under which `gh` keeps its login for this API: `api.github.com` → `github.com`. */
const ghHost = (baseUrl: string): string => new URL(baseUrl).hostname.replace(/^api\./, "");

/**
 * The token: configuration and environment first (see settings.ts), the GitHub CLI's own login last.
 * It is looked up when the first request is made, and goes nowhere but into the request's header.
 */
export async function findToken(settings: GitHubSettings): Promise<string> {
  if (settings.token !== undefined) return settings.token;
  const printed = await askGh(settings.baseUrl);
  if (printed === undefined || printed.trim() === "")
    throw new ProviderError(
      "There is no GitHub token. Set one with `pulumi config set --secret artifact-metadata:token …`, in the " +
        "environment variable GITHUB_TOKEN or GH_TOKEN, or log in with `gh auth login`. It needs the permission " +
        `"Artifact metadata: write" for the organisation.${settings.noTokenHint === undefined ? "" : ` ${settings.noTokenHint}`}`,
    );
  const [line = ""] = /^[\x21-\x7e]+(?=\r?\n?$)/.exec(printed) ?? [];
  if (line !== "") return line;
  throw new ProviderError(
    "`gh auth token` did not print one line with a token. Run it to see what it prints, update the GitHub " +
      "CLI, or set the token with `pulumi config set --secret artifact-metadata:token …` or in GITHUB_TOKEN.",
  );
}

/** What it prints; undefined where there is no gh, or it is not logged in. Nothing that it prints is shown. */
async function askGh(baseUrl: string): Promise<string | undefined> {
  const run = promisify(execFile);
  // As this code sees it: Node would take the process's own environment, which is not the same in a test.
  const options = { timeout: 10_000, env: process.env };
  const result = run("gh", ["auth", "token", "--hostname", ghHost(baseUrl)], options);
  return result.then(({ stdout }) => stdout).catch(() => undefined);
}
