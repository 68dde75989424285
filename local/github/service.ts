/** GitHub, as the server in front of it needs to know it. */
import type { Incoming, RequestLog } from "../http/requests";
import { errorBody } from "./answer";
import { type Operation, routeOf } from "./description";
import { rateLimitHeaders } from "./limits";
import { answerTo } from "./pipeline";
import type { State } from "./state";

export const serviceOf = (state: State) => ({
  ...{ state, errorBody },
  operationOf: (method: string, path: string) => routeOf(method, path)?.description.operation,
  answerTo: (incoming: Incoming<Operation>) =>
    answerTo(state, { ...incoming, route: routeOf(incoming.request.method, incoming.request.path) }),
  commonHeaders: ({ id }: RequestLog) => ({
    date: new Date(state.store.clock()).toUTCString(),
    "x-github-request-id": id,
    "x-github-media-type": "github.v3; format=json",
    "x-github-api-version-selected": "2022-11-28",
    ...rateLimitHeaders(state.limits),
  }),
});
