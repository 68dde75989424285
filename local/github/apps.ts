/**
 * How a GitHub App gets its tokens.
 * https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app
 */
import { randomBytes, verify } from "node:crypto";
import { type Answer, Refusal } from "./answer";
import { type Clock, timestamp } from "../http/clock";
import type { Access, AppOptions, InstallationOptions } from "./options";
import type { RequestLog } from "./types";

const LONGEST_SECONDS = 600;
const DOCS = "https://docs.github.com/rest";

/** What the server knows of its Apps, and where the tokens go that they get. */
interface AppTokens {
  apps: AppOptions[];
  tokens: Map<string, Access>;
  clock: Clock;
}

interface Claims {
  iss?: unknown;
  iat?: unknown;
  exp?: unknown;
}

const refuse = (status: number, message: string) => new Refusal(status, message, { documentationUrl: DOCS });

function decode(part: string | undefined): unknown {
  try {
    return JSON.parse(Buffer.from(part ?? "", "base64url").toString("utf8"));
  } catch {
    return undefined;
  }
}

function checkTimes({ iat, exp }: Claims, now: number): void {
  const problem =
    typeof iat !== "number" || iat > now
      ? "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued"
      : typeof exp !== "number" || exp <= now
        ? "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires"
        : exp > now + LONGEST_SECONDS && "'Expiration time' claim ('exp') is too far in the future";
  if (problem) throw refuse(401, problem);
}

/** The App whose key signed this JSON Web Token. */
function appOf(server: AppTokens, authorization: string | undefined): AppOptions {
  const jwt = /^bearer +(\S+)$/i.exec(authorization ?? "")?.[1];
  const [head, payload, signature] = jwt?.split(".") ?? [];
  const claims = decode(payload) as Claims | undefined;
  if (!claims || !signature) throw refuse(401, "A JSON web token could not be decoded");
  const { alg } = (decode(head) ?? {}) as { alg?: unknown };
  const issuer = String(claims.iss);
  const app = server.apps.find(({ id }) => issuer === String(id));
  if (!app) throw refuse(404, "Integration not found");
  const signed = Buffer.from(`${head}.${payload}`);
  const good = verify("RSA-SHA256", signed, app.publicKey, Buffer.from(signature, "base64url"));
  if (alg !== "RS256" || !good) throw refuse(401, "A JSON web token could not be decoded");
  checkTimes(claims, Math.floor(server.clock() / 1000));
  return app;
}

function newToken(server: AppTokens, app: AppOptions, installation: InstallationOptions): Answer {
  const token = `ghs_${randomBytes(18).toString("hex")}`;
  const expiresAt = server.clock() + (app.tokenSeconds ?? 3600) * 1000;
  server.tokens.set(token, { orgs: [installation.org], ...installation.access, expiresAt });
  const body = { token, expires_at: timestamp(expiresAt), permissions: { artifact_metadata: "write" } };
  return { status: 201, headers: {}, body: { ...body, repository_selection: "all" } };
}

/** The answer to an App's own request; undefined for any other request. */
export function appAnswer(
  server: AppTokens,
  request: RequestLog,
  authorization: string | undefined,
): Answer | undefined {
  const [, org] = /^\/orgs\/([^/]+)\/installation$/.exec(request.path) ?? [];
  if (request.method === "GET" && org !== undefined) {
    const app = appOf(server, authorization);
    const found = app.installations.find((one) => one.org.toLowerCase() === org.toLowerCase());
    if (!found) throw refuse(404, "Not Found");
    return { status: 200, headers: {}, body: { id: found.id, account: { login: found.org } } };
  }
  const [, id] = /^\/app\/installations\/([^/]+)\/access_tokens$/.exec(request.path) ?? [];
  if (request.method !== "POST" || id === undefined) return undefined;
  const app = appOf(server, authorization);
  const found = app.installations.find((one) => String(one.id) === id);
  if (!found) throw refuse(404, "Not Found");
  return newToken(server, app, found);
}
