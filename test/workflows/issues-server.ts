/** As much of GitHub's issues and comments as the example's scripts use. */
import { createServer } from "node:http";
import type { IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

export interface Comment {
  id: number;
  body: string;
  user: { login: string };
}

export interface Issue extends Comment {
  number: number;
  title: string;
  state: "open" | "closed";
}

export interface IssuesServer {
  url: string;
  comments: Comment[];
  issues: Issue[];
  close: () => Promise<void>;
}

const BOT = { login: "github-actions[bot]" };
const repo = "/repos/acme/shop/issues";

export async function startIssues(): Promise<IssuesServer> {
  const comments: Comment[] = [];
  const issues: Issue[] = [];

  const answer = (method: string, path: string, body: Partial<Issue>): object | undefined => {
    // A workflow's own token has no user.
    if (path === "/user") return undefined;
    switch (`${method} ${path}`) {
      case `GET ${repo}/7/comments`:
        return comments;
      case `POST ${repo}/7/comments`:
        comments.push({ id: comments.length + 100, body: body.body ?? "", user: BOT });
        return comments.at(-1);
      case `GET ${repo}`:
        return issues.filter(({ state }) => state === "open");
      case `POST ${repo}`: {
        const number = issues.length + 1;
        issues.push({ id: number, number, title: "", body: "", state: "open", ...body, user: BOT });
        return issues.at(-1);
      }
    }
    const [, kind, id] = /^PATCH .*\/issues\/(comments\/)?(\d+)$/.exec(`${method} ${path}`) ?? [];
    const found = (kind ? comments : issues).find((one) => one.id === Number(id));
    return found && Object.assign(found, body);
  };

  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const { pathname } = new URL(request.url ?? "", "http://localhost");
      const content = answer(request.method ?? "", pathname, body);
      response.writeHead(content ? 200 : 404, { "content-type": "application/json" });
      response.end(JSON.stringify(content ?? { message: "Not Found" }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    ...{ comments, issues },
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => new Promise((resolve) => void server.close(() => resolve())),
  };
}

async function bodyOf(request: IncomingMessage): Promise<Partial<Issue>> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk as Uint8Array);
  const text = Buffer.concat(chunks).toString();
  return text === "" ? {} : (JSON.parse(text) as Partial<Issue>);
}
