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
  const queue: ProgramEvent[] = [];
  const unanswered = new Set<(error: Error) => void>();
  const goals = new Map<Urn, Goal>();
  let wake = (): void => {};
  stopped.addEventListener("abort", () => wake());
  let closed = false;

  const push = (event: ProgramEvent): void => {
    queue.push(event);
    wake();
  };
  const ask = <T>(event: (reply: (answer: T) => void) => ProgramEvent): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      if (closed) return reject(shutDown());
      unanswered.add(reject);
      const reply = (answer: T): void => {
        unanswered.delete(reject);
        resolve(answer);
      };
      push(event(reply));
    });
  const register = (goal: Goal, provider?: string): Promise<ResourceState> =>
    ask((reply) => ({ kind: "register", goal, provider, reply }));

  let defaultProvider: Promise<string> | undefined;
  const providerFor = (type: string): Promise<string> => {
    if (!type.startsWith(`${PACKAGE}:dynamic`)) return Promise.reject(unsupported(type));
    defaultProvider ??= register(providerGoal(config)).then((state) => `${state.urn}::${state.id ?? ""}`);
    return defaultProvider;
  };
  const registrar: Registrar = {
    async register(requested) {
      const goal = inherit(requested, requested.parent ? goals.get(requested.parent) : undefined);
      const state = await register(goal, goal.custom ? await providerFor(goal.type) : undefined);
      goals.set(state.urn, goal);
      // A component's outputs are those of the last run: what they refer to may not be registered yet.
      return registered(state, goal.custom ? (state.outputs ?? {}) : {});
    },
    async read(goal) {
      const provider = await providerFor(goal.type);
      const state = await ask<ResourceState>((reply) => ({ kind: "read", goal, provider, reply }));
      return registered(state, state.outputs ?? {});
    },
    registerOutputs: (urn, outputs) => ask<void>((reply) => ({ kind: "outputs", urn, outputs, reply })),
  };
  program(registrar).then(
    () => push({ kind: "ended" }),
    (error: unknown) =>
      push({ kind: "failed", error: error instanceof Error ? error : new Error(String(error)) }),
  );
  return {
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
    replaceWith: [],
  };
}
