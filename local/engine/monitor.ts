/** The gRPC service `ResourceMonitor`: what the program's SDK asks of the engine. */
import { status, type ServiceDefinition, type UntypedServiceImplementation } from "@grpc/grpc-js";
import { ResourceMonitorService } from "@pulumi/pulumi/proto/resource_grpc_pb";
import * as pb from "@pulumi/pulumi/proto/resource_pb";
import { CheckFailure, InvokeResponse } from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { createUrn } from "./core/urn";
import { fromStruct, toStruct } from "./marshal";
import { optional, toGoal, toReadGoal } from "./registration";
import { unary } from "./rpc";
import type { Goal, ReadGoal, Registrar, Urn } from "./types";

/** The SDK itself refuses what needs others. */
const FEATURES = new Set(["secrets", "resourceReferences", "aliasSpecs"]);

/** For the SDK, what was skipped is as what failed: its newest version has no third result. */
const RESULTS = { success: pb.Result.SUCCESS, fail: pb.Result.FAIL, skip: pb.Result.FAIL };

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
  const admit = async (goal: Goal | ReadGoal) =>
    options.admit?.(createUrn(options, goal.parent, goal.type, goal.name));

  const implementation = {
    supportsFeature: unary((request: pb.SupportsFeatureRequest) =>
      new pb.SupportsFeatureResponse().setHassupport(FEATURES.has(request.getId())),
    ),
    registerResource: answered(async (request: pb.RegisterResourceRequest) => {
      const goal = toGoal(request);
      await admit(goal);
      const registered = await registrar.register(goal);
      const response = new pb.RegisterResourceResponse();
      response.setUrn(registered.urn);
      response.setId(registered.id ?? "");
      response.setObject(toStruct(registered.outputs));
      return response.setResult(RESULTS[registered.result]);
    }),
    readResource: answered(async (request: pb.ReadResourceRequest) => {
      const goal = toReadGoal(request);
      await admit(goal);
      const registered = await registrar.read(goal);
      const response = new pb.ReadResourceResponse();
      response.setUrn(registered.urn);
      return response.setProperties(toStruct(registered.outputs));
    }),
    registerResourceOutputs: answered(async (request: pb.RegisterResourceOutputsRequest) => {
      await registrar.registerOutputs(request.getUrn(), fromStruct(request.getOutputs()));
      return new Empty();
    }),
    signalAndWaitForShutdown: unary(async () => {
      finished.fire();
      await released.fired;
      return new Empty();
    }),
    invoke: answered(async (request: pb.ResourceInvokeRequest) => {
      const { result, failures } = await registrar.invoke({
        token: request.getTok(),
        args: fromStruct(request.getArgs()),
        provider: optional(request.getProvider()),
      });
      const response = new InvokeResponse().setReturn(toStruct(result));
      return response.setFailuresList(failures.map(toFailure));
    }),
  };
  return {
    service: [ResourceMonitorService, implementation],
    finished: finished.fired,
    release: released.fire,
  };
}

const toFailure = ({ property, reason }: { property: string; reason: string }) =>
  new CheckFailure().setProperty(property).setReason(reason);

/** What the real engine answers when a run is over: the SDK stops quietly. */
function shutDown(): never {
  const message = "resource monitor shut down while waiting on step's done channel";
  throw Object.assign(new Error(message), { code: status.UNAVAILABLE });
}

function signal() {
  let settle: { fire: () => void; fail: (error: Error) => void } | undefined;
  const fired = new Promise<void>((resolve, reject) => (settle = { fire: resolve, fail: reject }));
  fired.catch(() => {});
  return { fire: () => settle?.fire(), fail: (error: Error) => settle?.fail(error), fired };
}
