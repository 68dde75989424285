/** What GitHub does with a request, in its order: rate limit, authentication, permission, validation. */
import type { Incoming as AnyIncoming } from "../http/requests";
import { type Answer, Refusal } from "./answer";
import { appAnswer } from "./apps";
import { authenticate, belongsTo, requirePermission } from "./auth";
import { accountAnswer } from "./comments";
import type { Operation, Route } from "./description";
import { settleJobs } from "./jobs";
import { countRequest } from "./limits";
import { perform } from "./operations";
import type { Problem } from "./problems";
import type { State } from "./state";
import { findOrg } from "./store";
import type { RequestLog } from "./types";
import { bodyProblems, headerProblems, pathProblems, queryProblems } from "./validation";

export interface Incoming extends AnyIncoming<Operation> {
  route: Route | undefined;
}

const LISTED_ERRORS = 50;

function recordViolation(state: State, request: RequestLog, problems: Problem[]): void {
  const { index, method, path, operation } = request;
  state.violations.push({ request: index, method, path, ...(operation ? { operation } : {}), problems });
}

/** A request that the description does not allow: recorded, and refused in GitHub's own form. */
export function validationRefusal(problems: Problem[], documentationUrl: string): Refusal {
  const lines = problems.slice(0, 5).map(({ in: place, field, message }) => `${place} ${field} ${message}`);
  const more = problems.length > lines.length ? `\nand ${problems.length - lines.length} more` : "";
  const errors = problems
    .slice(0, LISTED_ERRORS)
    .map(({ in: place, field, code, message }) => ({ resource: place, field, code, message }));
  return new Refusal(422, `Invalid request.\n\n${lines.join("\n")}${more}`, { documentationUrl, errors });
}

function refuseUnlessValid(state: State, incoming: Incoming, route: Route): void {
  const { request, query, body } = incoming;
  const documentationUrl = route.description.documentationUrl;
  const { operation, body: bodySchema } = route.description;
  const violation = (status: number, message: string): Refusal => {
    recordViolation(state, request, [{ in: "body", field: "", code: "unprocessable", message }]);
    return new Refusal(status, message, { documentationUrl });
  };
  if (body.kind === "too large") throw violation(413, "Payload too large");
  if (body.kind === "malformed" || (bodySchema && body.kind === "none"))
    throw violation(400, "Problems parsing JSON");
  const isObject = body.kind === "json" && typeof body.value === "object" && !Array.isArray(body.value);
  if (bodySchema && !(isObject && body.kind === "json" && body.value !== null))
    throw violation(400, "Body should be a JSON object");
  if (!bodySchema && body.kind !== "none") throw violation(422, "This operation takes no body");
  const problems = [
    ...pathProblems(route.description, route.params),
    ...queryProblems(route.description, query),
    ...headerProblems(route.description, request.headers),
    ...(body.kind === "json" ? bodyProblems(operation, body.value) : []),
  ];
  if (problems.length === 0) return;
  recordViolation(state, request, problems);
  throw validationRefusal(problems, documentationUrl);
}

/** The description has no such path; a tag of a wrong request, not of a missing record. */
function unknownPath(state: State, request: RequestLog): Refusal {
  const message = `${request.method} ${request.path} is no operation of the description`;
  recordViolation(state, request, [{ in: "path", field: "", code: "invalid", message }]);
  return new Refusal(404, "Not Found");
}

function answerOrThrow(state: State, incoming: Incoming): Answer {
  const { request, route, authorization } = incoming;
  if (!request.headers["user-agent"])
    throw new Refusal(
      403,
      "Request forbidden by administrative rules. Please make sure your request has a User-Agent header",
    );
  countRequest(state.limits, request.method !== "GET", state.running);
  const own = appAnswer({ ...state, clock: state.store.clock }, request, authorization);
  if (own) return own;
  const caller = authenticate(state.tokens, authorization, state.store.clock);
  const account = accountAnswer(caller, request);
  if (account) return account;
  if (!route) throw unknownPath(state, request);
  const documentationUrl = route.description.documentationUrl;
  const { org: name, owner } = route.params;
  const org = findOrg(state.store, name ?? owner ?? "");
  if (!org || !belongsTo(caller, org.name)) throw new Refusal(404, "Not Found", { documentationUrl });
  const { method, operation } = route.description;
  const isRead = method === "GET" || operation === "list-attestations-bulk";
  const permission = owner === undefined ? "artifact_metadata" : "pull_requests";
  requirePermission(caller, permission, isRead ? "read" : "write", documentationUrl);
  refuseUnlessValid(state, incoming, route);
  settleJobs(state.jobs);
  return perform[route.description.operation]({
    store: state.store,
    jobs: state.jobs,
    org,
    caller,
    params: route.params,
    query: new URLSearchParams(incoming.query),
    headers: request.headers,
    body: incoming.body.kind === "json" ? incoming.body.value : undefined,
    documentationUrl,
  });
}

export function answerTo(state: State, incoming: Incoming): Answer {
  try {
    return answerOrThrow(state, incoming);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { status, body, details } = error;
    return { status, headers: details.headers ?? {}, body };
  }
}
