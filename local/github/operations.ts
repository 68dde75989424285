/** The operations: a request that is valid and permitted in, an answer out. */
import { type Answer, Refusal } from "./answer";
import { reach } from "./auth";
import { createComment, listComments, updateComment } from "./comments";
import {
  deploymentAnswer,
  listDeployments,
  type NamedInCall,
  retireOthers,
  writeDeployment,
} from "./deployments";
import type { Operation } from "./description";
import { createJob, findJob, jobAnswer, type Jobs, pollJob, runningJob } from "./jobs";
import { type Rejected, requireSource, resolveAll, type Scope } from "./sources";
import { attestationOf } from "./store";
import { listStorage, storageAnswer, writeStorage } from "./storage";
import type { ClusterBody, DeploymentBody, StorageBody } from "./types";

export interface Call extends Scope {
  jobs: Jobs;
  params: Record<string, string>;
  query: URLSearchParams;
  headers: Record<string, string>;
  /** Validated against the description. */
  body: unknown;
}

function answer(status: number, body: Record<string, unknown>): Answer {
  return { status, headers: {}, body };
}

function createDeployment(call: Call): Answer {
  const { store, org } = call;
  const body = call.body as DeploymentBody;
  const row = writeDeployment(store, org, body, body, requireSource(call, body));
  if (body.return_records === false) return answer(200, { total_count: 1 });
  return answer(200, { total_count: 1, deployment_records: [deploymentAnswer(store, row)] });
}

function rejections(rejected: Rejected[]): Record<string, unknown>[] {
  return rejected.map(({ cause, entry }) => ({
    cause,
    deployment: {
      name: entry.name,
      digest: entry.digest,
      deployment_name: entry.deployment_name,
      version: entry.version ?? null,
      status: entry.status ?? "deployed",
      github_repository: entry.github_repository ?? null,
      tags: entry.tags ?? {},
      runtime_risks: entry.runtime_risks ?? [],
    },
  }));
}

function setCluster(call: Call): Answer {
  const { store, org } = call;
  const body = call.body as ClusterBody;
  const { logical_environment, physical_environment } = body;
  const where = { logical_environment, physical_environment, cluster: call.params.cluster };
  const { accepted, rejected } = resolveAll(call, body.deployments, body.partial_success === true);
  const named: NamedInCall = new Set();
  const rows = accepted.map(({ entry, source }) => writeDeployment(store, org, where, entry, source, named));
  if (store.rules.leftOut === "retire") retireOthers(store, org, where, body);
  return answer(rejected.length > 0 ? 207 : 200, {
    total_count: rows.length,
    deployment_records:
      body.return_records === false ? undefined : rows.map((row) => deploymentAnswer(store, row)),
    errors: rejected.length > 0 ? rejections(rejected) : undefined,
  });
}

function startJob(call: Call): Answer {
  const { jobs, org, documentationUrl } = call;
  const body = call.body as ClusterBody;
  const cluster = call.params.cluster ?? "";
  if (runningJob(jobs, org, cluster))
    throw new Refusal(409, "A job is already in progress for this cluster.", { documentationUrl });
  const { accepted, rejected } = resolveAll(call, body.deployments, true);
  const { logical_environment, physical_environment } = body;
  const job = createJob(jobs, org, { logical_environment, physical_environment, cluster }, accepted);
  return answer(202, { job_id: job.id, errors: rejections(rejected) });
}

function getJob(call: Call): Answer {
  const { jobs, org, params, documentationUrl } = call;
  const job = findJob(jobs, org, params.cluster ?? "", params.job_id ?? "");
  if (job) pollJob(jobs, job);
  if (!job || job.status === "vanished") throw new Refusal(404, "Not Found", { documentationUrl });
  return answer(200, jobAnswer(job));
}

function createStorage(call: Call): Answer {
  const { store, org } = call;
  const body = call.body as StorageBody;
  const row = writeStorage(store, org, body, requireSource(call, body));
  if (body.return_records === false) return answer(200, { total_count: 1 });
  return answer(200, { total_count: 1, storage_records: [storageAnswer(store, row, "write")] });
}

