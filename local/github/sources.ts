/** Which artifacts a caller is allowed to write records of, and why not the others. */
import { Refusal } from "./answer";
import { type Caller, reach } from "./auth";
import type { AcceptedDeployment } from "./jobs";
import { type Org, repositoryId, repositoryKey, type Source, sourceOf, type Store } from "./store";
import type { DeploymentEntry } from "./types";

const NO_ARTIFACTS = "no artifacts found";
const WRITE_NEEDED = "artifact metadata write permission required on one or more repositories";

export interface Scope {
  store: Store;
  org: Org;
  caller: Caller;
  documentationUrl: string;
}

/** The source of one artifact, which the caller must be allowed to write. */
export function requireSource(scope: Scope, entry: { digest: string; github_repository?: string }): Source {
  const { store, org, caller, documentationUrl } = scope;
  const source = sourceOf(store, org, entry);
  const right = typeof source === "string" ? "none" : reach(caller, source.repository);
  // To a token that is not allowed to read it, a repository does not exist.
  if (typeof source === "string" || right === "none")
    throw new Refusal(404, NO_ARTIFACTS, { documentationUrl });
  if (right === "read") throw new Refusal(403, WRITE_NEEDED, { documentationUrl });
  return source;
}

export interface Rejected {
  cause: "unauthorized" | "not_found";
  entry: DeploymentEntry;
  /** The repository at fault; absent where there is no attestation and none was named. */
  repository?: string;
}

function resolve(call: Scope, entry: DeploymentEntry): AcceptedDeployment | Rejected {
  const source = sourceOf(call.store, call.org, entry);
  if (source === "no-attestation") return { cause: "not_found", entry };
  const repository = source === "no-repository" ? (entry.github_repository ?? "") : source.repository;
  const right = reach(call.caller, repository);
  if (source === "no-repository" || right === "none") return { cause: "not_found", entry, repository };
  return right === "write" ? { entry, source } : { cause: "unauthorized", entry, repository };
}

/** The refusal of a whole call, in the form of the description's examples. */
function refusal(call: Scope, rejected: Rejected[]): Refusal {
  const { store, org, documentationUrl } = call;
  const asText = store.rules.repositoryErrors === "text";
  const named = (cause: Rejected["cause"]) => {
    const names = rejected.flatMap((one) => (one.cause === cause && one.repository ? [one.repository] : []));
    return [...new Map(names.map((name) => [repositoryKey(name), name])).values()];
  };
  if (rejected.some(({ cause, repository }) => cause === "not_found" && repository === undefined))
    return new Refusal(404, NO_ARTIFACTS, { documentationUrl });
  const missing = named("not_found");
  if (missing.length > 0) {
    const cause = "One or more repositories do not exist";
    return new Refusal(404, asText ? cause : { cause, repositories: missing }, { documentationUrl });
  }
  const repositories = named("unauthorized").map((name) => repositoryId(store, org, name));
  return new Refusal(403, asText ? WRITE_NEEDED : { cause: WRITE_NEEDED, repositories }, {
    documentationUrl,
  });
}

/** Without partial success, one entry that cannot be written refuses the whole call. */
export function resolveAll(
  call: Scope,
  entries: DeploymentEntry[],
  partialSuccess: boolean,
): { accepted: AcceptedDeployment[]; rejected: Rejected[] } {
  const accepted: AcceptedDeployment[] = [];
  const rejected: Rejected[] = [];
  for (const entry of entries) {
    const result = resolve(call, entry);
    if ("cause" in result) rejected.push(result);
    else accepted.push(result);
  }
  if (rejected.length > 0 && !partialSuccess) throw refusal(call, rejected);
  return { accepted, rejected };
}
