/** A strict local stand-in for Chainloop's deployments API, on loopback. See README.md. */
import { addFault, type FaultHandle, type FaultOptions } from "../http/faults";
import type { RequestLog } from "../http/requests";
import { type Service, startServer } from "../http/server";
import { operationOf } from "./operations";
import type { ChainloopAccess, ChainloopOptions, ChainloopRules } from "./options";
import { answerTo, errorBody } from "./pipeline";
import { resetState, type State, stateFrom } from "./state";
import { writeDeployment } from "./store";
import type { DeploymentBody, DeploymentRecord, Operation, Violation } from "./types";
import { bodyProblems } from "./validation";

export type { ChainloopAccess, ChainloopOptions, ChainloopRules } from "./options";
export { errorBody } from "./pipeline";
export type * from "./types";

export interface Chainloop {
  /** The API's base, `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** A token that is allowed to write everything. */
  readonly token: string;
  /** Every request, in the order of arrival. */
  readonly requests: RequestLog<Operation>[];
  /** Requests that the documentation does not allow. */
  readonly violations: Violation[];
  /** May be changed while the server runs. */
  readonly rules: ChainloopRules;
  /** All records, superseded and decommissioned ones included, ordered by environment, name, kind, and time. */
  deployments(): DeploymentRecord[];
  /** Another writer's change. Held to the same rules; throws what is wrong. It is no request in the log. */
  writeDeployment(body: DeploymentBody): DeploymentRecord;
  /** Adds a token or changes its permissions; null revokes it. */
  setToken(token: string, access: ChainloopAccess | null): void;
  fault(options: FaultOptions<Operation>): FaultHandle;
  /** Back to how it started, with the same address and token. Held requests end without an answer. */
  reset(): void;
  /** Ends at once, also with open and held requests. */
  close(): Promise<void>;
}

const serviceOf = (state: State): Service<Operation> => ({
  ...{ state, errorBody, operationOf },
  answerTo: (incoming) => answerTo(state, incoming),
  commonHeaders: () => ({ date: new Date(state.store.clock()).toUTCString() }),
});

const keyOf = (record: DeploymentRecord): string =>
  JSON.stringify([
    ...[record.environment_name, record.deployment_name, record.artifact.kind],
    ...[record.created_at, record.id],
  ]);

/** Starts the server. It runs in this process, until `close()`. */
export async function startChainloop(options: ChainloopOptions = {}): Promise<Chainloop> {
  const state = stateFrom(options);
  const server = await startServer(serviceOf(state), options.port ?? 0, options.onRequest);
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
    deployments: () => [...state.store.records].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)),
    writeDeployment(body) {
      const problems = bodyProblems({ ...body });
      if (problems.length > 0) throw new Error(problems.join("; "));
      return writeDeployment(state.store, body);
    },
    setToken: (token, access) => void (access ? state.tokens.set(token, access) : state.tokens.delete(token)),
    fault: (fault) => addFault(state.faults, fault),
    reset: () => resetState(state, options),
    close: () => server.close(),
  };
}
