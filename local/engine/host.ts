/** A provider's process: the SDK's own `cmd/dynamic-provider`, or a plugin, called over gRPC. */
import { dirname } from "node:path";
import { credentials } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { startNode, type Child, type ChildOptions, type StartNode } from "./child";
import { lineDiagnostic } from "./diagnostics";
import { resolveSdk } from "./program";
import type { Project } from "./project";
import { greet, providerClient } from "./provider-client";
import { channelOptions } from "./rpc";
import type { EventBody, Provider } from "./types";

export interface HostOptions {
  project: Project;
  /** Where the engine is served. */
  address: string;
  env: Record<string, string>;
  startNode?: StartNode;
  emit: (event: EventBody) => void;
}

/** The package of dynamic resources. */
const DYNAMIC = "pulumi-nodejs";

type Host = ReturnType<typeof providerHost>;

/** The processes of a run. */
export function providerHosts(options: HostOptions) {
  let spare: Host | undefined = providerHost(options);
  const hosts = [spare];
  const open = (packageName: string): Host => {
    const host = providerHost(options, packageName);
    hosts.push(host);
    return host;
  };
  const all = async (action: (host: Host) => Promise<void>) => void (await Promise.all(hosts.map(action)));
  return {
    /** Most programs need a process for dynamic resources: it starts before they ask for it. */
    warmUp: () => spare?.warmUp(),
    start(packageName: string): Provider {
      const host = (packageName === DYNAMIC && spare) || open(packageName);
      if (host === spare) spare = undefined;
      return host.provider;
    },
    cancel: () => all((host) => host.cancel()),
    close: () => all((host) => host.close()),
  };
}

export function providerHost(options: HostOptions, packageName = DYNAMIC) {
  const script = scriptOf(options.project, packageName);
  let running: ReturnType<typeof start> | undefined;
  const run = () => (running ??= start(options, script));
  const provider = providerClient(run);
  // One that has ended meanwhile, or has not begun, needs not be told.
  const cancel = async () => running && provider.cancel().catch(() => {});
  return {
    provider,
    /** Starts the process, as the first call does; where that fails, the first call says so. */
    warmUp: () => void run().catch(() => {}),
    cancel,
    async close() {
      await cancel();
      const started = await running?.catch(() => undefined);
      started?.client.close();
      await started?.child.stop();
    },
  };
}

function scriptOf(project: Project, packageName: string): string {
  if (packageName === DYNAMIC) return resolveSdk(project, "@pulumi/pulumi/cmd/dynamic-provider");
  const plugin = project.plugins[packageName];
  if (plugin !== undefined) return plugin;
  throw new Error(
    `the local engine cannot manage resources of the package '${packageName}': it has components, dynamic resources, ` +
      "and the plugins that Pulumi.yaml names under plugins.providers",
  );
}

async function start(options: HostOptions, script: string) {
  const { project, address, emit } = options;
  const { child, port } = await startProcess(options.startNode ?? startNode, {
    script,
    args: [address],
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
  return { client, child, protocol: await greet(client, address, dirname(script)) };
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
