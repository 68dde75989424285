/** Which pull request is commented on, and with which token: from the options, else from the workflow's environment. */
import { readFileSync } from "node:fs";
import { z } from "zod";
import { apiUrl, token } from "../../provider/config/api";
import { UserError } from "../errors";
import type { Io } from "../io";

export interface Target {
  baseUrl: string;
  token: string;
  /** `acme/shop` */
  repo: string;
  number: number;
}

const event = z.object({
  pull_request: z.object({ number: z.int().positive() }).optional(),
  issue: z.object({ number: z.int().positive(), pull_request: z.unknown().optional() }).optional(),
});

export function targetOf(
  given: { repo?: string; pr?: string },
  env: Io["env"],
): Pick<Target, "repo" | "number"> {
  const repo = given.repo ?? (env.GITHUB_REPOSITORY || undefined);
  if (repo === undefined)
    throw new UserError("Name the repository: --repo OWNER/NAME, or GITHUB_REPOSITORY.");
  if (!/^[\w-]+\/(?!\.{1,2}$)[\w.-]+$/.test(repo))
    throw new UserError(`The repository must be OWNER/NAME, not ${JSON.stringify(repo)}.`);
  if (given.pr === undefined) return { repo, number: numberFromEvent(env.GITHUB_EVENT_PATH) };
  if (!/^[1-9]\d{0,9}$/.test(given.pr))
    throw new UserError(`--pr must be the number of a pull request, not ${JSON.stringify(given.pr)}.`);
  return { repo, number: Number(given.pr) };
}

export function credentialsOf(env: Io["env"]): Pick<Target, "baseUrl" | "token"> {
  const settings = z.object({ GITHUB_API_URL: apiUrl("https://api.github.com"), GITHUB_TOKEN: token });
  const found = {
    GITHUB_API_URL: env.GITHUB_API_URL || "https://api.github.com",
    GITHUB_TOKEN: env.GITHUB_TOKEN || env.GH_TOKEN,
  };
  if (!found.GITHUB_TOKEN)
    throw new UserError("Set GITHUB_TOKEN to a token that is allowed to write comments, or use --dry-run.");
  const { data, error } = settings.safeParse(found);
  if (error)
    throw new UserError(error.issues.map(({ path, message }) => `${path.join(".")} ${message}.`).join(" "));
  return { baseUrl: data.GITHUB_API_URL, token: data.GITHUB_TOKEN };
}

function numberFromEvent(file: string | undefined): number {
  const name = "Name the pull request: --pr NUMBER";
  if (!file) throw new UserError(`${name}, or run it in a workflow on pull_request.`);
  try {
    const { pull_request: pull, issue } = event.parse(JSON.parse(readFileSync(file, "utf8")));
    const number = pull?.number ?? (issue?.pull_request ? issue.number : undefined);
    if (number !== undefined) return number;
  } catch {
    throw new UserError(`${name}; the event in GITHUB_EVENT_PATH cannot be read.`);
  }
  throw new UserError(`${name}; the workflow's event is not about a pull request.`);
}
