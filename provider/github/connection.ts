import type { Octokit } from "@octokit/rest" with { "resolution-mode": "import" };
import type { Settings } from "../lifecycle/settings";
import { findToken } from "./credentials";

export interface Connection {
  octokit: Octokit;
}

const silent = { debug() {}, info() {}, warn() {}, error() {} };

export async function connect(settings: Settings): Promise<Connection> {
  // Octokit is an ES module and takes its time to load: a preview, which sends nothing, does not pay for it.
  const [{ Octokit }, auth] = await Promise.all([import("@octokit/rest"), findToken(settings)]);
  const octokit = new Octokit({
    auth,
    baseUrl: settings.baseUrl,
    userAgent: "pulumi-artifact-metadata",
    log: silent,
  });
  return { octokit };
}
