/** One operation on a stack, in this process: the step logic, with everything that is outside put to its hands. */
import { availableParallelism } from "node:os";
import { atMost } from "./child";
import { configProperties, type Config } from "./config";
import { runDeployment } from "./core";
import { isDefaultProvider } from "./core/urn";
import { secretFilter } from "./diagnostics";
import { engineService } from "./engine-service";
import { providerHost } from "./host";
import { resourceMonitor, type Monitor } from "./monitor";
import { startProgram, type RunningProgram } from "./program";
import type { Project } from "./project";
import { serve } from "./rpc";
import type {
  DeploymentResult,
  EngineEvent,
  EventBody,
  Operation,
  Program,
  PropertyMap,
  Provider,
  Snapshot,
  Urn,
} from "./types";

/** How long a program may still run when the run is over. */
const PROGRAM_PATIENCE_MS = 2_000;

export interface OperationOptions {
  operation: Operation;
  project: Project;
  stack: string;
  config: Config;
  snapshot: Snapshot;
  save: (snapshot: Snapshot) => Promise<void>;
  /** The whole environment of the program and of the provider host. */
  env: Record<string, string>;
  parallel?: number;
  replace?: Urn[];
  signal?: AbortSignal;
  onEvent: (event: EngineEvent) => void;
  /** Awaited before a registration reaches the step logic: fixes the order of independent resources. */
  admit?: (urn: Urn) => Promise<void>;
  /** Sees and may change every call of the provider. */
  wrapProvider?: (provider: Provider) => Provider;
}

export async function runOperation(options: OperationOptions): Promise<DeploymentResult> {
  const emit = eventLog(options);
  const { config } = options;
  const parallel = options.parallel ?? 4 * availableParallelism();

  const run: Run = { ...options, config, parallel, emit, closing: [] };
  try {
    const engine = await serve([engineService(emit)]);
    const host = providerHost({ ...run, config: hostConfig(run), address: engine.address });
    run.closing.push(engine.close, host.close);
    // A host that has ended meanwhile needs not be told.
    options.signal?.addEventListener("abort", () => void host.cancel().catch(() => undefined));
    return await runDeployment({
      operation: options.operation,
      project: options.project.name,
      stack: options.stack,
      config: configProperties(config),
      snapshot: options.snapshot,
      program(registrar) {
        // Most programs need it: it starts while the program does.
        host.warmUp();
        return programOf(run, engine.address)(registrar);
      },
      provider: options.wrapProvider?.(host.provider) ?? host.provider,
      parallel,
      replace: options.replace,
      save: options.save,
      emit,
      signal: options.signal,
    });
  } finally {
    for (const close of run.closing.reverse()) await close();
  }
}

type Run = OperationOptions & {
  config: Config;
  parallel: number;
  emit: (event: EventBody) => void;
  /** What ends with the run, last come first. */
  closing: (() => Promise<void> | void)[];
};

/** Without a program nobody declares the default provider: Pulumi configures it as it was saved. */
function hostConfig({ operation, snapshot, config }: Run): PropertyMap {
  const saved = snapshot.resources.find(({ urn, delete: replaced }) => isDefaultProvider(urn) && !replaced);
  const hasProgram = operation === "preview" || operation === "up";
  return hasProgram ? configProperties(config) : (saved?.inputs ?? configProperties(config));
}

function programOf(run: Run, engineAddress: string): Program {
  return async (registrar) => {
    const { project, stack, operation, admit } = run;
    const monitor = resourceMonitor({ project: project.name, stack, registrar, admit });
    const server = await serve([monitor.service]);
    run.closing.push(server.close);
    const addresses = { monitorAddress: server.address, engineAddress };
    const program = startProgram({ ...run, ...addresses, dryRun: operation === "preview" });
    let finished = false;
    run.closing.push(() => endProgram(monitor, program, finished));
    await Promise.race([monitor.finished, program.done]);
    finished = true;
  };
}

/** A program that has finished ends by itself, once it is let go; one that the run broke off is ended. */
async function endProgram(monitor: Monitor, program: RunningProgram, finished: boolean): Promise<void> {
  if (finished) {
    monitor.release();
    await atMost(PROGRAM_PATIENCE_MS, program.ended);
  }
  await program.stop();
  monitor.release();
}

function eventLog({ config, onEvent }: OperationOptions): (event: EventBody) => void {
  const secrets = Object.values(config).flatMap(({ value, secret }) => (secret ? [value] : []));
  const filter = secretFilter(secrets);
  let sequence = 0;
  return (event) =>
    onEvent({ sequence: sequence++, timestamp: Math.floor(Date.now() / 1000), ...filter(event) });
}
