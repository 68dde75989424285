/** Runs the steps of a native trace on an engine, and writes down what it asked of each process of the plugin. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isProviderType, STACK_TYPE } from "../../local/engine/core/urn";
import { SECRET, SIGNATURE } from "../../local/engine/types";
import type { Operation, PropertyMap, ResourceState, Value } from "../../local/engine/types";
import type { RunResult, Stack, StackOptions } from "../../local/stack";
import type { Declaration } from "./trace-file";

export interface NativeStep {
  command: Operation;
  program: (Declaration & { native?: true; invoke?: string })[];
  env?: Record<string, string>;
  config?: Record<string, string>;
  secretConfig?: Record<string, string>;
  options?: { targets?: string[]; runProgram?: boolean; refresh?: boolean };
  recorded?: Recorded;
}

export interface Recorded {
  exit: number;
  /** By process of the plugin, in the order of the calls: methods with their requests. */
  calls: Record<string, PropertyMap[]>;
  steps: string[];
  errors: string[];
  resources: PropertyMap[];
}

export async function replayNative(
  newStack: (options: StackOptions) => Stack,
  steps: NativeStep[],
  projectDir: string,
): Promise<Recorded[]> {
  const folder = mkdtempSync(join(tmpdir(), "native-trace-"));
  const stack = newStack({ projectDir });
  try {
    const recorded: Recorded[] = [];
    const ids = new Map<string, string>();
    for (const [i, { command, program, env, config = {}, secretConfig = {}, options }] of steps.entries()) {
      const log = join(folder, `${i}.log`);
      for (const [key, value] of Object.entries(config)) await stack.setConfig(key, value);
      for (const [key, value] of Object.entries(secretConfig))
        await stack.setConfig(key, value, { secret: true });
      const SPEC = JSON.stringify(program);
      const result = await stack[command]({
        env: { ...env, SPEC, TRACE_LOG: log },
        parallel: 1,
        ...options,
      });
      const { deployment } = await stack.exportState({ showSecrets: true });
      recorded.push(toRecorded(result, readCalls(log), deployment.resources ?? [], ids));
    }
    return recorded;
  } finally {
    await stack.remove();
    rmSync(folder, { recursive: true });
  }
}

interface LoggedCall {
  process: string;
  method: string;
  request: PropertyMap;
}

function readCalls(log: string): LoggedCall[] {
  const lines = existsSync(log) ? readFileSync(log, "utf8").trim().split("\n") : [];
  return lines.map((line) => JSON.parse(line) as LoggedCall);
}

/** `ids`: the providers' of this stack so far, which are random. */
function toRecorded(
  result: RunResult,
  calls: LoggedCall[],
  resources: ResourceState[],
  ids: Map<string, string>,
): Recorded {
  const present = resources.filter(({ type }) => type !== STACK_TYPE);
  for (const { type, id, urn } of present) if (isProviderType(type) && id) ids.set(id, urn);
  const named = <T>(value: T): T => JSON.parse(withoutChance(JSON.stringify(value), ids)) as T;
  return {
    exit: result.exitCode,
    calls: named(byProcess(calls)),
    steps: result.steps.filter(({ type }) => type !== STACK_TYPE).map(describeStep),
    errors: result.events.flatMap(({ diagnosticEvent: event }) =>
      event && ["error", "warning"].includes(event.severity)
        ? [`${event.severity}: ${withoutPlaces(event.message.trim())}`]
        : [],
    ),
    resources: named(present.map(toComparable)).sort((a, b) => ((a.urn ?? "") < (b.urn ?? "") ? -1 : 1)),
  };
}

/** Where the program and the SDK's code lie differs between machines. */
const withoutPlaces = (message: string): string =>
  message.replace(/^Running program '.*?'/, "Running program 'program.js'").replace(/\n +at [^]*$/, "");

const withoutChance = (text: string, ids: Map<string, string>): string =>
  [...ids].reduce((rest, [id, urn]) => rest.replaceAll(id, `id of ${nameIn(urn)}`), text);

const nameIn = (urn: string) => urn.slice(urn.lastIndexOf("::") + 2);

/** Each is named by the provider that it is checked or configured as. */
function byProcess(calls: LoggedCall[]): Recorded["calls"] {
  const processes = new Map<string, LoggedCall[]>();
  for (const call of calls) processes.set(call.process, [...(processes.get(call.process) ?? []), call]);
  const counts = new Map<string, number>();
  const entries = [...processes.values()].map((list): [string, PropertyMap[]] => {
    const urn = list.map(({ request }) => request.urn).find((one) => typeof one === "string");
    const name = list[0]?.process === "dynamic" ? "dynamic" : nameIn(String(urn ?? "unused"));
    const nth = (counts.get(name) ?? 0) + 1;
    counts.set(name, nth);
    return [nth === 1 ? name : `${name} ${nth}`, list.map(toCall)];
  });
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

const toCall = ({ method, request }: LoggedCall): PropertyMap => plain({ method, ...request }) as PropertyMap;

function describeStep({ op, urn, detailedDiff }: RunResult["steps"][number]): string {
  const paths = Object.entries(detailedDiff ?? {}).map(([path, { diffKind }]) => `${path} ${diffKind}`);
  return [op, nameIn(urn), ...paths.sort()].join(" ");
}

const CHANCE = ["created", "modified", "sourcePosition", "stackTrace", "customTimeouts"];

function toComparable(resource: ResourceState): PropertyMap {
  const { propertyDependencies = {}, ...rest } = resource;
  const fields = Object.entries(rest).filter(([field]) => !CHANCE.includes(field));
  // A refresh of Pulumi's leaves out those that depend on nothing.
  const dependent = Object.entries(propertyDependencies).filter(([, urns]) => urns.length > 0);
  return plain({
    ...Object.fromEntries(fields),
    propertyDependencies: Object.fromEntries(dependent),
  } as PropertyMap) as PropertyMap;
}

/** Secrets as their plain text; the code of a dynamic resource is long. */
function plain(value: Value): Value {
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== "object") return value;
  if (value[SIGNATURE] === SECRET) {
    const { plaintext, value: open } = value;
    return { secret: typeof plaintext === "string" ? (JSON.parse(plaintext) as Value) : (open ?? null) };
  }
  const entries = Object.entries(value).map(([key, inner]): [string, Value] =>
    key === "__provider" ? [key, "code"] : [key, plain(inner)],
  );
  return Object.fromEntries(entries);
}
