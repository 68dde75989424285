/** A strict local stand-in for Chainloop's deployments API, on loopback. See README.md. */
import type { Incoming } from "../http/requests";
import { type StandIn, startStandIn } from "../http/stand-in";
import { operationOf } from "./operations";
import type { ChainloopAccess, ChainloopOptions, ChainloopRules } from "./options";
import { answerTo, errorBody } from "./pipeline";
import { type State, stateFrom } from "./state";
import { writeDeployment } from "./store";
import type { DeploymentBody, DeploymentRecord, Operation, Violation } from "./types";
import { bodyProblems } from "./validation";

export type { ChainloopAccess, ChainloopOptions, ChainloopRules } from "./options";
export { errorBody } from "./pipeline";
export type * from "./types";

export interface Chainloop extends StandIn<Operation, ChainloopAccess, Violation, ChainloopRules> {
  /** All records, superseded and decommissioned ones included, ordered by environment, name, kind, and time. */
  deployments(): DeploymentRecord[];
  /** Another writer's change. Held to the same rules; throws what is wrong. It is no request in the log. */
  writeDeployment(body: DeploymentBody): DeploymentRecord;
}

const serviceOf = (state: State) => ({
  ...{ state, errorBody, operationOf },
  answerTo: (incoming: Incoming<Operation>) => answerTo(state, incoming),
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
  const server = await startStandIn(serviceOf(state), options, (more) => stateFrom({ ...options, ...more }));
  return Object.assign(server, {
    deployments: () => [...state.store.records].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)),
    writeDeployment(body: DeploymentBody) {
      const problems = bodyProblems({ ...body });
      if (problems.length > 0) throw new Error(problems.join("; "));
      return writeDeployment(state.store, body);
    },
  });
}
