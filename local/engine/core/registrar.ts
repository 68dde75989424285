/** The program's side of a deployment: what it registers becomes a queue of events, in order of arrival. */
import type {
  Goal,
  Program,
  PropertyMap,
  ReadGoal,
  Registered,
  Registrar,
  ResourceState,
  Urn,
} from "../types";
import { errorOf } from "./step";

export type ProgramEvent =
  | { kind: "register"; goal: Goal; provider: string | undefined; reply: (state: ResourceState) => void }
  | { kind: "read"; goal: ReadGoal; provider: string; reply: (state: ResourceState) => void }
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
  const register = (goal: Goal, provider?: string): Promise<ResourceState> =>
    requests.ask((reply) => ({ kind: "register", goal, provider, reply }));
  let defaultProvider: Promise<string> | undefined;
  const providerFor = (type: string): Promise<string> => {
    if (!type.startsWith(`${PACKAGE}:dynamic`)) return Promise.reject(unsupported(type));
    defaultProvider ??= register(providerGoal(config)).then((state) => `${state.urn}::${state.id ?? ""}`);
    return defaultProvider;
  };
  return {
    async register(requested) {
      const goal = inherit(requested, requested.parent ? goals.get(requested.parent) : undefined);
      const state = await register(goal, goal.custom ? await providerFor(goal.type) : undefined);
      goals.set(state.urn, goal);
      // A component's outputs are those of the last run: what they refer to is not always registered yet.
      return registered(state, goal.custom ? (state.outputs ?? {}) : {});
    },
    async read(goal) {
      const provider = await providerFor(goal.type);
      const state = await requests.ask<ResourceState>((reply) => ({ kind: "read", goal, provider, reply }));
      return registered(state, state.outputs ?? {});
    },
    registerOutputs: (urn, outputs) =>
      requests.ask<void>((reply) => ({ kind: "outputs", urn, outputs, reply })),
  };
}

function registered(state: ResourceState, outputs: PropertyMap): Registered {
  return { urn: state.urn, ...(state.id && { id: state.id }), outputs, result: "success" };
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
    deletedWith: goal.deletedWith || parent.deletedWith,
    protect: goal.protect ?? parent.protect,
    retainOnDelete: goal.retainOnDelete ?? parent.retainOnDelete,
  };
}

/** Dynamic providers are configured with everything that the stack is. */
function providerGoal(config: PropertyMap): Goal {
  return {
    type: `pulumi:providers:${PACKAGE}`,
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
