/**
 * gRPC and Protocol Buffers as the installed Pulumi SDK has them. They are resolved from there, so that they are no
 * dependencies of this package, also where each package sees only its own (pnpm).
 */
import { createRequire } from "node:module";

const load = createRequire(require.resolve("@pulumi/pulumi/package.json"));

export const grpc = load("@grpc/grpc-js") as typeof import("@grpc/grpc-js");
export const { Struct } = load(
  "google-protobuf/google/protobuf/struct_pb.js",
) as typeof import("google-protobuf/google/protobuf/struct_pb");
export const { Empty } = load(
  "google-protobuf/google/protobuf/empty_pb.js",
) as typeof import("google-protobuf/google/protobuf/empty_pb");
export const { Any } = load(
  "google-protobuf/google/protobuf/any_pb.js",
) as typeof import("google-protobuf/google/protobuf/any_pb");
export const messages = load(
  "@pulumi/pulumi/proto/provider_pb.js",
) as typeof import("@pulumi/pulumi/proto/provider_pb");
export const { ResourceProviderService } = load(
  "@pulumi/pulumi/proto/provider_grpc_pb.js",
) as typeof import("@pulumi/pulumi/proto/provider_grpc_pb");
export const { PluginInfo } = load(
  "@pulumi/pulumi/proto/plugin_pb.js",
) as typeof import("@pulumi/pulumi/proto/plugin_pb");
export const { Status } = load(
  "@pulumi/pulumi/proto/status_pb.js",
) as typeof import("@pulumi/pulumi/proto/status_pb");

/** Loaded when there is something to say. */
export const engine = () => ({
  ...(load("@pulumi/pulumi/proto/engine_pb.js") as typeof import("@pulumi/pulumi/proto/engine_pb")),
  ...(load("@pulumi/pulumi/proto/engine_grpc_pb.js") as typeof import("@pulumi/pulumi/proto/engine_grpc_pb")),
});

/** As the SDK's own: a set with thousands of entries is one message. */
const MAX_MESSAGE = 400 * 1024 * 1024;
export const channelOptions = {
  "grpc.max_receive_message_length": MAX_MESSAGE,
  "grpc.max_send_message_length": MAX_MESSAGE,
};
