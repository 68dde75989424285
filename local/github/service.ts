/** GitHub, as the server in front of it needs to know it. */
import type { Service } from "../http/server";
import { errorBody } from "./answer";
import { type Operation, routeOf } from "./description";
import { rateLimitHeaders } from "./limits";
import { answerTo } from "./pipeline";
import type { State } from "./state";

export const serviceOf = (state: State): Service<Operation> => ({
  ...{ state, errorBody },
  operationOf: (method, path) => routeOf(method, path)?.description.operation,
  answerTo: (incoming) =>
    answerTo(state, { ...incoming, route: routeOf(incoming.request.method, incoming.request.path) }),
  commonHeaders: ({ id }) => ({
    date: new Date(state.store.clock()).toUTCString(),
    "x-github-request-id": id,
    "x-github-media-type": "github.v3; format=json",
    "x-github-api-version-selected": "2022-11-28",
    ...rateLimitHeaders(state.limits),
  }),
});
