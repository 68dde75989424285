/**
 * What GitHub answers. Only what identifies a record is required: the documentation's own examples leave fields
 * out, and name one field differently (`created` for `created_at`). Unknown fields are ignored.
 */
import { z } from "zod";
import { id, list, observedWord, optional, quotedString, stringMap, wellFormedString } from "../http/parts";

/** An answer that does not have a field says nothing of it; `null` says that there is none. */
const nullAs = <T extends z.ZodType, N>(none: N, schema: T) =>
  schema.nullish().transform((value) => (value === null ? none : value));

export const deploymentRecord = z
  .object({
    id: optional(id),
    digest: wellFormedString,
    logical_environment: wellFormedString,
    physical_environment: optional(wellFormedString),
    cluster: optional(wellFormedString),
    deployment_name: wellFormedString,
    tags: nullAs({}, stringMap),
    runtime_risks: nullAs([], list(wellFormedString)),
    created_at: optional(observedWord),
    created: optional(observedWord),
    updated_at: optional(observedWord),
    attestation_id: optional(id),
  })
  .transform(({ created, ...record }) => ({ ...record, created_at: record.created_at ?? created }));

export type RecordAnswer = z.infer<typeof deploymentRecord>;

/** The answer to a write may leave the records out. */
const listOrNone = <T extends z.ZodType>(entry: T) =>
  optional(list(entry)).transform((listed) => listed ?? []);

export const deploymentRecords = z.object({ deployment_records: listOrNone(deploymentRecord) });

/** A list that is empty says so: from a list follows what is drift, and what another writer has taken over. */
const counted = (field: string) => (answer: unknown) =>
  typeof answer === "object" && answer !== null && "total_count" in answer && answer.total_count === 0
    ? { [field]: [], ...answer }
    : answer;

export const deploymentRecordList = z.preprocess(
  counted("deployment_records"),
  z.object({ deployment_records: list(deploymentRecord) }),
);

/** What is not as described says nothing, and the failure is one of an entry that is not known. */
const ifDescribed = <T extends z.ZodType>(schema: T) => optional(schema).catch(undefined);

const failedEntry = z
  .object({
    cause: ifDescribed(quotedString),
    deployment: ifDescribed(
      z.object({ deployment_name: ifDescribed(wellFormedString), digest: ifDescribed(wellFormedString) }),
    ),
  })
  .catch({ cause: undefined, deployment: undefined });

export type FailedEntry = z.infer<typeof failedEntry>;

/** Failures that are no list are one: were the answer refused, what it shows as written would be lost. */
const failedEntries = z.preprocess(
  (errors) => (Array.isArray(errors) ? (errors as unknown[]) : [errors ?? []].flat()),
  list(failedEntry),
);

/** 200, or 207 where some entries failed. */
export const clusterRecords = z.object({
  deployment_records: listOrNone(deploymentRecord),
  errors: failedEntries,
});

/** It stands in the path of the next request. */
const jobId = id.pipe(z.string().regex(/^[A-Za-z0-9_-]{1,100}$/, "must be the ID of a job"));

export const submittedJob = z.object({ job_id: jobId, errors: failedEntries });

export const job = z.object({
  job_id: id,
  status: z.enum(["pending", "processing", "completed", "failed"]),
  errors: failedEntries,
});

export type JobAnswer = z.infer<typeof job>;

/** A list shows no version and no path. The documentation's example has no id. */
export const storageRecord = z.object({
  id: optional(id),
  name: wellFormedString,
  digest: wellFormedString,
  artifact_url: optional(wellFormedString),
  registry_url: wellFormedString,
  repository: optional(wellFormedString),
  status: optional(observedWord),
  created_at: optional(observedWord),
  updated_at: optional(observedWord),
});

export type StorageAnswer = z.infer<typeof storageRecord>;

export const storageRecords = z.object({ storage_records: listOrNone(storageRecord) });

export const storageRecordList = z.preprocess(
  counted("storage_records"),
  z.object({ storage_records: list(storageRecord) }),
);

/** What they hold is of no concern here. */
export const attestations = z.object({ attestations: list(z.unknown()).default([]) });

/** A page of the attestations of many digests: none, null or an empty list where a digest has none on this page. */
export const attestationsOfDigests = z.object({
  attestations_subject_digests: z.record(z.string(), z.array(z.unknown()).nullish()),
  page_info: z.object({ has_next: z.boolean().nullish(), next: z.string().nullish() }).nullish(),
});

/** A GitHub App's, in one organisation. */
export const installation = z.object({ id: id.pipe(z.string().regex(/^\d{1,20}$/, "must be a number")) });

export const installationToken = z.object({
  token: z.string().regex(/^[\x21-\x7e]+$/),
  expires_at: z.iso.datetime({ offset: true }),
});

const refusedRepositories = z
  .object({ cause: quotedString, repositories: list(id).default([]) })
  .transform(({ cause, repositories }) => ({
    said: [cause, ...repositories.slice(0, 10)].join(", "),
    repositories,
  }));

/** The body of an error answer. A refused call for a cluster has an object in the place of the message. */
export const errorBody = z.object({
  message: z.union([
    quotedString.transform((said) => ({ said, repositories: undefined })),
    refusedRepositories,
  ]),
  documentation_url: wellFormedString.optional().catch(undefined),
});
