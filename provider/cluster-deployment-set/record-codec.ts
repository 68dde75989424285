import type { RecordAnswer } from "../github/schemas";

/** What GitHub said of a record, as the state of a set keeps it: `10000001 - 2026-01-01T00:00:00Z`. */
export interface RecordOutputs {
  recordId?: string;
  attestationId?: string;
  /** When this set last wrote the record, by GitHub's clock. A refresh does not move it (ownership). */
  updatedAt?: string;
}

const NONE = "-";

/** One text for an entry: as an object it costs Pulumi's messages, and so each operation, half as much again. */
export const encodeRecord = ({
  recordId = NONE,
  attestationId = NONE,
  updatedAt = NONE,
}: RecordOutputs): string => `${recordId} ${attestationId} ${updatedAt}`;

export const recordText = (record: RecordAnswer | undefined, updatedAt: string | undefined): string =>
  encodeRecord({ recordId: record?.id, attestationId: record?.attestation_id, updatedAt });

/** A program's mocks, and states from before, have the object itself. */
export function decodeRecord(text: string | RecordOutputs): RecordOutputs {
  if (typeof text !== "string") return text;
  const [recordId, attestationId, ...time] = text.split(" ");
  const parts = Object.entries({ recordId, attestationId, updatedAt: time.join(" ") });
  return Object.fromEntries(parts.filter(([, part]) => part !== NONE && part !== ""));
}
