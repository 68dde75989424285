/** The gRPC service `Engine`: log messages, and the stack's root resource. */
import type { ServiceDefinition, UntypedServiceImplementation } from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import {
  GetRootResourceResponse,
  SetRootResourceResponse,
  type LogRequest,
  type SetRootResourceRequest,
} from "@pulumi/pulumi/proto/engine_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { diagnostic, type Severity } from "./diagnostics";
import { unary } from "./rpc";
import type { EventBody } from "./types";

/** By number. */
const SEVERITIES: Severity[] = ["debug", "info", "warning", "error"];

export function engineService(
  emit: (event: EventBody) => void,
): [ServiceDefinition, UntypedServiceImplementation] {
  let root = "";
  const implementation = {
    log: unary((request: LogRequest) => {
      const severity = SEVERITIES[request.getSeverity()] ?? "info";
      // Debug messages are shown to nobody here, and quote whatever a program registers, secrets too.
      if (severity !== "debug") {
        emit(
          diagnostic(severity, request.getMessage(), {
            urn: request.getUrn() || undefined,
            streamID: request.getStreamid() || undefined,
            ephemeral: request.getEphemeral() || undefined,
          }),
        );
      }
      return new Empty();
    }),
    getRootResource: unary(() => new GetRootResourceResponse().setUrn(root)),
    setRootResource: unary((request: SetRootResourceRequest) => {
      root = request.getUrn();
      return new SetRootResourceResponse();
    }),
  };
  return [EngineService, implementation];
}
