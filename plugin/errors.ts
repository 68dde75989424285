/** Errors as the engine takes them. */
import type { Metadata, StatusObject } from "@grpc/grpc-js";
import { safeMessage } from "../provider/runtime/untrusted-text";
import { encode } from "./codec";
import type { Decoded, Values } from "./codec";
import { Any, grpc, messages, Status } from "./pulumi";

/** The error of a resource that exists, with its state: Pulumi saves it, and the next `up` sends what is missing. */
class PartialFailure extends Error {
  constructor(
    message: string,
    readonly metadata: Metadata,
  ) {
    super(message);
  }
}

/** @param news The inputs that were declared: what is a secret there is one in the state. */
export function partialFailure(error: unknown, news: Decoded): unknown {
  const { id, properties, reasons } = error as { id?: string; properties?: Values; reasons?: string[] };
  if (!(error instanceof Error) || id === undefined || properties === undefined) return error;
  const { __provider: _, ...outputs } = properties;
  const failed = new messages.ErrorResourceInitFailed()
    .setId(id)
    .setProperties(encode(outputs, news.secrets))
    .setInputs(encode(news.values, news.secrets))
    .setReasonsList(reasons ?? [error.message]);
  const detail = new Any();
  detail.pack(failed.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const status = new Status().setCode(grpc.status.UNKNOWN).setMessage(error.message).setDetailsList([detail]);
  const metadata = new grpc.Metadata();
  metadata.set("grpc-status-details-bin", Buffer.from(status.serializeBinary()));
  return new PartialFailure(error.message, metadata);
}

export function toStatus(error: unknown): Partial<StatusObject> {
  const details = safeMessage(error instanceof Error ? error.message : String(error));
  const code = grpc.status.UNKNOWN;
  return error instanceof PartialFailure ? { code, details, metadata: error.metadata } : { code, details };
}
