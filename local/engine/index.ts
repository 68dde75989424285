/** One operation on a stack whose state is on the disk: the step logic, with everything that is outside put to its hands. */
import { availableParallelism } from "node:os";
import { atMost, type StartNode } from "./child";
import { configProperties, type Config } from "./config";
import { runDeployment } from "./core/deployment";
import { secretFilter } from "./diagnostics";
import { engineService } from "./engine-service";
import { providerHosts } from "./host";
import { resourceMonitor, type Monitor } from "./monitor";
import { startProgram, type RunningProgram } from "./program";
import type { Project } from "./project";
import { serve } from "./rpc";
import { openStateFile, type StateFileOptions } from "./state-file";
import type { Deployment, EngineEvent, EventBody, Operation, Program, Provider, Urn } from "./types";

/** How long a program may still run when the run is over. */
const PROGRAM_PATIENCE_MS = 2_000;

export interface OperationOptions extends Pick<
  Deployment,
  "replace" | "targets" | "continueOnError" | "runProgram" | "refresh"
> {
  operation: Operation;
  project: Project;
  stack: string;
  config: Config;
  state: StateFileOptions;
  /** The whole environment of the program and of the provider host. */
  env: Record<string, string>;
  parallel?: number;
  signal?: AbortSignal;
  onEvent: (event: EngineEvent) => void;
  /** Awaited before a registration reaches the step logic: fixes the order of independent resources. */
  admit?: (urn: Urn) => Promise<void>;
  /** Starts the program and the provider host. */
  startNode?: StartNode;
  /** Sees and may change every call of the provider. */
  wrapProvider?: (provider: Provider) => Provider;
}

/** @returns whether it succeeded */
export async function runOperation(options: OperationOptions): Promise<boolean> {
  const { save, load } = await openStateFile(options.state);
  const emit = eventLog(options);
  const { config } = options;
  const parallel = options.parallel ?? 4 * availableParallelism();

  const run: Run = { ...options, config, parallel, emit, closing: [] };
  try {
    const engine = await serve([engineService(emit)]);
    const hosts = providerHosts({ ...run, address: engine.address });
    const wrap = options.wrapProvider ?? ((provider: Provider) => provider);
    run.closing.push(engine.close, hosts.close);
    options.signal?.addEventListener("abort", () => void hosts.cancel());
    const { ok } = await runDeployment({
      ...options,
      ...{ save, snapshot: load() },
      project: options.project.name,
      config: configProperties(config),
      program(registrar) {
        hosts.warmUp();
        return programOf(run, engine.address)(registrar);
      },
      startProvider: (packageName) => wrap(hosts.start(packageName)),
      parallel,
      emit,
    });
    return ok;
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
