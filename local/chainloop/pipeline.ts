/** What Chainloop does with a request: authentication, permission, validation. */
import type { Answer } from "../http/answer";
import type { Incoming } from "../http/requests";
import { listOfDeployments, operationOf, recordDeployment } from "./operations";
import type { State } from "./state";
import type { DeploymentBody, Operation } from "./types";
import { bodyProblems, headerProblems, queryProblems } from "./validation";

/** gRPC's codes for the statuses that its mapping to HTTP gives. */
const CODES: Record<number, number> = { 400: 3, 401: 16, 403: 7, 404: 5, 405: 12, 429: 8, 500: 13, 503: 14 };

/** The form that all errors share. */
export const errorBody = (status: number, message = "error"): object => ({
  code: CODES[status] ?? 2,
  message,
  details: [],
});

const refusal = (status: number, message: string): Answer => ({
  status,
  headers: {},
  body: errorBody(status, message),
});

export function answerTo(state: State, incoming: Incoming<Operation>): Answer {
  const { request, authorization } = incoming;
  const token = /^Bearer +(\S+)$/i.exec(authorization ?? "")?.[1];
  const access = token === undefined ? undefined : state.tokens.get(token);
  if (access === undefined) return refusal(401, "authentication failed: invalid or missing token");
  const operation = operationOf(request.method, request.path);
  if (operation === undefined) {
    violation(state, incoming, [`${request.method} ${request.path} is no operation that is documented`]);
    return refusal(404, "Not Found");
  }
  const { permission = "write" } = access;
  const needed = operation === "record-deployment" ? "write" : "read";
  if (permission !== "write" && permission !== needed)
    return refusal(403, `permission denied: deployments:${needed}`);
  return operation === "record-deployment" ? recorded(state, incoming) : listed(state, incoming);
}

/** Recorded, and refused as its gateway does. */
function violation(state: State, { request }: Incoming<Operation>, problems: string[]): Answer {
  const { index, method, path } = request;
  state.violations.push({ request: index, method, path, problems });
  return refusal(400, `validation error: ${problems.join("; ")}`);
}

function recorded(state: State, incoming: Incoming<Operation>): Answer {
  const { body, query, request } = incoming;
  const problems = [
    ...headerProblems(request.headers, true),
    ...(query === "" ? [] : ["this request takes no query"]),
    ...(body.kind === "json" ? bodyProblems(body.value) : [`the body is ${body.kind}`]),
  ];
  if (problems.length > 0 || body.kind !== "json") return violation(state, incoming, problems);
  const deployment = body.value as object as DeploymentBody;
  if (state.environments && !state.environments.has(deployment.environment_name))
    return refusal(404, `environment ${JSON.stringify(deployment.environment_name)} not found`);
  return recordDeployment(state.store, deployment);
}

function listed(state: State, incoming: Incoming<Operation>): Answer {
  const query = new URLSearchParams(incoming.query);
  const problems = [
    ...headerProblems(incoming.request.headers, false),
    ...(incoming.body.kind === "none" ? [] : ["this request takes no body"]),
    ...queryProblems(query, state.store.rules.firstPage),
  ];
  return problems.length > 0 ? violation(state, incoming, problems) : listOfDeployments(state.store, query);
}
