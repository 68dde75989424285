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
  Value,
} from "../types";
import type { Providers } from "./providers";
import { errorOf, type Reply } from "./step";
import { isProviderType, providerReference } from "./urn";

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

/** The package of dynamic resources. */
const DYNAMIC = "pulumi-nodejs";

export interface ProgramOptions {
  config: PropertyMap;
  invoke: Providers["invoke"];
  stopped: AbortSignal;
}

export function startProgram(program: Program, options: ProgramOptions): Source {
  const requests = createRequests(options.stopped);
  program(registrarOf(requests, options)).then(
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

function registrarOf(requests: Requests, { config, invoke }: ProgramOptions): Registrar {
  const goals = new Map<Urn, Goal>();
  const register = (goal: Goal, provider?: string): Promise<Parameters<Reply>[0]> =>
    requests.ask((reply) => ({ kind: "register", goal, provider, reply }));
  const defaultProviders = new Map<string, Promise<string>>();
  const providerFor = async (token: string, { provider }: Pick<Goal, "provider">): Promise<string> => {
    const [name = ""] = token.split(":");
    const known = provider ?? defaultProviders.get(name);
    if (known !== undefined) return known;
    const registered = register(providerGoal(name, config)).then(({ state }) => providerReference(state));
    defaultProviders.set(name, registered);
    return registered;
  };
  const needsProvider = ({ custom, type }: Goal) => custom && !isProviderType(type);
  return {
    async register(requested) {
      const goal = inherit(requested, requested.parent ? goals.get(requested.parent) : undefined);
      const provider = needsProvider(goal) ? await providerFor(goal.type, goal) : undefined;
      const { state, result } = await register(goal, provider);
      goals.set(state.urn, goal);
      // A component's outputs are those of the last run: what they refer to is not always registered yet.
      return registered(state, goal.custom ? state.outputs : {}, result);
    },
    async read(goal) {
      const provider = await providerFor(goal.type, goal);
      const read = (reply: Reply): ProgramEvent => ({ kind: "read", goal, provider, reply });
      const { state, result } = await requests.ask(read);
      return registered(state, state.outputs, result);
    },
    registerOutputs: (urn, outputs) =>
      requests.ask<void>((reply) => ({ kind: "outputs", urn, outputs, reply })),
    invoke: async (call) => invoke(await providerFor(call.token, call), call),
  };
}

function registered(
  { urn, id }: ResourceState,
  outputs: PropertyMap = {},
  result: RegistrationResult = "success",
): Registered {
  return result === "success" ? { urn, ...(id && { id }), outputs, result } : { urn, outputs: {}, result };
}

function shutDown(): Error {
  return new Error("resource monitor shut down while waiting on step's done channel");
}

function inherit(goal: Goal, parent: Goal | undefined): Goal {
  if (!parent) return goal;
  return {
    ...goal,
    protect: goal.protect ?? parent.protect,
    retainOnDelete: goal.retainOnDelete ?? parent.retainOnDelete,
  };
}

/** Dynamic providers are configured with everything that the stack is, others with the keys of their namespace. */
function providerGoal(packageName: string, config: PropertyMap): Goal {
  const prefix = `${packageName}:`;
  const own = Object.entries(config).filter(([key]) => key.startsWith(prefix));
  const ownConfig = own.map(([key, value]): [string, Value] => [key.slice(prefix.length), value]);
  return {
    type: `pulumi:providers:${packageName}`,
    name: "default",
    custom: true,
    properties: packageName === DYNAMIC ? config : Object.fromEntries(ownConfig),
    dependencies: [],
    propertyDependencies: {},
    ignoreChanges: [],
    replaceOnChanges: [],
    additionalSecretOutputs: [],
    aliases: [],
  };
}
