/** Whether Pulumi could save a set of which one entry failed. */
import { encodeRecord } from "./record-codec";
import type { Recorded } from "./fields";

/**
 * A partial failure reaches Pulumi's engine as the details of a gRPC error, in a trailer: base64 of at most 16 MiB, that is
 * 12,582,912 bytes (Pulumi 3.260 saved a state of 12.4 MB, and lost one of 12.7 MB). The identity and the reasons of the
 * failed entries have the rest.
 */
export const MAX_STATE_BYTES = 12_000_000;

const varint = (value: number): number => (value < 128 ? 1 : 1 + varint(Math.floor(value / 128)));
/** A field with a length: its tag, the length, and so many bytes. */
const field = (bytes: number): number => 1 + varint(bytes) + bytes;
const text = (value: string): number => field(Buffer.byteLength(value));

/** The bytes of a value as `google.protobuf.Value`. */
export function protobufBytes(value: unknown): number {
  if (typeof value === "string") return text(value);
  if (typeof value === "number") return 9;
  if (Array.isArray(value))
    return field((value as unknown[]).reduce((sum: number, item) => sum + field(protobufBytes(item)), 0));
  if (typeof value === "object" && value !== null) return field(structBytes(value));
  return 2;
}

const structBytes = (value: object): number =>
  Object.entries(value).reduce(
    (sum, [name, part]) => sum + (part === undefined ? 0 : field(text(name) + field(protobufBytes(part)))),
    0,
  );

const RECORD = encodeRecord({
  recordId: "0".repeat(12),
  attestationId: "0".repeat(12),
  updatedAt: "2026-01-01T00:00:00Z",
});

/** The bytes of the state of these entries, with what GitHub says of each. */
export const stateBytes = (deployments: Record<string, Recorded>): number =>
  Object.keys(deployments).reduce((sum, name) => sum + field(text(name) + field(text(RECORD))), 0) +
  structBytes(deployments);

/** What is wrong with a set whose state is too large; undefined where it is not. */
export function whyTooLarge(deployments: Record<string, Recorded>): string | undefined {
  const bytes = stateBytes(deployments);
  if (bytes <= MAX_STATE_BYTES) return undefined;
  const megabytes = (value: number) => (value / 1_000_000).toFixed(1);
  return (
    `has ${Object.keys(deployments).length} entries, which are ${megabytes(bytes)} MB in Pulumi's messages. If one of ` +
    `them failed, Pulumi could not save the others: it can carry ${megabytes(MAX_STATE_BYTES)} MB. Declare them as ` +
    "several ClusterDeploymentSets of this cluster, for example one for each namespace"
  );
}
