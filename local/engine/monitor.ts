/** The gRPC service `ResourceMonitor`: what the program's SDK asks of the engine. */
import { status, type ServiceDefinition, type UntypedServiceImplementation } from "@grpc/grpc-js";
import { ResourceMonitorService } from "@pulumi/pulumi/proto/resource_grpc_pb";
import {
  ReadResourceResponse,
  RegisterResourceResponse,
  Result,
  SupportsFeatureResponse,
  type ReadResourceRequest,
  type RegisterResourceOutputsRequest,
  type RegisterResourceRequest,
  type SupportsFeatureRequest,
} from "@pulumi/pulumi/proto/resource_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { createUrn } from "./core";
import { fromStruct, toStruct } from "./marshal";
import { toGoal, toReadGoal } from "./registration";
import { RpcError, unary } from "./rpc";
import type { Goal, ReadGoal, Registrar, Urn } from "./types";

/**
 * What the SDK may send. Some of it is refused when it comes: the SDK's own refusal, where a feature is not
 * announced, asks for a newer Pulumi CLI.
 */
const FEATURES = new Set([
  ...["secrets", "resourceReferences", "aliasSpecs", "deletedWith", "replaceWith"],
  ...["transforms", "invokeTransforms", "resourceHooks", "errorHooks"],
]);

/** For the SDK, what was skipped is as what failed: its newest version has no third result. */
const RESULTS = { success: Result.SUCCESS, fail: Result.FAIL, skip: Result.FAIL };

export interface MonitorOptions {
  project: string;
  stack: string;
  registrar: Registrar;
  /** Awaited before a registration is handed on: tests fix the order of independent resources with it. */
  admit?: (urn: Urn) => Promise<void>;
}

export interface Monitor {
  service: [ServiceDefinition, UntypedServiceImplementation];
  /**
   * The program declares nothing more, and waits for `release`. Rejects where it asked for something that ends
   * the run.
   */
  finished: Promise<void>;
  /** The run is over: the program may end, and asks in vain from here on. */
  release: () => void;
}

export function resourceMonitor(options: MonitorOptions): Monitor {
  const finished = signal();
  const released = signal();
  const { registrar } = options;

  /** Where there is no answer the program waits, as it would for the real engine, which ends it then. */
  const answered = <Request, Response>(handler: (request: Request) => Promise<Response>) =>
    unary(async (request: Request) => {
      const answer = handler(request).catch(async (error: Error) => {
        finished.fail(error);
        await released.fired;
        return shutDown();
      });
      return Promise.race([answer, released.fired.then(shutDown)]);
    });
  const refused = (what: string) =>
    answered(async (): Promise<Empty> => {
      throw new Error(`the local engine has no ${what}`);
    });
  const admit = async (goal: Goal | ReadGoal) =>
    options.admit?.(createUrn(options, goal.parent, goal.type, goal.name));

  const implementation = {
    supportsFeature: unary((request: SupportsFeatureRequest) =>
      new SupportsFeatureResponse().setHassupport(FEATURES.has(request.getId())),
    ),
    registerResource: answered(async (request: RegisterResourceRequest) => {
      const goal = toGoal(request);
      await admit(goal);
      const registered = await registrar.register(goal);
      const response = new RegisterResourceResponse();
      response.setUrn(registered.urn);
      response.setId(registered.id ?? "");
      response.setObject(toStruct(registered.outputs));
      return response.setResult(RESULTS[registered.result]);
    }),
    readResource: answered(async (request: ReadResourceRequest) => {
      const goal = toReadGoal(request);
      await admit(goal);
      const registered = await registrar.read(goal);
      const response = new ReadResourceResponse();
      response.setUrn(registered.urn);
      return response.setProperties(toStruct(registered.outputs));
    }),
    registerResourceOutputs: answered(async (request: RegisterResourceOutputsRequest) => {
      await registrar.registerOutputs(request.getUrn(), fromStruct(request.getOutputs()));
      return new Empty();
    }),
    signalAndWaitForShutdown: unary(async () => {
      finished.fire();
      await released.fired;
      return new Empty();
    }),
    invoke: refused("functions (invoke)"),
    call: refused("methods (call)"),
    registerStackTransform: refused("transforms"),
    registerStackInvokeTransform: refused("transforms"),
    registerResourceHook: refused("resource hooks"),
    registerErrorHook: refused("error hooks"),
  };
  return {
    service: [ResourceMonitorService, implementation],
    finished: finished.fired,
    release: released.fire,
  };
}

/** What the real engine answers when a run is over: the SDK stops quietly. */
function shutDown(): never {
  throw new RpcError(status.UNAVAILABLE, "resource monitor shut down while waiting on step's done channel");
}

function signal() {
  let settle: { fire: () => void; fail: (error: Error) => void } | undefined;
  const fired = new Promise<void>((resolve, reject) => (settle = { fire: resolve, fail: reject }));
  fired.catch(() => {});
  return { fire: () => settle?.fire(), fail: (error: Error) => settle?.fail(error), fired };
}
