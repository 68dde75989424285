/** What stand-ins have in common: their options, their state, and what a test does with a running one. */
import { addFault, type FaultHandle, type FaultOptions } from "./faults";
import type { RequestLog } from "./requests";
import { startServer, type Served, type Service } from "./server";

export interface StandInOptions<Operation extends string, Access> {
  /** Default: a free one. */
  port?: number;
  /** The token that is allowed to write everything. Default: a new one each time. */
  token?: string;
  /** More tokens, by their text. */
  tokens?: Record<string, Access>;
  /** The server's clock. Default: the machine's. */
  now?: () => number | Date;
  /** Called when a request has ended. */
  onRequest?: (request: RequestLog<Operation>) => void;
}

/** All that one server knows. */
export interface StandInState<Operation extends string, Access, Violation, Rules> extends Served<Operation> {
  token: string;
  tokens: Map<string, Access>;
  violations: Violation[];
  store: { rules: Rules };
}

export interface StandIn<Operation extends string, Access, Violation, Rules> {
  /** The API's base, `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** A token that is allowed to write everything. */
  readonly token: string;
  /** Every request, in the order of arrival. */
  readonly requests: RequestLog<Operation>[];
  /** Requests that the API's description does not allow. */
  readonly violations: Violation[];
  /** May be changed while the server runs. */
  readonly rules: Rules;
  /** Adds a token or changes its permissions; null revokes it. */
  setToken(token: string, access: Access | null): void;
  fault(options: FaultOptions<Operation>): FaultHandle;
  /** Back to how it started, with the same address and token. Held requests end without an answer. */
  reset(): void;
  /** Ends at once, also with open and held requests. */
  close(): Promise<void>;
}

export function initialState<Access extends object>(
  { token, tokens = {} }: Pick<StandInOptions<never, Access>, "token" | "tokens">,
  newToken: () => string,
) {
  const own = token ?? newToken();
  return {
    token: own,
    tokens: new Map<string, Access>([...Object.entries(tokens), [own, {} as Access]]),
    faults: new Set<never>(),
    requests: [],
    violations: [],
    running: 0,
  };
}

/** Starts the server. It runs in this process, until `close()`. */
export async function startStandIn<Operation extends string, Access, Violation, Rules>(
  service: Service<Operation> & { state: StandInState<Operation, Access, Violation, Rules> },
  options: StandInOptions<Operation, Access>,
  renew: (options: { token: string }) => object,
): Promise<StandIn<Operation, Access, Violation, Rules>> {
  const { state } = service;
  const server = await startServer(service, options.port ?? 0, options.onRequest);
  return {
    url: `http://127.0.0.1:${server.port}`,
    token: state.token,
    get requests() {
      return state.requests;
    },
    get violations() {
      return state.violations;
    },
    get rules() {
      return state.store.rules;
    },
    setToken: (token, access) => void (access ? state.tokens.set(token, access) : state.tokens.delete(token)),
    fault: (fault) => addFault(state.faults, fault),
    reset() {
      for (const fault of state.faults) fault.handle.drop();
      // Requests that are being answered stay counted until they end.
      const { token, running } = state;
      Object.assign(state, renew({ token }), { running });
    },
    close: () => server.close(),
  };
}
