/** Why no answer came to a request, in a user's words, and whether any of the request can have been sent. */
import type { Proxy } from "../config/proxy";

interface Caused {
  code?: unknown;
  message?: string;
  cause?: Caused;
  syscall?: string;
  errors?: Caused[];
}

/** What a connection was opened to. */
export interface Peer {
  /** `api.github.com` */
  host: string;
  proxy?: Pick<Proxy, "variable"> | undefined;
}

export interface ConnectionFailure {
  /** `ECONNRESET`, `cannot connect to api.github.com (ECONNREFUSED)` */
  reason: string;
  /** There was no connection, so nothing was sent. `proxy`: the variable whose proxy has to do with it. */
  notSent?: NotSent;
  /** Whose certificate is not trusted, and Node's code. */
  untrusted?: { server: string; code: string };
}

export interface NotSent {
  proxy?: string;
  /** Why another try would fail in the same way, and what to do. */
  final?: string;
}

/** The innermost error knows most. */
function innermost(error: unknown): Caused {
  let inner = error as Caused;
  while (inner.cause?.message !== undefined) inner = inner.cause;
  return inner;
}

/** undici's own codes say less than its words. */
function codeOf(error: Caused): string {
  const { code, message } = error;
  return typeof code === "string" && !code.startsWith("UND_ERR_") ? code : message || "no answer";
}

const CERTIFICATE = /(^|_)CERT(_|$)|VERIFY_LEAF|HOSTNAME_MISMATCH/;
/** The other side does not speak TLS, or no version that Node accepts. */
const HANDSHAKE = /^ERR_SSL_.*(VERSION|PROTOCOL|HANDSHAKE|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST)/;
const BEFORE_TLS = /before secure TLS connection was established|^bad port$/;

function isConnecting(error: Caused): boolean {
  // One error for each address of the host.
  if (error.errors !== undefined && error.errors.length > 0) return error.errors.every(isConnecting);
  const { syscall, code, message = "" } = error;
  return (
    syscall === "getaddrinfo" ||
    syscall === "connect" ||
    code === "UND_ERR_CONNECT_TIMEOUT" ||
    HANDSHAKE.test(String(code)) ||
    BEFORE_TLS.test(message)
  );
}

export function connectionFailure(error: unknown, peer: Peer): ConnectionFailure {
  const inner = innermost(error);
  const code = codeOf(inner);
  const refused = tunnelRefused(code, peer);
  if (refused) return refused;
  if (CERTIFICATE.test(code))
    return { reason: code, untrusted: { server: serverOf(peer), code }, notSent: {} };
  if (!isConnecting(inner)) return { reason: code };
  const variable = peer.proxy?.variable;
  const [host, server] = variable
    ? [`the host of the proxy in ${variable}`, `the proxy in ${variable}`]
    : [`the host ${peer.host}`, peer.host];
  const what = inner.syscall === "getaddrinfo" ? `cannot find ${host}` : `cannot connect to ${server}`;
  return { reason: `${what} (${code})`, notSent: { ...(variable !== undefined && { proxy: variable }) } };
}

/** Both have certificates, and an error does not tell whose it is about. */
const serverOf = ({ host, proxy }: Peer) =>
  proxy === undefined ? host : `${host} (or of the proxy in ${proxy.variable})`;

/** A proxy that opens no tunnel to the host; undici gives its status in words alone. */
function tunnelRefused(message: string, { host, proxy }: Peer): ConnectionFailure | undefined {
  const status = Number(/^Proxy response \((\d{3})\)/.exec(message)?.[1]);
  if (proxy === undefined || Number.isNaN(status)) return undefined;
  const { variable } = proxy;
  const reason = `the proxy in ${variable} does not connect to ${host} (it answered with ${status})`;
  // Of the refusals, these two pass.
  const passes = status >= 500 || status === 408 || status === 429;
  return {
    reason,
    notSent: { proxy: variable, ...(!passes && { final: adviceFor(status, host, variable) }) },
  };
}

const adviceFor = (status: number, host: string, variable: string): string =>
  status === 407
    ? `It needs a user name and password, or does not accept the ones that it was given: set ${variable} to ` +
      `http://USER:PASSWORD@HOST:PORT.`
    : `Allow ${host} in the proxy, or add it to the environment variable NO_PROXY if it can be reached without one.`;
