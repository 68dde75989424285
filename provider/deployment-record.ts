import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { listDeploymentRecords, writeDeploymentRecord } from "./github/deployment-records";
import type { RecordBody, Records } from "./github/deployment-records";
import { ForbiddenError, MissingArtifactError, NotFoundError } from "./github/errors";
import type { RecordAnswer } from "./github/schemas";
import { checkInputs, propertyPath, UNKNOWN } from "./lifecycle/check";
import { diffInputs, observedAs } from "./lifecycle/diff";
import { ProviderError } from "./lifecycle/errors";
import * as fields from "./lifecycle/fields";
import type { Host } from "./lifecycle/host";
import { describeIdentity, formatId, identityFields, identityKey, parseId } from "./lifecycle/identity";
import type { DeploymentIdentity, IdentityField } from "./lifecycle/identity";
import { findRecord, laneOf, takenOver } from "./lifecycle/ownership";
import { compact, pick } from "./lifecycle/values";

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

/** What a read puts into the request's path. */
const inPath = inputs.pick({ org: true, digest: true });

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

export function deploymentRecordProvider(host: Host): pulumi.dynamic.ResourceProvider<Inputs, Outputs> {
  return {
    configure: async ({ config }) => host.configure(config),

    async check(_olds, news) {
      host.settings();
      const result = checkInputs(inputFields, news);
      const known = identityFields.every((field) => news[field] !== UNKNOWN);
      if (known && !result.failures?.length) host.claims.claim(identityKey(result.inputs as Inputs));
      return result as pulumi.dynamic.CheckResult<Inputs>;
    },

    async diff(id, olds, news) {
      return diffInputs(inputNames, identityFields, { ...olds, ...parseId(id) }, news);
    },

    async create(news) {
      const outs = await write(host, news, undefined);
      return { id: formatId(news), outs: outs ?? { ...outputsOf(news), status: "not recorded" } };
    },

    async update(_id, olds, news) {
      // Where GitHub knows no artifact and the user accepts that, the record stays as it was last written.
      return { outs: (await write(host, news, olds)) ?? outputsOf(olds) };
    },

    read: (id, props) => read(host, id, props as Partial<Inputs & Outputs>),

    delete: (id, props) => remove(host, id, props),
  };
}

// Private helpers

const isIdentity = (name: string) => (identityFields as readonly string[]).includes(name);
const outputNames = [
  ...inputNames.filter((name) => !isIdentity(name)),
  ...["recordId", "attestationId", "createdAt", "updatedAt"],
];
const inputsOf = (source: object) => pick(source, inputNames) as Inputs;
const outputsOf = (source: object) => pick(source, outputNames) as Outputs;

function bodyOf(record: Inputs, before?: Partial<Outputs>): RecordBody {
  return compact({
    name: record.name,
    digest: record.digest,
    version: record.version,
    status: record.status,
    logical_environment: record.logicalEnvironment,
    physical_environment: record.physicalEnvironment,
    cluster: record.cluster,
    deployment_name: record.deploymentName,
    // Nobody says whether GitHub keeps what an update leaves out: what is to go is sent as empty.
    tags: record.tags ?? (before?.tags ? {} : undefined),
    runtime_risks: record.runtimeRisks ?? (before?.runtimeRisks ? [] : undefined),
    github_repository: record.githubRepository,
  });
}

/** What no check has seen: what was unknown in the preview, and what `.get` is given. */
function checked<T>(schema: z.ZodType<T>, value: object): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) => `${propertyPath(path)} ${message}`);
  throw new ProviderError(`The deployment record is not valid: ${problems.join("; ")}.`);
}

/** Writes the record; undefined where GitHub knows no artifact and `onMissingArtifact` is `warn`. */
async function write(
  host: Host,
  news: Inputs,
  olds: Partial<Outputs> | undefined,
): Promise<Outputs | undefined> {
  const record = checked(inputs, inputsOf(news));
  host.claims.claim(identityKey(record));
  return host.lanes(laneOf(record), async () => {
    try {
      const answer = await writeDeploymentRecord(host.github(), record.org, bodyOf(record, olds));
      return { ...outputsOf(record), ...written(host, record, answer) };
    } catch (error) {
      acceptMissing(
        host,
        error,
        `${describeIdentity(record)} was not written; the next pulumi up tries again`,
      );
      return undefined;
    }
  });
}

