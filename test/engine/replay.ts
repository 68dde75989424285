/** Runs a trace's steps on the local engine: real program, real provider host; and writes down what happens. */
import { EventEmitter, once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { localStack } from "../../local/local-stack";
import type { Provider, Urn } from "../../local/engine/types";
import { startNodeWarm } from "../support/warm";
import type { StackExport } from "../../local/stack";
import type { Call, Method, TraceStep } from "./trace-file";

/** Where the engine under test makes other calls than the trace, nobody waits for what never comes. */
const PATIENCE_MS = 10_000;

export interface Replayed {
  exit: number;
  output: string;
  calls: Call[];
  deployment: StackExport["deployment"];
}

export async function replay(steps: TraceStep[], projectDir: string): Promise<Replayed[]> {
  const stack = localStack({ projectDir }, { startNode: startNodeWarm });
  try {
    const replayed: Replayed[] = [];
    for (const { command, program, env, config = {}, options = {}, providerCalls } of steps) {
      const { target: targets, ...more } = options;
      const recorder = createRecorder(providerCalls, targets !== undefined);
      for (const [key, value] of Object.entries(config)) await stack.setConfig(key, value);
      const { exitCode, output } = await stack[command]({
        env: { ...env, SPEC: JSON.stringify(program) },
        parallel: 1,
        targets,
        ...more,
        admit: recorder.admit,
        wrapProvider: recorder.wrapProvider,
      });
      const { deployment } = await stack.exportState({ showSecrets: true });
      replayed.push({ exit: exitCode, output, calls: recorder.calls, deployment });
    }
    return replayed;
  } finally {
    await stack.remove();
  }
}

/**
 * Independent resources race to the engine, and the trace shows how the race ended. So a registration is let
 * in when the calls that stand before its first one in the trace have been made; and a create, update or delete
 * that failed fails here when all have come in that the real engine heard of.
 */
function createRecorder(expected: Call[], hasTargets: boolean) {
  const calls: Call[] = [];
  const progress = createProgress(expected);
  const record = async <T>(method: Method, request: Call["request"], call: () => Promise<T>): Promise<T> => {
    const made: Call = { method, request };
    calls.push(made);
    const returned = progress.begin(method, request.urn);
    try {
      return await call();
    } catch (error) {
      made.errors = [String(error)];
      if (method !== "Check") await progress.reached(() => progress.allHaveBegun());
      throw error;
    } finally {
      returned();
    }
  };
  const admit = async (urn: Urn): Promise<void> => {
    // Of what is not targeted nobody is asked.
    if (isEngineOwn(urn) || (hasTargets && !expected.some(({ request }) => request.urn === urn))) return;
    await progress.reached(() => progress.isNext(urn));
    // What a call's end brings about, such as the end of the run, comes before the next registration.
    await sleep(20);
  };
  return { calls, admit, wrapProvider: (provider: Provider) => recording(provider, record) };
}

/** How much of a trace has been gone through. */
function createProgress(expected: Call[]) {
  const begun = new Map<string, number>();
  const returned = new Map<string, number>();
  const changed = new EventEmitter().setMaxListeners(0);
  const count = (counts: Map<string, number>, key: string) => {
    counts.set(key, (counts.get(key) ?? 0) + 1);
    changed.emit("change");
  };
  const keyOf = (method: Method, urn: Urn) => `${method} ${urn}`;
  const isDone = ({ method, request, errors, response }: Call, nth: number): boolean => {
    const fails = errors !== undefined || (response?.failures ?? []).length > 0;
    return ((fails ? begun : returned).get(keyOf(method, request.urn)) ?? 0) > nth;
  };
  const firstCall = (urn: Urn) =>
    expected.findIndex(({ method, request }) => request.urn === urn && method !== "Delete");
  const allDone = (some: Call[]): boolean =>
    some.every((call, i) => isDone(call, some.slice(0, i).filter((c) => isSameCall(c, call)).length));

  return {
    begin(method: Method, urn: Urn) {
      count(begun, keyOf(method, urn));
      return () => count(returned, keyOf(method, urn));
    },
    isNext(urn: Urn): boolean {
      const first = firstCall(urn);
      return allDone(first === -1 ? expected : expected.slice(0, first));
    },
    allHaveBegun(): boolean {
      const first = expected.filter((call, i) => firstCall(call.request.urn) === i);
      return first.every((call) => begun.has(keyOf(call.method, call.request.urn)));
    },
    async reached(condition: () => boolean): Promise<void> {
      const patience = AbortSignal.timeout(PATIENCE_MS);
      while (!condition() && !patience.aborted) {
        await Promise.race([once(changed, "change"), sleep(PATIENCE_MS, undefined, { ref: false })]);
      }
    },
  };
}

const isSameCall = (a: Call, b: Call): boolean => a.method === b.method && a.request.urn === b.request.urn;

type Record = <T>(method: Method, request: Call["request"], call: () => Promise<T>) => Promise<T>;

function recording(provider: Provider, record: Record): Provider {
  return {
    ...provider,
    check: (r) => record("Check", { ...r }, () => provider.check(r)),
    diff: (r) => record("Diff", { ...r }, () => provider.diff(r)),
    create: (r) => record("Create", { ...r }, () => provider.create(r)),
    read: (r) => record("Read", { ...r }, () => provider.read(r)),
    update: (r) => record("Update", { ...r }, () => provider.update(r)),
    delete: (r) => record("Delete", { ...r }, () => provider.delete(r)),
  };
}

/** The stack itself and providers. */
export function isEngineOwn(urn: Urn): boolean {
  return urn.split("::")[2]?.startsWith("pulumi:") ?? false;
}
