/** The provider: the SDK's own `cmd/dynamic-provider` in a process, one a run, called over gRPC. */
import { credentials } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { ConfigureRequest } from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { startNode, type Child, type ChildOptions, type StartNode } from "./child";
import { lineDiagnostic } from "./diagnostics";
import { toStruct } from "./marshal";
import { resolveSdk } from "./program";
import type { Project } from "./project";
import { providerClient } from "./provider-client";
import { call, channelOptions } from "./rpc";
import type { EventBody, PropertyMap, Provider } from "./types";

export interface HostOptions {
  project: Project;
  /** The whole configuration of the stack, secrets marked. */
  config: PropertyMap;
  /** Where the engine is served. */
  address: string;
  env: Record<string, string>;
  startNode?: StartNode;
  emit: (event: EventBody) => void;
}

export interface Host {
  provider: Provider;
  /** Starts the process, if it does not run yet; the first call does so too. */
  warmUp: () => void;
  /** Tells the process that the user has interrupted the run. */
  cancel: () => Promise<void>;
  close: () => Promise<void>;
}

/** The hosts of a run: the default provider's, and one for each explicit provider. */
export function providerHosts(options: HostOptions) {
  const hosts = [providerHost(options)];
  const all = async (action: (host: Host) => Promise<void>) => void (await Promise.all(hosts.map(action)));
  return {
    main: hosts[0] as Host,
    explicit(config: PropertyMap): Provider {
      const host = providerHost({ ...options, config });
      hosts.push(host);
      return host.provider;
    },
    cancel: () => all((host) => host.cancel()),
    close: () => all((host) => host.close()),
  };
}

export function providerHost(options: HostOptions): Host {
  let running: ReturnType<typeof start> | undefined;
  const run = () => (running ??= start(options));
  return {
    provider: providerClient(async () => (await run()).client),
    // Where it fails, the first call says so.
    warmUp: () => void run().catch(() => {}),
    async cancel() {
      const started = await running?.catch(() => undefined);
      if (started) await call((done) => started.client.cancel(new Empty(), done));
    },
    async close() {
      const started = await running?.catch(() => undefined);
      started?.client.close();
      await started?.child.stop();
    },
  };
}

async function start(options: HostOptions): Promise<{ client: ResourceProviderClient; child: Child }> {
  const { project, emit } = options;
  const { child, port } = await startProcess(options.startNode ?? startNode, {
    script: resolveSdk(project, "@pulumi/pulumi/cmd/dynamic-provider"),
    args: [options.address],
    cwd: project.programDir,
    env: {
      ...options.env,
      PULUMI_PROJECT: project.name,
      PULUMI_NODEJS_PROJECT: project.name,
      PULUMI_CONFIG: "{}",
    },
    onLine: (stream, line) => lineDiagnostic(stream, line).forEach(emit),
  });
  const client = new ResourceProviderClient(
    `127.0.0.1:${port}`,
    credentials.createInsecure(),
    channelOptions,
  );
  const request = new ConfigureRequest();
  request.setArgs(toStruct(options.config));
  request.setAcceptsecrets(true);
  request.setAcceptresources(true);
  await call((done) => client.configure(request, done));
  return { client, child };
}

/** The first line on standard output is the port; all others are the provider's own. */
function startProcess(start: StartNode, options: ChildOptions): Promise<{ child: Child; port: number }> {
  return new Promise((resolve, reject) => {
    let port: number | undefined;
    const child = start({
      ...options,
      onLine(stream, line) {
        if (port !== undefined || stream === "stderr") return options.onLine(stream, line);
        port = Number(line);
        if (port > 0) resolve({ child, port });
        else reject(new Error(`the provider host wrote an invalid port: ${line.trim()}`));
      },
    });
    void child.exited.then((code) =>
      reject(new Error(`could not start the provider host: exit status ${code}`)),
    );
  });
}
