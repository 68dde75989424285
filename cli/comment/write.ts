/** The comment on GitHub: https://docs.github.com/rest/issues/comments */
import { z } from "zod";
import { id } from "../../provider/http/parts";
import { UserError } from "../errors";
import type { Io } from "../io";
import { GRAPHQL, NotAllowedError, NotFoundError, openApi, TransientError } from "./send";
import type { Send } from "./send";
import type { Target } from "./target";

/** The author of what a workflow's own token writes. */
const WORKFLOW_BOT = "github-actions[bot]";
const PAGE = 100;
const MAX_PAGES = 100;
/** Between one attempt and the next. */
const PAUSES = [1_000, 3_000, 9_000];
const LONGEST_PAUSE = 60_000;

export type Outcome = "created" | "updated";

/**
 * Replaces the comment that begins with this marker and has the token's own author, or writes a new one. Each attempt
 * begins with the list, so a comment whose answer was lost is not written twice.
 *
 * @throws NotAllowedError where the token is not allowed to comment
 */
export async function writeComment(
  target: Target,
  marker: string,
  body: string,
  { env, sleep }: Pick<Io, "env" | "sleep">,
): Promise<Outcome> {
  const send = await openApi(target, env);
  for (const pause of [...PAUSES, undefined]) {
    try {
      return await writeOnce(send, target, marker, body);
    } catch (error) {
      if (!(error instanceof TransientError)) throw error;
      const wait = error.waitMilliseconds ?? pause ?? 0;
      if (pause === undefined || wait > LONGEST_PAUSE)
        throw new UserError(`${error.message} Run the same command again${later(wait)}.`);
      await sleep(wait);
    }
  }
  throw new Error("unreachable");
}

const later = (wait: number): string =>
  wait > LONGEST_PAUSE ? ` in ${Math.ceil(wait / 1_000)} seconds` : "";

async function writeOnce(send: Send, target: Target, marker: string, body: string): Promise<Outcome> {
  const issues = `/repos/${target.repo}/issues`;
  const comments = `${issues}/${target.number}/comments`;
  const own = await findOwn(send, comments, marker).catch((error: unknown) => {
    if (!(error instanceof NotFoundError)) throw error;
    throw new UserError(
      `There is no pull request ${target.repo}#${target.number} that the token is allowed to see. ${error.message}`,
    );
  });
  if (own === undefined) {
    await send("POST", comments, { body });
    return "created";
  }
  await send("PATCH", `${issues}/comments/${own}`, { body }).catch((error: unknown) => {
    // Somebody has deleted it in the meantime.
    throw error instanceof NotFoundError ? new TransientError(error.message) : error;
  });
  return "updated";
}

/** It stands in the path of the next request. */
const commentId = id.pipe(z.string().regex(/^\d{1,20}$/));

const page = z.array(
  z.object({ id: commentId, body: z.string().nullish(), user: z.object({ login: z.string() }).nullish() }),
);

async function findOwn(send: Send, comments: string, marker: string): Promise<string | undefined> {
  const author = await authorOf(send);
  for (let number = 1; number <= MAX_PAGES; number++) {
    const path = `${comments}?per_page=${PAGE}&page=${number}`;
    const { data } = page.safeParse(await send("GET", path));
    if (!data) throw new UserError(`GET ${path} was answered with something that is not a list of comments.`);
    const own = data.find((one) => one.user?.login === author && one.body?.startsWith(marker));
    if (own) return own.id;
    if (data.length < PAGE) break;
  }
  return undefined;
}

/** A person's token has a user. A workflow's own token and a GitHub App's have none, but GraphQL names their bot. */
async function authorOf(send: Send): Promise<string> {
  const user = account.safeParse(await orRefused(send("GET", "/user"))).data?.login;
  if (user !== undefined) return user;
  const answer = await orRefused(send("POST", GRAPHQL, { query: "query { viewer { login } }" }));
  const viewer = z.object({ data: z.object({ viewer: account }) }).safeParse(answer).data?.data.viewer.login;
  if (viewer === undefined) return WORKFLOW_BOT;
  return viewer.endsWith("[bot]") ? viewer : `${viewer}[bot]`;
}

const account = z.object({ login: z.string() });

async function orRefused(answer: Promise<unknown>): Promise<unknown> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof NotAllowedError || error instanceof NotFoundError) return undefined;
    throw error;
  }
}
