/**
 * What GitHub answers. Only what identifies a record is required: the documentation's own examples leave fields
 * out, and name one field differently (`created` for `created_at`). Unknown fields are ignored.
 */
import { z } from "zod";

/** A string in any case (see body.ts): Pulumi's protocol carries no integers above 2^53. */
const id = z.union([z.number(), z.string()]).transform(String);

const absent = <T extends z.ZodType>(schema: T) => schema.nullish().transform((value) => value ?? undefined);

export const deploymentRecord = z
  .object({
    id: absent(id),
    digest: z.string(),
    logical_environment: z.string(),
    physical_environment: absent(z.string()),
    cluster: absent(z.string()),
    deployment_name: z.string(),
    tags: absent(z.record(z.string(), z.string())),
    runtime_risks: absent(z.array(z.string())),
    created_at: absent(z.string()),
    created: absent(z.string()),
    updated_at: absent(z.string()),
    attestation_id: absent(id),
  })
  .transform(({ created, ...record }) => ({ ...record, created_at: record.created_at ?? created }));

export type RecordAnswer = z.infer<typeof deploymentRecord>;

export const deploymentRecords = z.object({ deployment_records: z.array(deploymentRecord).default([]) });

/** The body of an error answer. */
export const errorBody = z.object({ message: z.string() });
