/**
 * What Chainloop answers. The API is a beta: unknown fields are ignored, a status may be one that is not known here,
 * and only what identifies a record, and its artifact, is required.
 */
import { z } from "zod";
import {
  id,
  list,
  observedString,
  observedWord,
  optional,
  quotedString,
  wellFormedString,
} from "../http/parts";

/** Protocol buffers may leave out what is empty. */
const name = wellFormedString.nullish().transform((value) => value ?? "");

/**
 * The name of an enumeration's value, as requests have it. In answers the kind is documented as a mere text, and
 * Chainloop's own pages write `deployed`, so the case and the enumeration's own prefix are nothing.
 */
const valueOf = (enumeration: string) =>
  optional(wellFormedString).transform((value) => value?.toUpperCase().replace(`${enumeration}_`, ""));

const artifact = z.object({
  kind: valueOf("ARTIFACT_KIND"),
  name: optional(observedString),
  digest: observedString,
  version: optional(observedString),
});

const deploymentRecord = z.object({
  id,
  artifact,
  artifact_id: optional(id),
  environment_id: optional(id),
  environment_name: name,
  deployment_name: name,
  status: valueOf("DEPLOYMENT_STATUS"),
  created_at: optional(observedWord),
  updated_at: optional(observedWord),
  last_seen_at: optional(observedWord),
});

export type ChainloopAnswer = z.infer<typeof deploymentRecord>;

/** Protocol buffers have two names for a field in JSON, and take both; which one comes is the server's choice. */
function inSnakeCase(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inSnakeCase);
  if (typeof value !== "object" || value === null) return value;
  const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [snake(name), inSnakeCase(part)]));
}
const answer = <T extends z.ZodType>(schema: T) => z.preprocess(inSnakeCase, schema);

/** The answer to a write. */
export const written = answer(z.object({ deployment_record: optional(deploymentRecord) }));

/** Protocol buffers may leave out what is zero. */
const count = z
  .number()
  .int()
  .nonnegative()
  .nullish()
  .transform((value) => value ?? 0);

const pagination = z.object({ page: count, total_count: count, total_pages: count });

/**
 * One page. `pagination` is required: from a list follows what is drift, and what another writer has taken over, so
 * that it is complete must be known.
 */
export const page = answer(
  z.object({
    deployment_records: list(deploymentRecord)
      .nullish()
      .transform((list) => list ?? []),
    pagination,
  }),
);

export type ChainloopPage = z.infer<typeof page>;

/** The body of an error answer: gRPC's own form. */
export const errorBody = z.object({ message: quotedString });
