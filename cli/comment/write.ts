/** The comment on GitHub: https://docs.github.com/rest/issues/comments */
import { z } from "zod";
import { UserError } from "../errors";
import { visible } from "../summary/escape";
import { clip } from "../summary/words";
import type { Target } from "./target";

/** The author of what a workflow's own token writes; such a token has no user. */
const WORKFLOW_BOT = "github-actions[bot]";
const PAGE = 100;
const MAX_PAGES = 100;
const TIMEOUT_MS = 30_000;

/** The token is not allowed to comment, as in a pull request from a fork. */
export class NotAllowedError extends Error {
  override readonly name = "NotAllowedError";
}

const comments = z.array(
  z.object({ id: z.int(), body: z.string().nullish(), user: z.object({ login: z.string() }).nullish() }),
);

/** Replaces the comment that begins with this marker and has the token's own author, or writes a new one. */
export async function writeComment(
  target: Target,
  marker: string,
  body: string,
): Promise<"created" | "updated"> {
  const issues = `/repos/${target.repo}/issues`;
  const author = await authorOf(target);
  for (let page = 1; page <= MAX_PAGES; page++) {
    const path = `${issues}/${target.number}/comments?per_page=${PAGE}&page=${page}`;
    const listed = comments.safeParse(await send(target, "GET", path));
    if (!listed.success)
      throw new UserError(`GET ${path} was answered with something that is no list of comments.`);
    const own = listed.data.find((one) => one.user?.login === author && one.body?.startsWith(marker));
    if (own) {
      await send(target, "PATCH", `${issues}/comments/${own.id}`, { body });
      return "updated";
    }
    if (listed.data.length < PAGE) break;
  }
  await send(target, "POST", `${issues}/${target.number}/comments`, { body });
  return "created";
}

/** A GitHub App's token has no user either: its comments are found again where it is the workflow's own. */
async function authorOf(target: Target): Promise<string> {
  try {
    const { data } = z.object({ login: z.string() }).safeParse(await send(target, "GET", "/user"));
    return data?.login ?? WORKFLOW_BOT;
  } catch (error) {
    if (error instanceof NotAllowedError) return WORKFLOW_BOT;
    throw error;
  }
}

async function send(
  { baseUrl, token }: Target,
  method: string,
  path: string,
  body?: object,
): Promise<unknown> {
  const response = await request(`${baseUrl}${path}`, {
    method,
    redirect: "manual",
    signal: AbortSignal.timeout(TIMEOUT_MS),
    headers: {
      accept: "application/vnd.github+json",
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
      "user-agent": "pulumi-artifact-metadata",
      "x-github-api-version": "2022-11-28",
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (response.ok) return parsed(text);
  const said = z.object({ message: z.string() }).safeParse(parsed(text)).data?.message ?? "";
  const message = visible(clip(said.replaceAll(token, "***"), 300));
  const what = `${method} ${path} was answered with ${response.status}${message && ` (${message})`}.`;
  const isLimit = response.headers.has("retry-after") || /rate limit/i.test(said);
  if ((response.status === 403 && !isLimit) || response.status === 404) throw new NotAllowedError(what);
  throw new UserError(`${what} Run the same command again.`);
}

async function request(url: string, options: RequestInit): Promise<Response> {
  try {
    return await fetch(url, options);
  } catch (error) {
    const { message, cause } = error as Error;
    const reason = cause instanceof Error ? cause.message : message;
    throw new UserError(
      `${new URL(url).host} could not be reached (${visible(clip(reason, 300))}). Run the same command again.`,
    );
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
