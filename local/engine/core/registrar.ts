/** The program's side of a deployment: what it registers becomes a queue of events, in order of arrival. */
import type {
  Goal,
  Program,
  PropertyMap,
  ReadGoal,
  Registered,
  RegistrationResult,
  Registrar,
  ResourceState,
  Urn,
} from "../types";
import { errorOf, type Reply } from "./step";

export type ProgramEvent =
  | { kind: "register"; goal: Goal; provider: string | undefined; reply: Reply }
  | { kind: "read"; goal: ReadGoal; provider: string; reply: Reply }
  | { kind: "outputs"; urn: Urn; outputs: PropertyMap; reply: () => void }
  | { kind: "ended" }
  | { kind: "failed"; error: Error };

export interface Source {
  /** The next event, or undefined once the deployment was stopped. */
  next(): Promise<ProgramEvent | undefined>;
  /** Nothing will be answered any more. */
  close(): void;
}

const PACKAGE = "pulumi-nodejs";
const PROVIDER_TYPE = `pulumi:providers:${PACKAGE}`;

export function startProgram(program: Program, config: PropertyMap, stopped: AbortSignal): Source {
  const requests = createRequests(stopped);
  program(registrarOf(requests, config)).then(
    () => requests.push({ kind: "ended" }),
    (error: unknown) => requests.push({ kind: "failed", error: errorOf(error) }),
  );
  return requests;
}

interface Requests extends Source {
  push(event: ProgramEvent): void;
  /** Puts an event into the queue and waits for its answer. */
  ask<T>(event: (reply: (answer: T) => void) => ProgramEvent): Promise<T>;
}

function createRequests(stopped: AbortSignal): Requests {
  const queue: ProgramEvent[] = [];
  const unanswered = new Set<(error: Error) => void>();
  let wake = (): void => {};
  let closed = false;
  stopped.addEventListener("abort", () => wake());
  const requests: Requests = {
    push(event) {
      queue.push(event);
      wake();
    },
    ask: (event) =>
      new Promise((resolve, reject) => {
        if (closed) return reject(shutDown());
        unanswered.add(reject);
        requests.push(event((answer) => (unanswered.delete(reject), resolve(answer))));
      }),
    async next() {
      while (!stopped.aborted) {
        const event = queue.shift();
        if (event) return event;
        await new Promise<void>((resolve) => (wake = resolve));
      }
      return undefined;
    },
    close() {
      closed = true;
      for (const reject of unanswered) reject(shutDown());
    },
  };
  return requests;
}

function registrarOf(requests: Requests, config: PropertyMap): Registrar {
  const goals = new Map<Urn, Goal>();
  const register = (goal: Goal, provider?: string): Promise<Registration> =>
    requests.ask((answer) => ({ kind: "register", goal, provider, reply: toReply(answer) }));
  let defaultProvider: Promise<string> | undefined;
  const providerFor = async ({ type, provider }: Goal | ReadGoal): Promise<string | undefined> => {
    if (type === PROVIDER_TYPE) return undefined;
    if (!type.startsWith(`${PACKAGE}:dynamic`)) throw unsupported(type);
    if (provider !== undefined) return provider;
    defaultProvider ??= register(providerGoal(config)).then(({ state }) => `${state.urn}::${state.id ?? ""}`);
    return defaultProvider;
  };
  return {
    async register(requested) {
      const goal = inherit(requested, requested.parent ? goals.get(requested.parent) : undefined);
      const { state, result } = await register(goal, goal.custom ? await providerFor(goal) : undefined);
      goals.set(state.urn, goal);
      // A component's outputs are those of the last run: what they refer to is not always registered yet.
      return registered(state, goal.custom ? (state.outputs ?? {}) : {}, result);
    },
    async read(goal) {
      const provider = (await providerFor(goal)) ?? "";
      const { state, result } = await requests.ask<Registration>((answer) => ({
        kind: "read",
        goal,
        provider,
        reply: toReply(answer),
      }));
      return registered(state, state.outputs ?? {}, result);
    },
    registerOutputs: (urn, outputs) =>
      requests.ask<void>((reply) => ({ kind: "outputs", urn, outputs, reply })),
  };
}

interface Registration {
  state: ResourceState;
  result: RegistrationResult;
}

function toReply(answer: (registration: Registration) => void): Reply {
  return (state, result = "success") => answer({ state, result });
}

function registered(
  { urn, id }: ResourceState,
  outputs: PropertyMap,
  result: RegistrationResult,
): Registered {
  return result === "success" ? { urn, ...(id && { id }), outputs, result } : { urn, outputs: {}, result };
}

function shutDown(): Error {
  return new Error("resource monitor shut down while waiting on step's done channel");
}

function unsupported(type: string): Error {
  return new Error(
    `the local engine cannot manage resources of type '${type}': it has components and dynamic resources ` +
      `('${PACKAGE}:dynamic/…') only`,
  );
}

function inherit(goal: Goal, parent: Goal | undefined): Goal {
  if (!parent) return goal;
  return {
    ...goal,
    protect: goal.protect ?? parent.protect,
    retainOnDelete: goal.retainOnDelete ?? parent.retainOnDelete,
  };
}

/** Dynamic providers are configured with everything that the stack is. */
function providerGoal(config: PropertyMap): Goal {
  return {
    type: PROVIDER_TYPE,
    name: "default",
    custom: true,
    properties: config,
    dependencies: [],
    propertyDependencies: {},
    ignoreChanges: [],
    replaceOnChanges: [],
    additionalSecretOutputs: [],
    aliases: [],
  };
}
