/**
 * What GitHub answers. Only what identifies a record is required: the documentation's own examples leave fields
 * out, and name one field differently (`created` for `created_at`). Unknown fields are ignored.
 */
import { z } from "zod";
import { absent, id, text } from "../http/parts";

/** An answer that does not have a field says nothing of it; `null` says that there is none. */
const nullAs = <T extends z.ZodType, N>(none: N, schema: T) =>
  schema.nullish().transform((value) => (value === null ? none : value));

export const deploymentRecord = z
  .object({
    id: absent(id),
    digest: text,
    logical_environment: text,
    physical_environment: absent(text),
    cluster: absent(text),
    deployment_name: text,
    tags: nullAs({}, z.record(text, text)),
    runtime_risks: nullAs([], z.array(text)),
    created_at: absent(text),
    created: absent(text),
    updated_at: absent(text),
    attestation_id: absent(id),
  })
  .transform(({ created, ...record }) => ({ ...record, created_at: record.created_at ?? created }));

export type RecordAnswer = z.infer<typeof deploymentRecord>;

/** The answer to a write, which may leave the records out. */
export const deploymentRecords = z.object({ deployment_records: z.array(deploymentRecord).default([]) });

/** A list that is empty says so: from a list follows what is drift, and what another writer has taken over. */
const counted = (field: string) => (answer: unknown) =>
  typeof answer === "object" && answer !== null && "total_count" in answer && answer.total_count === 0
    ? { [field]: [], ...answer }
    : answer;

export const deploymentRecordList = z.preprocess(
  counted("deployment_records"),
  z.object({ deployment_records: z.array(deploymentRecord) }),
);

const failedEntry = z.object({
  cause: absent(text),
  deployment: absent(z.object({ deployment_name: absent(text), digest: absent(text) })),
});

export type FailedEntry = z.infer<typeof failedEntry>;

const failedEntries = z
  .array(failedEntry)
  .nullish()
  .transform((list) => list ?? []);

/** 200, or 207 where some entries failed. */
export const clusterRecords = z.object({
  deployment_records: z.array(deploymentRecord).default([]),
  errors: failedEntries,
});

export const submittedJob = z.object({ job_id: id, errors: failedEntries });

export const job = z.object({
  job_id: id,
  status: z.enum(["pending", "processing", "completed", "failed"]),
  errors: failedEntries,
});

export type JobAnswer = z.infer<typeof job>;

/** A list shows no version and no path. The documentation's example has no id. */
export const storageRecord = z.object({
  id: absent(id),
  name: text,
  digest: text,
  artifact_url: absent(text),
  registry_url: text,
  repository: absent(text),
  status: absent(text),
  created_at: absent(text),
  updated_at: absent(text),
});

export type StorageAnswer = z.infer<typeof storageRecord>;

export const storageRecords = z.object({ storage_records: z.array(storageRecord).default([]) });

export const storageRecordList = z.preprocess(
  counted("storage_records"),
  z.object({ storage_records: z.array(storageRecord) }),
);

/** What they hold is of no concern here. */
export const attestations = z.object({ attestations: z.array(z.unknown()).default([]) });

/** A GitHub App's, in one organisation. */
export const installation = z.object({ id });

export const installationToken = z.object({
  token: z.string().regex(/^[\x21-\x7e]+$/),
  expires_at: z.iso.datetime({ offset: true }),
});

const refusedRepositories = z
  .object({ cause: text, repositories: z.array(id).default([]) })
  .transform(({ cause, repositories }) => ({
    said: [cause, ...repositories.slice(0, 10)].join(", "),
    repositories,
  }));

/** The body of an error answer. A refused call for a cluster has an object in the place of the message. */
export const errorBody = z.object({
  message: z.union([text.transform((said) => ({ said, repositories: undefined })), refusedRepositories]),
  documentation_url: text.optional().catch(undefined),
});