/** A warning in the place of the error, where GitHub knows no artifact and the user accepts that. */
function acceptMissing(host: Host, error: unknown, what: string): void {
  const accepted = error instanceof MissingArtifactError && host.settings().onMissingArtifact === "warn";
  if (!accepted) throw error;
  host.warn(`The ${what}. ${error.message}`);
}

/** What GitHub says of the record that was just written. An answer about another record is not taken for ours. */
function written(host: Host, record: Inputs, { records, date }: Records): Partial<Outputs> {
  const own = findRecord(record, records);
  if (own === undefined || own.digest !== record.digest) {
    const other = records[0];
    host.warn(
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
async function read(host: Host, id: string, props: Partial<Inputs & Outputs>): Promise<Reading> {
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
  checked(inPath, { ...identity, ...known });
  const live = await look(host, identity, known.digest, isGet ? undefined : "the state is kept as it is");
  if (live === undefined && isGet) {
    throw new ProviderError(
      `GitHub lists no ${describeIdentity(identity)} for digest ${known.digest}. Check the ID, the digest, and ` +
        `that the token may read "Artifact metadata" of ${identity.org}.`,
    );
  }
  const outputs = live === "not allowed" ? known : withDrift(known, live);
  // A program that reads a record with `.get` knows its identity from here alone.
  const shown = isGet || props.org !== undefined ? { ...identity, ...outputs } : outputs;
  return { id, props: shown, inputs: inputsOf({ ...identity, ...outputs }) };
}

/** The state, as far as what GitHub lists does not contradict it. */
function withDrift(known: Outputs, live: RecordAnswer | undefined): Outputs {
  if (live === undefined) return known.status === "deployed" ? { ...known, status: "not listed" } : known;
  return compact({
    ...known,
    ...observed(live),
    status: known.status === "not listed" ? "deployed" : (known.status ?? "deployed"),
    tags: observedAs("tags", known.tags, live.tags),
    runtimeRisks: observedAs("runtimeRisks", known.runtimeRisks, live.runtime_risks),
    updatedAt: known.updatedAt ?? live.updated_at,
  });
}

/**
 * The live record, or that the token may not see it (then nothing is concluded from its absence). `so` says what
 * follows then; without it, that is an error.
 */
async function look(host: Host, identity: DeploymentIdentity, digest: string, so: string | undefined) {
  try {
    const { records } = await listDeploymentRecords(host.github(), identity.org, digest);
    return findRecord(identity, records);
  } catch (error) {
    if (error instanceof MissingArtifactError) return undefined;
    const hidden = error instanceof ForbiddenError || error instanceof NotFoundError;
    if (!hidden || so === undefined) throw error;
    host.warn(`The records of ${identity.org} cannot be read, so ${so}: ${error.message}`);
    return "not allowed" as const;
  }
}

async function remove(host: Host, id: string, props: Outputs): Promise<void> {
  const identity = parseId(id);
  const key = identityKey(identity);
  await host.lanes(laneOf(identity), async () => {
    // Decided here, just before it is sent: whatever was to be written before this has been written.
    const declared = host.claims.claimed(key);
    if (declared || props.status === "decommissioned" || props.status === "not recorded") return;
    if (host.settings().verifyOwnership) {
      const live = await look(
        host,
        identity,
        props.digest,
        "it is not known whether another writer took over what is decommissioned",
      );
      const reason = live === "not allowed" ? undefined : takenOver(identity, live, props.updatedAt);
      if (reason !== undefined) return host.warn(reason);
    }
    const record = { ...inputsOf({ ...props, ...identity }), status: "decommissioned" as const };
    try {
      await writeDeploymentRecord(host.github(), identity.org, bodyOf(record));
      host.claims.claim(key);
    } catch (error) {
      acceptMissing(host, error, `${describeIdentity(identity)} was not decommissioned`);
    }
  });
}
