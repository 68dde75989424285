/** As much of GitHub's comments as the command uses, with as many pages as there are. */
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Comment {
  id: number;
  body: string;
  user: { login: string };
}

/** What goes wrong with the next request of this method. */
export interface Fault {
  on: "GET" | "POST" | "PATCH";
  /** Absent: the connection is lost. */
  status?: number;
  message?: string;
  headers?: Record<string, string>;
  /** The write is done before. */
  isDone?: boolean;
}

export interface CommentsServer {
  url: string;
  comments: Comment[];
  /** `GET /repos/acme/shop/issues/7/comments?per_page=100&page=1` */
  requests: string[];
  faults: Fault[];
  /** Whose token it is: a person's has a user, the others are bots. */
  account: { login: string; isBot: boolean };
  close: () => Promise<void>;
}

const COMMENTS = "/repos/acme/shop/issues/7/comments";
/** The greatest that GitHub takes. */
const MAX_BODY = 65_536;

/** @param prefix Of GitHub Enterprise Server: `/api/v3`. */
export async function startComments(prefix = ""): Promise<CommentsServer> {
  const github: Omit<CommentsServer, "url" | "close"> = {
    ...{ comments: [], requests: [], faults: [] },
    account: { login: "github-actions[bot]", isBot: true },
  };
  const server = createServer((request, response) => void answer(github, prefix, request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return Object.assign(github, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${prefix}`,
    close: () => new Promise<void>((resolve) => void server.close(() => resolve())),
  });
}

type State = Omit<CommentsServer, "url" | "close">;

async function answer(github: State, prefix: string, request: IncomingMessage, response: ServerResponse) {
  const { method = "", url = "" } = request;
  const body = await bodyOf(request);
  github.requests.push(`${method} ${url}`);
  const index = github.faults.findIndex(({ on }) => on === method && !url.endsWith("/graphql"));
  const [fault] = index < 0 ? [] : github.faults.splice(index, 1);
  const done = fault && !fault.isDone ? undefined : perform(github, prefix, `${method} ${url}`, body);
  if (fault && fault.status === undefined) return void response.destroy();
  const [status, content] = fault
    ? [fault.status ?? 500, { message: fault.message ?? "" }]
    : (done ?? [404, { message: "Not Found" }]);
  response.writeHead(status, { "content-type": "application/json", connection: "close", ...fault?.headers });
  response.end(JSON.stringify(content));
}

function perform(
  { account, comments }: State,
  prefix: string,
  request: string,
  body: string | undefined,
): [number, object] | undefined {
  const graphql = prefix === "" ? "/graphql" : prefix.replace("/v3", "/graphql");
  if (request === `GET ${prefix}/user`)
    return account.isBot ? [403, { message: "Resource not accessible by integration" }] : [200, account];
  if (request === `POST ${graphql}`) return [200, { data: { viewer: { login: account.login } } }];
  if (body !== undefined && body.length > MAX_BODY) return [422, { message: "Body is too long" }];
  if (request === `POST ${prefix}${COMMENTS}`) {
    const id = Math.max(0, ...comments.map((one) => one.id)) + 1;
    comments.push({ id, body: body ?? "", user: { login: account.login } });
    return [201, comments.at(-1) ?? {}];
  }
  const [, path = "", search] = /^GET ([^?]*)\?(.*)$/.exec(request) ?? [];
  if (path === `${prefix}${COMMENTS}`) {
    const query = new URLSearchParams(search);
    const [size, page] = [Number(query.get("per_page") ?? 30), Number(query.get("page") ?? 1)];
    return [200, comments.slice((page - 1) * size, page * size)];
  }
  const id = new RegExp(`^PATCH ${prefix}/repos/acme/shop/issues/comments/(\\d+)$`).exec(request)?.[1];
  const found = comments.find((one) => one.id === Number(id));
  return found && [200, Object.assign(found, { body })];
}

async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk as Uint8Array);
  const text = Buffer.concat(chunks).toString();
  return text === "" ? undefined : (JSON.parse(text) as { body?: string }).body;
}
