import { setTimeout as wait } from "node:timers/promises";
import { type Answer, toJson } from "./answer";
import type { Fault, FaultAction } from "./faults";
import { type Exchange, send, sendText } from "./exchange";

/** What a broken answer is made of before there is a true one. */
const NO_ANSWER_YET: Answer = { status: 200, headers: {}, body: { total_count: 0 } };

function reset(exchange: Exchange): void {
  exchange.response.socket?.resetAndDestroy();
}

/** Sends the headers of a whole body, and half of it. */
function sendHalf(exchange: Exchange, answer: Answer, then: () => void): void {
  const body = Buffer.from(toJson(answer.body));
  const { response, commonHeaders, request } = exchange;
  request.status = answer.status;
  response.writeHead(answer.status, {
    ...commonHeaders,
    ...answer.headers,
    "content-type": "application/json; charset=utf-8",
    "content-length": String(body.length),
  });
  response.write(body.subarray(0, Math.ceil(body.length / 2)), then);
}

const HTML = "<!DOCTYPE html><html><head><title>Unicorn!</title></head><body>Taking too long</body></html>\n";

type Broken = Exclude<Extract<FaultAction, string>, "hold">;

const sendBroken: Record<Broken, (exchange: Exchange, answer: Answer) => void> = {
  reset,
  "cut-off": (exchange, answer) => sendHalf(exchange, answer, () => exchange.response.socket?.destroy()),
  "never-end": (exchange, answer) => sendHalf(exchange, answer, () => undefined),
  "never-answer": () => undefined,
  "malformed-json": (exchange, { body }) => sendText(exchange, 200, `${toJson(body).slice(0, -1)},`, {}),
  html: (exchange) => sendText(exchange, 200, HTML, { "content-type": "text/html; charset=utf-8" }),
  "wrong-content-type": (exchange, { status, body }) =>
    sendText(exchange, status, toJson(body), { "content-type": "text/plain; charset=utf-8" }),
};

function substitute(
  { errorBody }: Exchange,
  action: Exclude<FaultAction, string>,
  answer: Answer,
): Answer | undefined {
  if ("link" in action)
    return { ...answer, headers: { ...answer.headers, link: `<${action.link}>; rel="next"` } };
  if ("json" in action) {
    const { json } = action;
    const body = typeof json === "function" ? (json as (body: unknown) => unknown)(answer.body) : json;
    return { ...answer, body };
  }
  if ("redirect" in action) {
    const { redirect, location } = action;
    return { status: redirect, headers: { location }, body: { ...errorBody(redirect), url: location } };
  }
  if ("status" in action) {
    const { status, headers = {}, body = errorBody(status) } = action;
    return { status, headers, body };
  }
  return undefined;
}

/**
 * Does what a fault says. The request goes on with the answer that comes back (undefined: with the one it has);
 * `ended`: it is over.
 */
export async function act(
  fault: Fault,
  exchange: Exchange,
  answer: Answer | undefined,
): Promise<Answer | undefined | "ended"> {
  const action = fault.options.do;
  fault.arrive(exchange.request);
  if (action === "hold") {
    if ((await fault.gate) === "go on") return answer;
    reset(exchange);
    return "ended";
  }
  if (typeof action === "string") {
    sendBroken[action](exchange, answer ?? NO_ANSWER_YET);
    return "ended";
  }
  if ("delay" in action) {
    // A server that closes meanwhile writes nothing any more.
    return wait(action.delay, answer, { signal: exchange.closing }).catch(() => "ended" as const);
  }
  const other = substitute(exchange, action, answer ?? NO_ANSWER_YET);
  if (other && "link" in action) return other;
  if (other) send(exchange, other);
  return "ended";
}
