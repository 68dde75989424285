import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { listDeploymentRecords } from "../github/deployment-records";
import type { Written } from "../github/deployment-records";
import type { RecordAnswer } from "../github/schemas";
import { clearing, toEntry } from "../github/wire";
import { needsAttestation } from "../lifecycle/needs-attestation";
import { checked, checkInputs, UNKNOWN } from "../lifecycle/check";
import { diffInputs } from "../lifecycle/diff";
import { observeDeployment } from "./drift";
import { ProviderError } from "../runtime/errors";
import * as fields from "../lifecycle/fields";
import type { RunContext } from "../lifecycle/run-context";
import { describeIdentity, findRecord, formatId, identityFields, identityKey, parseId } from "./identity";
import { createBatchedWrite } from "./batched-write";
import type { BatchedWrite } from "./batched-write";
import type { IdentityField } from "./identity";
import { acceptMissing } from "../lifecycle/missing-artifact";
import { listIfAllowed } from "../lifecycle/removal";
import { compact, pick } from "../runtime/values";

// Inputs

const inputFields = {
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
 * What the state keeps beside the inputs and the ID. The identity is not repeated: the ID holds it, and a program
 * gets it from its own inputs (docs/decisions/0003-state.md). `status` is also what was observed.
 */
export type Outputs = Omit<Inputs, IdentityField | "status"> & {
  status: Inputs["status"] | "not listed" | "not recorded";
  recordId?: string;
  attestationId?: string;
  createdAt?: string;
  /** When this resource last wrote the record, by GitHub's clock. A refresh does not move it (ownership). */
  updatedAt?: string;
};

interface Reading {
  id: string;
  props: Outputs;
  inputs: Inputs;
}

// Life cycle

export function deploymentRecordProvider(run: RunContext): pulumi.dynamic.ResourceProvider<Inputs, Outputs> {
  const context: RecordContext = { ...run, batchedWrite: createBatchedWrite(run) };
  return {
    configure: async ({ config }) => context.configure(config),

    async check(olds, news) {
      const { verifyArtifacts } = context.settings();
      const result = checkInputs(inputFields, news) as pulumi.dynamic.CheckResult<Inputs>;
      const known = identityFields.every((field) => news[field] !== UNKNOWN);
      if (!known || !result.inputs || result.failures?.length) return result;
      const { inputs } = result;
      context.claims.claim(identityKey(inputs));
      if (verifyArtifacts && needsAttestation(olds, inputs))
        await context.verifyArtifacts([
          { org: inputs.org, digest: inputs.digest, what: describeIdentity(inputs) },
        ]);
      return result;
    },

    async diff(id, olds, news) {
      return diffInputs(inputNames, identityFields, { ...olds, ...parseId(id) }, news);
    },

    async create(news) {
      const outs = await write(context, news, undefined);
      return { id: formatId(news), outs: outs ?? { ...outputsOf(news), status: "not recorded" } };
    },

    async update(_id, olds, news) {
      // Where GitHub knows no artifact and the user accepts that, the record stays as it was last written.
      return { outs: (await write(context, news, olds)) ?? outputsOf(olds) };
    },

    read: (id, props) => read(context, id, props as Partial<Inputs & Outputs>),

    delete: (id, props) => remove(context, id, props),
  };
}

// Private helpers

interface RecordContext extends RunContext {
  /** Writes one record, together with others that wait. */
  batchedWrite: BatchedWrite;
}

const isIdentity = (name: string) => (identityFields as readonly string[]).includes(name);
const outputNames = [
  ...inputNames.filter((name) => !isIdentity(name)),
  ...["recordId", "attestationId", "createdAt", "updatedAt"],
];
const inputsOf = (source: object) => pick(source, inputNames) as Inputs;
const outputsOf = (source: object) => pick(source, outputNames) as Outputs;

/** Writes the record; undefined where GitHub knows no artifact and `onMissingArtifact` is `warn`. */
async function write(
  context: RecordContext,
  news: Inputs,
  olds: Partial<Outputs> | undefined,
): Promise<Outputs | undefined> {
  const record = checked("deployment record", inputs, inputsOf(news));
  context.claims.claim(identityKey(record));
  try {
    const write = {
      github: context.github(),
      identity: record,
      entry: toEntry(record.deploymentName, record, olds),
    };
    const first = await context.batchedWrite(write);
    const cleared = clearing(write.entry, ownOf(record, first));
    const answer = cleared ? await context.batchedWrite({ ...write, entry: cleared }) : first;
    // The record stays the same one, also where a thin answer does not say which.
    const before = pick(olds ?? {}, ["recordId", "createdAt"]);
    return { ...before, ...outputsOf(record), ...written(context, record, answer) };
  } catch (error) {
    const what = `${describeIdentity(record)} was not written; the next pulumi up tries again`;
    acceptMissing(context, error, what);
    return undefined;
  }
}

/** An answer about another record is not taken for ours. */
function ownOf(record: Inputs, { records }: Pick<Written, "records">): RecordAnswer | undefined {
  const own = findRecord(record, records);
  return own?.digest === record.digest ? own : undefined;
}

/** What GitHub says of the record that was just written. */
function written(context: RunContext, record: Inputs, { records, date }: Written): Partial<Outputs> {
  const own = ownOf(record, { records });
  if (own === undefined) {
    const other = records[0];
    context.warn(
      `GitHub accepted the ${describeIdentity(record)}, but its answer ` +
        (other === undefined
          ? "holds no record"
          : `names deployment "${other.deployment_name}" with digest ${other.digest}`) +
        "; that record's id and times are not taken for ours.",
    );
    return compact({ updatedAt: date });
  }
  return compact({ ...observed(own), updatedAt: own.updated_at ?? date });
}

const observed = (record: RecordAnswer) => ({
  recordId: record.id,
  attestationId: record.attestation_id,
  createdAt: record.created_at,
});

/**
 * An absent record is drift, not gone: lists are by digest, leave out what the token may not see, and may hide
 * what is decommissioned. It stays in the state, and the next `up` writes it again.
 */
async function read(context: RunContext, id: string, props: Partial<Inputs & Outputs>): Promise<Reading> {
  const identity = parseId(id);
  const known = outputsOf(props);
  // What this provider wrote has the time of the write; what `.get` was given has not.
  const isGet = known.updatedAt === undefined && known.status !== "not recorded";
  if (known.digest === undefined) {
    throw new ProviderError(
      `The ${describeIdentity(identity)} cannot be read without its digest: GitHub lists records by digest. ` +
        `Give it as state: DeploymentRecord.get(name, id, { digest }).`,
    );
  }
  checked("deployment record", fields.inPath, { ...identity, ...known });
  const { digest } = known;
  const github = context.github();
  const consequence = isGet ? undefined : "the state is kept as it is";
  const list = () => listDeploymentRecords(github, identity.org, digest);
  const listed = await listIfAllowed(context, identity.org, consequence, list);
  const live = listed && findRecord(identity, listed);
  if (listed && live === undefined && isGet) {
    throw new ProviderError(
      `GitHub lists no ${describeIdentity(identity)} for digest ${known.digest}. Check the ID, the digest, and ` +
        `that the token may read "Artifact metadata" of ${identity.org}.`,
    );
  }
  const outputs = listed === undefined ? known : observe(known, live);
  // A program that reads a record with `.get` knows its identity from here alone.
  const shown = isGet || props.org !== undefined ? { ...identity, ...outputs } : outputs;
  return { id, props: shown, inputs: inputsOf({ ...identity, ...outputs }) };
}

const observe = (known: Outputs, live: RecordAnswer | undefined): Outputs => ({
  ...observeDeployment(known, live),
  ...(live && compact({ ...observed(live), updatedAt: known.updatedAt ?? live.updated_at })),
});

async function remove(context: RecordContext, id: string, props: Outputs): Promise<void> {
  if (props.status === "not recorded") return;
  const identity = parseId(id);
  const record = { ...outputsOf(props), status: "decommissioned" as const };
  const entry = toEntry(identity.deploymentName, record);
  const removes = { ownWrite: props.updatedAt, already: props.status === "decommissioned" };
  try {
    await context.batchedWrite({ github: context.github(), identity, entry, removes });
  } catch (error) {
    acceptMissing(context, error, `${describeIdentity(identity)} was not decommissioned`);
  }
}
