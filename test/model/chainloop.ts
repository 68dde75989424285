/** The local Chainloop server's own pipeline, without its socket. */
import { operationOf } from "../../local/chainloop/operations";
import { answerTo } from "../../local/chainloop/pipeline";
import type { State } from "../../local/chainloop/state";
import type { Json } from "../../local/http/requests";
import { bodyOf } from "./server";
import type { Client, Sent } from "./server";

export function carriedOutOnChainloop(state: State, client: Client, { url, init, headers }: Sent) {
  const { authorization, ...logged } = headers;
  const [index, method, path] = [state.requests.length, init.method ?? "GET", url.pathname];
  const operation = operationOf(method, path);
  const request = {
    ...{ index, id: String(index), time: state.store.clock(), method, path, headers: logged },
    ...(operation && { operation }),
    status: null as number | null,
  };
  state.requests.push(request);
  const body =
    typeof init.body === "string"
      ? ({ kind: "json", value: JSON.parse(init.body) as Json } as const)
      : ({ kind: "none" } as const);
  const answer = answerTo(state, { request, query: url.search.slice(1), authorization, body });
  request.status = answer.status;
  client.carriedOut(request, bodyOf(init));
  return { answer, headers: { date: new Date(state.store.clock()).toUTCString(), ...answer.headers } };
}
