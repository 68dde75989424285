/** Sends one request and reads its answer, so that nothing in it can do harm: it is small enough, and has no credential. */
import { ProviderError } from "../runtime/errors";
import { safeMessage } from "../runtime/untrusted-text";
import type { Proxy } from "../config/proxy";
import type { Answer } from "./api";
import { parseBody, readBody, SMALL_BODY } from "./body";
import { connectionFailure } from "./connection-failure";
import type { ConnectionFailure, Peer } from "./connection-failure";
import { chooseFetch } from "./proxy";
import { redactorOf, withoutPlainEscapes } from "./redact";
import type { Redact } from "./redact";
import type { Method } from "./route";

export interface Sent {
  method: Method | "PATCH";
  url: string;
  headers: Record<string, string>;
  body: string | null;
  signal: AbortSignal;
  /** The most that is read of a good answer. */
  maxBytes: number;
}

/** @throws NoAnswerError where none came, or it was cut off. */
export type Transport = (sent: Sent) => Promise<Answer>;

/** No complete answer came; the message is the reason in a few words. */
export class NoAnswerError extends ProviderError {
  readonly failure: ConnectionFailure;

  constructor(failure: ConnectionFailure) {
    super(failure.reason);
    this.failure = failure;
  }
}

/** @throws ProviderError where the proxy's address cannot be used. */
export async function openTransport(proxy: Proxy | undefined): Promise<Transport> {
  const fetch = await chooseFetch(proxy);
  return async ({ maxBytes, url, signal: deadline, ...init }) => {
    // Fetch leaves a listener behind until its request is collected: thousands share one deadline.
    const signal = AbortSignal.any([deadline]);
    const redact = redactorOf(init.headers.authorization);
    try {
      const response = await fetch(url, { ...init, signal, redirect: "manual" });
      return await read(response, response.ok ? maxBytes : SMALL_BODY, redact);
    } catch (error) {
      throw noAnswer(error, { host: new URL(url).hostname, proxy }, redact);
    }
  };
}

function noAnswer(error: unknown, peer: Peer, redact: Redact): NoAnswerError {
  const failure = connectionFailure(error, peer);
  return new NoAnswerError({ ...failure, reason: safeMessage(redact(failure.reason)) });
}

async function read(response: Response, maxBytes: number, redact: Redact): Promise<Answer> {
  const { status } = response;
  const headers = Object.fromEntries([...response.headers].map(([name, value]) => [name, redact(value)]));
  const bytes = await readBody(response.body, maxBytes);
  if (bytes === undefined) return { status, headers, data: "", longerThan: maxBytes };
  const text = redact(withoutPlainEscapes(new TextDecoder().decode(bytes)));
  const data = parseBody(text, headers["content-type"]);
  if (headers["content-encoding"] !== undefined && isBeginning(data))
    throw new NoAnswerError({ reason: "the compressed answer was cut off" });
  return { status, headers, data };
}

/** Fetch takes compressed data that ends too early for the whole: what is unpacked is then the beginning of JSON. */
const isBeginning = (data: unknown): boolean =>
  typeof data === "string" && /^\s*[[{]/.test(data) && !/[}\]]\s*$/.test(data);
