import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { listDeploymentRecords } from "../github/deployment-records";
import type { RecordAnswer } from "../github/schemas";
import { toEntry } from "../github/wire";
import { parseOrThrow } from "../lifecycle/check";
import { checkResource } from "../lifecycle/check-resource";
import { createRecord } from "../lifecycle/create-record";
import { diffResource } from "../lifecycle/diff-resource";
import * as fields from "../lifecycle/fields";
import { acceptMissing } from "../lifecycle/missing-artifact";
import { needsAttestation } from "../lifecycle/needs-attestation";
import { readResource } from "../lifecycle/read-resource";
import { listIfAllowed } from "../lifecycle/removal";
import { updateRecord } from "../lifecycle/update-record";
import { isNotRecorded, unwritten, wasNeverWritten, writeDeclared } from "../lifecycle/write-declared";
import type { Candidate, RunContext } from "../lifecycle/run-context";
import { warnOfOtherRecord } from "../lifecycle/warn-of-other-record";
import { ProviderError } from "../runtime/errors";
import { writable } from "../lifecycle/writable";
import { compact, pick } from "../runtime/values";
import { createBatchedWrite, ownRecord } from "./batched-write";
import type { BatchedWrite } from "./batched-write";
import { observeDeployment } from "./drift";
import { deploymentIdentity, findRecord } from "./identity";
import type { DeploymentIdentity } from "./identity";
import { remove } from "./removal";
import type { BatchedAnswer } from "./send-batch";

// Inputs

export const inputFields = {
  org: fields.org,
  name: fields.artifactName,
  digest: fields.digest,
  version: fields.version.optional(),
  status: fields.deploymentStatus.default("deployed"),
  logicalEnvironment: fields.logicalEnvironment,
  physicalEnvironment: fields.physicalEnvironment.optional(),
  cluster: fields.cluster.optional(),
  deploymentName: fields.deploymentName,
  tags: fields.tags.optional(),
  runtimeRisks: fields.runtimeRisks.optional(),
  githubRepository: fields.githubRepository.optional(),
};
const inputNames = Object.keys(inputFields) as (keyof Inputs)[];
const inputs = z.object(inputFields);

export type Inputs = z.infer<typeof inputs>;

// Outputs

/**
 * The inputs, with what GitHub said of the record. `status` is also what was observed; a `.get` knows none. A state that
 * an earlier version wrote has no identity in its outputs: the ID holds it too.
 */
export type Outputs = Omit<Inputs, keyof DeploymentIdentity | "status"> &
  Partial<DeploymentIdentity> & {
    status?: Inputs["status"] | "not listed" | "not recorded";
    recordId?: string;
    attestationId?: string;
    createdAt?: string;
    /** When this resource last wrote the record, by GitHub's clock. A refresh does not move it (ownership). */
    updatedAt?: string;
  };

// Life cycle

export function deploymentRecordProvider(run: RunContext): pulumi.dynamic.ResourceProvider<Inputs, Outputs> {
  const context: RecordContext = { ...run, batchedWrite: createBatchedWrite(run) };
  return {
    configure: async ({ config }) => context.configure(config),

    async check(olds, news) {
      // A wrong configuration fails here, in the preview.
      context.settings();
      return checkResource(context, checks, olds, news);
    },

    async diff(id, olds, news) {
      return diffResource(context, { identity: deploymentIdentity, fields: inputFields }, { id, olds, news });
    },

    create: (news) => create(context, news),

    async update(id, olds, news) {
      const write = () => writeRecord(context, news, olds);
      const outs = await updateRecord(context, { identity: deploymentIdentity, id, olds, news, write });
      // Where GitHub has no artifact and the user accepts that, the record stays as it was last written.
      return { outs: outs ?? unwritten(outputsOf(olds), news) };
    },

    read: (id, props = {} as Outputs) => read(context, id, props),

    delete: (id, props) => remove(context, deploymentIdentity.parse(id), outputsOf(props)),
  };
}

// Private helpers

interface RecordContext extends RunContext {
  /** Writes one record, together with others that wait. */
  batchedWrite: BatchedWrite;
}

const checks = {
  fields: inputFields,
  identity: deploymentIdentity,
  keysOf: (inputs: Inputs): string[] => [deploymentIdentity.key(inputs)],
  noteArtifacts: (artifacts: RunContext["artifacts"], inputs: Inputs) =>
    artifacts.declare(inputs.org, inputs),
  candidates: (olds: Partial<Inputs>, inputs: Inputs): Candidate[] =>
    needsAttestation(olds, inputs)
      ? [
          {
            org: inputs.org,
            digest: inputs.digest,
            what: deploymentIdentity.describe(inputs),
            property: "digest",
          },
        ]
      : [],
};