function listOfDeployments({ store, org, params, caller }: Call): Answer {
  const readable = (repository: string) => reach(caller, repository) !== "none";
  const rows = listDeployments(store, org, params.subject_digest ?? "", readable);
  const records = rows.map((row) => deploymentAnswer(store, row));
  return answer(200, { total_count: rows.length, deployment_records: records });
}

function listOfStorage({ store, org, params, caller }: Call): Answer {
  const readable = (repository: string) => reach(caller, repository) !== "none";
  const rows = listStorage(store, org, params.subject_digest ?? "", readable);
  const records = rows.map((row) => storageAnswer(store, row, "list"));
  return answer(200, { total_count: rows.length, storage_records: records });
}

/** Only provenance attestations are declared here, and each of them once; what they hold is left out. */
function listAttestations({ store, org, params, query, caller }: Call): Answer {
  const asked = query.get("predicate_type") ?? "provenance";
  const attestation = attestationOf(store, org, params.subject_digest ?? "");
  const listed =
    attestation && asked === "provenance" && reach(caller, attestation.repository) !== "none" ? [BUNDLE] : [];
  return answer(200, { attestations: listed });
}

const PAGE = 30;

/** Each digest of the request, with its attestations or null; a page has so many attestations, in the digests' order. */
function listAttestationsBulk({ store, org, query, caller, body, headers, documentationUrl }: Call): Answer {
  const asked = body as { subject_digests: string[]; predicate_type?: string };
  const { subject_digests, predicate_type = "provenance" } = asked;
  const refuse = (message: string) => new Refusal(422, message, { documentationUrl });
  if (query.has("before")) throw refuse("This stand-in has the pages in their order alone");
  const size = Number(query.get("per_page") ?? PAGE);
  if (size < 1 || size > 100) throw refuse("per_page must be from 1 to 100");
  const digests = [...new Set(subject_digests)];
  const attested = digests.filter((digest) => {
    const attestation = attestationOf(store, org, digest);
    return attestation && predicate_type === "provenance" && reach(caller, attestation.repository) !== "none";
  });
  const start = positionOf(query.get("after"), attested.length);
  if (start === undefined) throw refuse("The cursor is not valid");
  const end = Math.min(attested.length, start + size);
  const withBundle = headers["x-github-api-version"] === "2022-11-28";
  const one = { ...(withBundle ? BUNDLE : {}), repository_id: 1, bundle_url: "https://bundles.example/1" };
  const missing = end === attested.length ? digests.filter((digest) => !attested.includes(digest)) : [];
  const listed = [
    ...attested.slice(start, end).map((digest) => [digest, [one]]),
    ...missing.map((digest) => [digest, null]),
  ];
  return answer(200, {
    attestations_subject_digests: Object.fromEntries(listed) as object,
    page_info: {
      has_next: end < attested.length,
      has_previous: start > 0,
      ...(end < attested.length ? { next: cursorAt(end) } : {}),
    },
  });
}

const cursorAt = (position: number): string => Buffer.from(`cursor:${position}`).toString("base64");

/** Only what this server gave out is a cursor. */
function positionOf(cursor: string | null, most: number): number | undefined {
  if (cursor === null) return 0;
  const position = Number(/^cursor:(\d+)$/.exec(Buffer.from(cursor, "base64").toString())?.[1]);
  return position <= most && cursorAt(position) === cursor ? position : undefined;
}

const BUNDLE = {
  bundle: {
    mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json",
    verificationMaterial: {},
    dsseEnvelope: {},
  },
};

export const perform: Record<Operation, (call: Call) => Answer> = {
  "create-artifact-deployment-record": createDeployment,
  "set-cluster-deployment-records": setCluster,
  "create-cluster-deployment-records-job": startJob,
  "get-cluster-deployment-records-job": getJob,
  "create-artifact-storage-record": createStorage,
  "list-artifact-deployment-records": listOfDeployments,
  "list-artifact-storage-records": listOfStorage,
  "list-attestations": listAttestations,
  "list-attestations-bulk": listAttestationsBulk,
  "list-comments": listComments,
  "create-comment": createComment,
  "update-comment": updateComment,
};
