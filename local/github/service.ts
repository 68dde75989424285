/** GitHub, as the server in front of it needs to know it. */
import type { Service } from "../http/server";
import { errorBody } from "./answer";
import { type Operation, routeOf } from "./description";
import { rateLimitHeaders } from "./limits";
import { answerTo } from "./pipeline";
import type { State } from "./state";

const commonHeaders = (state: State, request: { id: string }): Record<string, string> => ({
  date: new Date(state.store.clock()).toUTCString(),
  "x-github-request-id": request.id,
  "x-github-media-type": "github.v3; format=json",
  "x-github-api-version-selected": "2022-11-28",
  ...rateLimitHeaders(state.limits),
});

export const serviceOf = (state: State): Service<Operation> => ({
  ...{ state, errorBody },
  operationOf: (method, path) => routeOf(method, path)?.description.operation,
  answerTo(incoming) {
    const route = routeOf(incoming.request.method, incoming.request.path);
    return answerTo(state, { ...incoming, route });
  },
  commonHeaders: (request) => commonHeaders(state, request),
});