export const observedNames = ["recordId", "attestationId", "createdAt", "updatedAt"];
const outputNames = [...inputNames, ...observedNames];
const inputsOf = (source: object) => pick(source, inputNames) as Inputs;
/** What is sent in the place of what a refresh found and nobody can write. */
const writableOf = (news: object) => writable(inputFields, deploymentIdentity.fields, inputsOf(news));
const outputsOf = (source: object) => pick(source, outputNames) as Outputs;

async function create(context: RecordContext, news: Inputs): Promise<pulumi.dynamic.CreateResult<Outputs>> {
  const write = () => writeRecord(context, news, undefined);
  const { id, outs } = await createRecord(context, { identity: deploymentIdentity, news, write });
  if (outs !== undefined) return { id, outs };
  const kept = context.declarations.takeKept(deploymentIdentity.key(news)) as Outputs | undefined;
  return { id, outs: { ...unwritten(kept ?? outputsOf(news), news), status: "not recorded" } };
}

/** Writes the record; undefined where GitHub has no artifact and `onMissingArtifact` is `warn`. */
async function writeRecord(
  context: RecordContext,
  news: Inputs,
  olds: Partial<Outputs> | undefined,
): Promise<Outputs | undefined> {
  // The check did not see values that were unknown then.
  const record = parseOrThrow("deployment record", inputs, olds ? writableOf(news) : inputsOf(news));
  const send = async () => {
    try {
      const entry = toEntry(record.deploymentName, record, olds);
      const answer = await context.batchedWrite({ github: context.github(), identity: record, entry });
      // The record stays the same one, also where a thin answer does not say which.
      const before = pick(olds ?? {}, ["recordId", "createdAt"]);
      return { ...before, ...outputsOf(record), ...written(context, record, answer) };
    } catch (error) {
      const what = `${deploymentIdentity.describe(record)} was not written; the next pulumi up tries again`;
      acceptMissing(context, error, what);
      return undefined;
    }
  };
  const key = deploymentIdentity.key(record);
  return writeDeclared(context, { key, content: record, olds, writable: writableOf, write: send });
}

/** What GitHub says of the record that was just written. */
function written(context: RunContext, record: Inputs, answer: BatchedAnswer): Partial<Outputs> {
  const { records, date } = answer;
  const own = ownRecord(record, answer);
  if (own !== undefined) return compact({ ...observed(own), updatedAt: own.updated_at ?? date });
  const [other] = records;
  warnOfOtherRecord(context, {
    api: "GitHub",
    accepted: `the ${deploymentIdentity.describe(record)}`,
    named: other && `deployment "${other.deployment_name}" with digest ${other.digest}`,
  });
  return compact({ updatedAt: date });
}

const observed = (record: RecordAnswer) => ({
  recordId: record.id,
  attestationId: record.attestation_id,
  createdAt: record.created_at,
});

async function read(
  context: RunContext,
  id: string,
  props: object,
): Promise<pulumi.dynamic.ReadResult<Outputs>> {
  const known = outputsOf(props);
  const { digest } = known;
  return readResource(id, props, {
    identity: deploymentIdentity,
    // What this provider wrote has the time of the write; what `.get` was given has not.
    isGet: known.updatedAt === undefined && !isNotRecorded(known),
    async list(identity, consequence) {
      if (digest === undefined) throw noDigest(identity);
      parseOrThrow("deployment record", fields.inPath, { ...identity, ...known });
      const github = context.github();
      const list = () => listDeploymentRecords(github, identity.org, digest);
      return listIfAllowed(context, identity.org, consequence, list);
    },
    missing: (identity, listed) =>
      listed && !findRecord(identity, listed) ? notListed(identity, digest) : undefined,
    observe: (identity, listed) =>
      listed === undefined ? known : observe(known, findRecord(identity, listed)),
    inputsOf,
  });
}

const noDigest = (identity: DeploymentIdentity) =>
  new ProviderError(
    `The ${deploymentIdentity.describe(identity)} cannot be read without its digest: GitHub lists records by digest. ` +
      `Give it as state: DeploymentRecord.get(name, id, { digest }).`,
  );

const notListed = (identity: DeploymentIdentity, digest: string) =>
  `GitHub lists no ${deploymentIdentity.describe(identity)} for digest ${digest}. Check the ID, the digest, and ` +
  `that the token is allowed to read "Artifact metadata" of ${identity.org}.`;

const observe = (known: Outputs, live: RecordAnswer | undefined): Outputs => ({
  ...observeDeployment(known, live),
  ...(live && compact({ ...observed(live), updatedAt: ownTime(known, live) })),
});

/** What was never written does not become ours where another writer has it. */
const ownTime = (known: Outputs, live: RecordAnswer) =>
  wasNeverWritten(known) ? undefined : (known.updatedAt ?? live.updated_at);
