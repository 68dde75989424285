import { randomBytes } from "node:crypto";
import { Refusal } from "./answer";
import type { Clock } from "../http/clock";
import type { Access } from "./options";

export interface Caller {
  access: Access;
  /** Installation tokens are refused with other words than personal ones. */
  installation: boolean;
}

/** A token that looks like a fine-grained personal one; a new one each time, so that no two tests share it. */
export function newToken(): string {
  const letters = (length: number) => randomBytes(length).toString("hex").slice(0, length);
  return `github_pat_${letters(22)}_${letters(59)}`;
}

/** https://docs.github.com/rest/authentication/authenticating-to-the-rest-api */
export function authenticate(
  tokens: Map<string, Access>,
  authorization: string | undefined,
  clock: Clock,
): Caller {
  if (authorization === undefined) throw new Refusal(401, "Requires authentication");
  const token = /^(?:bearer|token) +(\S+)$/i.exec(authorization.trim())?.[1];
  const access = token === undefined ? undefined : tokens.get(token);
  if (token === undefined || !access || clock() >= (access.expiresAt ?? Infinity))
    throw new Refusal(401, "Bad credentials");
  return { access, installation: token.startsWith("ghs_") };
}

export function belongsTo(caller: Caller, org: string): boolean {
  return caller.access.orgs?.some((name) => name.toLowerCase() === org.toLowerCase()) ?? true;
}

export function requirePermission(
  caller: Caller,
  name: "artifact_metadata" | "pull_requests",
  needed: "read" | "write",
  documentationUrl: string,
): void {
  const permission = caller.access.permission ?? "write";
  if (permission === "write" || permission === needed) return;
  const who = caller.installation ? "integration" : "personal access token";
  throw new Refusal(403, `Resource not accessible by ${who}`, {
    documentationUrl,
    headers: { "x-accepted-github-permissions": `${name}=${needed}` },
  });
}

/** What a caller is allowed to do with the records of a repository, apart from its permission. */
export function reach(caller: Caller, repository: string): "read" | "write" | "none" {
  const { repositories } = caller.access;
  if (!repositories) return "write";
  const entry = Object.entries(repositories).find(
    ([name]) => name.toLowerCase() === repository.toLowerCase(),
  );
  return entry?.[1] ?? "none";
}
