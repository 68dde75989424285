/** Servers that end with their test, and requests as plain as they can be: no client's own retries or headers. */
import type { IncomingHttpHeaders } from "node:http";
import { request as httpRequest } from "node:http";

import { startGitHub, testClock } from "../../local/github";
import type { GitHub, GitHubOptions, TestClock } from "../../local/github";
import { brokenBy } from "./described";

export interface Server {
  github: GitHub;
  /** The server's clock: it stands still until the test moves it. */
  clock: TestClock;
}

const servers: GitHub[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

/** Every digest is attested, unless the options say otherwise. */
export async function serve(options: GitHubOptions = {}): Promise<Server> {
  const clock = testClock();
  const github = await startGitHub({ attested: "all", now: clock.now, ...options });
  servers.push(github);
  return { github, clock };
}

/** What a test reads of any answer. */
export interface AnswerBody {
  total_count?: number;
  attestations?: unknown[];
  deployment_records?: Record<string, unknown>[];
  storage_records?: Record<string, unknown>[];
  job_id?: number;
  status?: string;
  started_at?: string;
  message?: unknown;
  documentation_url?: string;
  errors?: { [key: string]: unknown; field?: string; cause?: string; deployment?: Record<string, unknown> }[];
}

export interface Reply {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

export interface Checked extends Reply {
  body: AnswerBody;
}

export interface AskOptions {
  /** Sent as JSON; a text or bytes are sent as they are. */
  body?: unknown;
  /** Default: the one that may write everything; null: none. */
  token?: string | null;
  /** In place of the usual ones; undefined: left out. */
  headers?: Record<string, string | undefined>;
  signal?: AbortSignal;
}

function headersOf(github: GitHub, { body, token, headers }: AskOptions): Record<string, string> {
  const all: Record<string, string | undefined> = {
    accept: "application/vnd.github+json",
    "user-agent": "a test",
    "x-github-api-version": "2022-11-28",
    authorization: token === null ? undefined : `Bearer ${token ?? github.token}`,
    "content-type": body === undefined ? undefined : "application/json",
    "content-length": body === undefined ? undefined : String(Buffer.byteLength(rawBody(body))),
    ...headers,
  };
  const sent = Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
  return Object.fromEntries(sent) as Record<string, string>;
}

const rawBody = (body: unknown) =>
  typeof body === "string" || body instanceof Uint8Array ? body : JSON.stringify(body);

/** One request, `"POST /orgs/…"`, on a connection of its own. The answer may be anything. */
export function send(github: GitHub, what: string, options: AskOptions = {}): Promise<Reply> {
  const [method, path] = what.split(" ", 2);
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(github.url);
    const headers = headersOf(github, options);
    const { signal, body } = options;
    const request = httpRequest(
      { hostname, port, method, path, headers, agent: false, ...(signal ? { signal } : {}) },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("error", reject);
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () => {
          const { statusCode = 0, headers: answered } = response;
          resolve({ status: statusCode, headers: answered, text: Buffer.concat(chunks).toString("utf8") });
        });
      },
    );
    request.on("error", reject);
    request.end(body === undefined ? undefined : rawBody(body));
  });
}

/** One request, whose answer has to be as the description says. */
export async function ask(github: GitHub, what: string, options: AskOptions = {}): Promise<Checked> {
  const reply = await send(github, what, options);
  const body = JSON.parse(reply.text) as AnswerBody;
  const logged = github.requests.find(({ id }) => id === reply.headers["x-github-request-id"]);
  expect(logged).toMatchObject({ status: reply.status });
  expect(brokenBy(logged?.operation, reply.status, body)).toEqual([]);
  return { ...reply, body };
}

export const digestOf = (letter: string) => `sha256:${letter.repeat(64)}`;
export const DIGEST = digestOf("a");
export const OTHER_DIGEST = digestOf("b");

export const DEPLOYMENT = "POST /orgs/acme/artifacts/metadata/deployment-record";
export const STORAGE = "POST /orgs/acme/artifacts/metadata/storage-record";
export const clusterCall = (cluster = "prod") => `${DEPLOYMENT}/cluster/${cluster}`;
export const attestationsOf = (digest = DIGEST, query = "") =>
  `GET /orgs/acme/attestations/${digest}${query}`;
export const jobsOf = (cluster = "prod") => `${clusterCall(cluster)}/jobs`;
export const jobOf = (id: number | string | undefined, cluster = "prod") =>
  `${jobsOf(cluster)}/${id}`.replace("POST", "GET");
export const deploymentsOf = (digest = DIGEST, org = "acme") =>
  `GET /orgs/${org}/artifacts/${digest}/metadata/deployment-records`;
export const storageOf = (digest = DIGEST, org = "acme") =>
  `GET /orgs/${org}/artifacts/${digest}/metadata/storage-records`;

/** What every deployment record needs, and what the test is about. */
export const deployment = (more: Record<string, unknown> = {}) => ({
  name: "ghcr.io/acme/web",
  digest: DIGEST,
  status: "deployed",
  logical_environment: "production",
  deployment_name: "web",
  ...more,
});

/** One entry of a cluster call. */
export const entry = (more: Record<string, unknown> = {}) => ({
  name: "ghcr.io/acme/web",
  digest: DIGEST,
  deployment_name: "web",
  ...more,
});

export const cluster = (deployments: unknown[] = [entry()], more: Record<string, unknown> = {}) => ({
  logical_environment: "production",
  deployments,
  ...more,
});

export const storage = (more: Record<string, unknown> = {}) => ({
  name: "libfoo",
  digest: DIGEST,
  registry_url: "https://reg.example.com/artifactory/",
  ...more,
});

/** The operations that take a body, each with the least that it needs. */
export const WRITES: [operation: string, what: string, body: () => Record<string, unknown>][] = [
  ["create-artifact-deployment-record", DEPLOYMENT, deployment],
  ["set-cluster-deployment-records", clusterCall(), cluster],
  ["create-cluster-deployment-records-job", jobsOf(), cluster],
  ["create-artifact-storage-record", STORAGE, storage],
];
