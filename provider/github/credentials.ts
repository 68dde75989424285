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
  try {
    const gh = promisify(execFile);
    const { stdout } = await gh("gh", ["auth", "token", "--hostname", ghHost(settings.baseUrl)], {
      timeout: 10_000,
      // As this code sees it: Node would take the process's own, which is not the same in a test.
      env: process.env,
    });
    if (stdout.trim() !== "") return stdout.trim();
  } catch {
    // No gh, or not logged in: the message below says what to do, gh's own output could hold anything.
  }
  throw new ProviderError(
    "There is no GitHub token. Set one with `pulumi config set --secret artifact-metadata:token …`, in the " +
      "environment variable GITHUB_TOKEN or GH_TOKEN, or log in with `gh auth login`. It needs the permission " +
      '"Artifact metadata: write" for the organisation.',
  );
}
