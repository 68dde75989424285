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
  type ResourceInvokeRequest,
  type SupportsFeatureRequest,
} from "@pulumi/pulumi/proto/resource_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { createUrn } from "./core";
import { fromStruct, toStruct } from "./marshal";
import { toGoal, toReadGoal } from "./registration";
import { RpcError, unary } from "./rpc";
import type { Goal, ReadGoal, Registrar, Urn } from "./types";

/** What the SDK may send. It refuses by itself what it needs and is not here (transforms, hooks, packages). */
const FEATURES = new Set(["secrets", "resourceReferences", "aliasSpecs", "deletedWith", "replaceWith"]);

const RESULTS = { success: Result.SUCCESS, fail: Result.FAIL, skip: Result.SKIP };

export interface MonitorOptions {
  project: string;
  stack: string;
  projectRoot: string;
  registrar: Registrar;
  /** Awaited before a registration is handed on: tests fix the order of independent resources with it. */
  admit?: (urn: Urn) => Promise<void>;
}

export interface Monitor {
  service: [ServiceDefinition, UntypedServiceImplementation];
  /** The program declares nothing more; it waits for `release`. */
  finished: Promise<void>;
  /** The run is over: the program may end, and asks in vain from here on. */
  release: () => void;
}

export function resourceMonitor(options: MonitorOptions): Monitor {
  const finished = signal();
  const released = signal();
  const { registrar, projectRoot } = options;
  const admitted = async <T>(goal: Goal | ReadGoal, handOn: () => Promise<T>): Promise<T> => {
    await options.admit?.(createUrn(options, goal.parent, goal.type, goal.name));
    return handOn();
  };

  const registerResource = async (request: RegisterResourceRequest) => {
    const goal = toGoal(request, projectRoot);
    const registered = await untilRelease(
      admitted(goal, () => registrar.register(goal)),
      released.fired,
    );
    const response = new RegisterResourceResponse();
    response.setUrn(registered.urn);
    response.setId(registered.id ?? "");
    // The old outputs of a component may refer to resources that are not registered yet.
    response.setObject(toStruct(goal.custom ? registered.outputs : {}));
    return response.setResult(RESULTS[registered.result]);
  };

  const readResource = async (request: ReadResourceRequest) => {
    const goal = toReadGoal(request, projectRoot);
    const registered = await untilRelease(
      admitted(goal, () => registrar.read(goal)),
      released.fired,
    );
    const response = new ReadResourceResponse();
    response.setUrn(registered.urn);
    return response.setProperties(toStruct(registered.outputs));
  };

  const registerResourceOutputs = async (request: RegisterResourceOutputsRequest) => {
    const outputs = fromStruct(request.getOutputs());
    await untilRelease(registrar.registerOutputs(request.getUrn(), outputs), released.fired);
    return new Empty();
  };

  const signalAndWaitForShutdown = async () => {
    finished.fire();
    await released.fired;
    return new Empty();
  };

  const implementation = {
    supportsFeature: unary((request: SupportsFeatureRequest) =>
      new SupportsFeatureResponse().setHassupport(FEATURES.has(request.getId())),
    ),
    registerResource: unary(registerResource),
    readResource: unary(readResource),
    registerResourceOutputs: unary(registerResourceOutputs),
    signalAndWaitForShutdown: unary(signalAndWaitForShutdown),
    invoke: unary((request: ResourceInvokeRequest): Empty => {
      throw new RpcError(status.UNIMPLEMENTED, `the local engine calls no functions: ${request.getTok()}`);
    }),
  };
  return {
    service: [ResourceMonitorService, implementation],
    finished: finished.fired,
    release: released.fire,
  };
}

const SHUT_DOWN = "resource monitor shut down while waiting on step's done channel";

/** Once the run is over, the SDK is told what the real engine tells it then: it stops quietly. */
async function untilRelease<T>(answer: Promise<T>, released: Promise<void>): Promise<T> {
  const refuse = (error: unknown) => {
    const message = error instanceof Error ? error.message : SHUT_DOWN;
    throw new RpcError(message === SHUT_DOWN ? status.UNAVAILABLE : status.UNKNOWN, message);
  };
  return Promise.race([answer.catch(refuse), released.then(refuse)]);
}

function signal(): { fire: () => void; fired: Promise<void> } {
  let fire = () => {};
  const fired = new Promise<void>((resolve) => (fire = resolve));
  return { fire: () => fire(), fired };
}
