/** Comments on pull requests: https://docs.github.com/rest/issues/comments */
import { timestamp } from "../http/clock";
import { type Answer, Refusal } from "./answer";
import type { Caller } from "./auth";
import type { Scope } from "./sources";
import type { Store } from "./store";
import type { Comment, RequestLog } from "./types";

interface CommentCall extends Scope {
  params: Record<string, string>;
  query: URLSearchParams;
  /** Validated against the description. */
  body: unknown;
}

/** What GitHub takes. */
const MAX_BODY = 65_536;
const MAX_PAGE = 100;

const loginOf = ({ access, installation }: Caller): string =>
  access.login ?? (installation ? "github-actions[bot]" : "octocat");

/** @throws Refusal where there is no such pull request */
export function commentsOf(store: Store, pull: string, documentationUrl?: string): Comment[] {
  const comments = store.comments.get(pull.toLowerCase());
  if (!comments) throw new Refusal(404, "Not Found", { documentationUrl });
  return comments;
}

const commentsIn = ({ store, params, documentationUrl }: CommentCall): Comment[] =>
  commentsOf(store, `${params.owner}/${params.repo}#${params.issue_number}`, documentationUrl);

export function addComment(store: Store, comments: Comment[], login: string, body: string): Comment {
  const now = timestamp(store.clock());
  const comment = { id: Number(store.nextId()), body, login, created_at: now, updated_at: now };
  comments.push(comment);
  return comment;
}

function bodyOf({ body, documentationUrl }: CommentCall): string {
  const text = (body as { body: string }).body;
  if (text !== "" && text.length <= MAX_BODY) return text;
  const message =
    text === "" ? "Body can't be blank" : `Body is too long (maximum is ${MAX_BODY} characters)`;
  throw new Refusal(422, message, { documentationUrl });
}

export function listComments(call: CommentCall): Answer {
  const { query } = call;
  const size = Math.min(MAX_PAGE, Number(query.get("per_page") ?? 30));
  const start = (Number(query.get("page") ?? 1) - 1) * size;
  const page = commentsIn(call).slice(start, start + size);
  return { status: 200, headers: {}, body: page.map((one) => commentAnswer(call, one)) };
}

export function createComment(call: CommentCall): Answer {
  const created = addComment(call.store, commentsIn(call), loginOf(call.caller), bodyOf(call));
  return { status: 201, headers: {}, body: commentAnswer(call, created) };
}

export function updateComment(call: CommentCall): Answer {
  const { params, store, documentationUrl } = call;
  const repository = `${params.owner}/${params.repo}#`.toLowerCase();
  const all = [...store.comments].flatMap(([pull, comments]) =>
    pull.startsWith(repository) ? comments : [],
  );
  const found = all.find(({ id }) => String(id) === params.comment_id);
  if (!found) throw new Refusal(404, "Not Found", { documentationUrl });
  Object.assign(found, { body: bodyOf(call), updated_at: timestamp(store.clock()) });
  return { status: 200, headers: {}, body: commentAnswer(call, found) };
}

/** Whose token it is: GraphQL, which is outside of the description, names bots too. */
export function accountAnswer(caller: Caller, { method, path, body }: RequestLog): Answer | undefined {
  const login = loginOf(caller);
  if (method === "POST" && path === "/graphql") {
    if (JSON.stringify(body) !== '{"query":"query { viewer { login } }"}')
      throw new Refusal(400, "This stand-in knows the query for the viewer alone");
    return { status: 200, headers: {}, body: { data: { viewer: { login } } } };
  }
  if (method !== "GET" || path !== "/user") return undefined;
  if (caller.installation) throw new Refusal(403, "Resource not accessible by integration");
  return { status: 200, headers: {}, body: userAnswer(login) };
}

function commentAnswer({ params, store }: CommentCall, comment: Comment): object {
  const { id, login, ...content } = comment;
  const [pull = ""] = [...store.comments].find(([, comments]) => comments.includes(comment)) ?? [];
  const issues = `https://api.github.com/repos/${params.owner}/${params.repo}/issues`;
  const url = `${issues}/comments/${id}`;
  const issue_url = `${issues}/${pull.split("#")[1]}`;
  const more = { node_id: `IC_${id}`, url, html_url: url, issue_url };
  return { id, ...content, ...more, user: userAnswer(login) };
}

const USER_URLS = [
  ...["avatar", "events", "followers", "following", "gists", "html", "organizations"],
  ...["received_events", "repos", "starred", "subscriptions"],
];

function userAnswer(login: string): object {
  const url = `https://api.github.com/users/${encodeURIComponent(login)}`;
  const urls = USER_URLS.map((name) => [`${name}_url`, url]);
  const type = login.endsWith("[bot]") ? "Bot" : "User";
  const user = { login, id: 1, node_id: "U_1", gravatar_id: null, type, site_admin: false, url };
  return { ...user, ...(Object.fromEntries(urls) as object) };
}
