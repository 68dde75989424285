import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { writeDeployment } from "../chainloop/deployments";
import type { ChainloopWritten } from "../chainloop/deployments";
import type { ChainloopAnswer } from "../chainloop/schemas";
import { knownStatus } from "../chainloop/statuses";
import type { ChainloopStatus } from "../chainloop/statuses";
import { parseOrThrow } from "../lifecycle/check";
import { checkResource } from "../lifecycle/check-resource";
import { createRecord } from "../lifecycle/create-record";
import { diffResource } from "../lifecycle/diff-resource";
import * as fields from "../lifecycle/fields";
import { readResource } from "../lifecycle/read-resource";
import type { RunContext } from "../lifecycle/run-context";
import { updateRecord } from "../lifecycle/update-record";
import { warnOfOtherRecord } from "../lifecycle/warn-of-other-record";
import { isNotRecorded, writeDeclared } from "../lifecycle/write-declared";
import { writable } from "../lifecycle/writable";
import { compact, pick } from "../runtime/values";
import * as own from "./fields";
import { chainloopIdentity, isDeploymentOf, ownerOf, writtenAt } from "./identity";
import type { ChainloopIdentity } from "./identity";
import { liveIfAllowed } from "./live";
import { remove } from "./removal";

// Inputs

export const inputFields = {
  environmentName: own.environmentName,
  deploymentName: own.deploymentName,
  kind: own.kind.default("CONTAINER_IMAGE"),
  artifactName: own.artifactName,
  artifactVersion: own.artifactVersion.optional(),
  artifactDigest: fields.digest,
  status: own.declaredStatus.default("DEPLOYED"),
};
const inputNames = Object.keys(inputFields) as (keyof Inputs)[];
const inputs = z.object(inputFields);

export type Inputs = z.infer<typeof inputs>;

// Outputs

/** The inputs, with what Chainloop said of the record. `status` is also what was observed. */
export type Outputs = Omit<Inputs, keyof ChainloopIdentity | "status"> &
  Partial<ChainloopIdentity> & {
    status: ChainloopStatus | "not listed" | "not recorded";
    recordId?: string;
    artifactId?: string;
    environmentId?: string;
    createdAt?: string;
    /** When this resource last wrote the record, by Chainloop's clock. A refresh does not move it (ownership). */
    updatedAt?: string;
    lastSeenAt?: string;
  };

// Life cycle

export function chainloopDeploymentProvider(
  context: RunContext,
): pulumi.dynamic.ResourceProvider<Inputs, Outputs> {
  return {
    configure: async ({ config }) => context.configure(config),

    async check(olds, news) {
      // A wrong configuration fails here, in the preview.
      context.chainloopSettings();
      return checkResource(context, checks, olds, news);
    },

    async diff(id, olds, news) {
      return diffResource(context, { identity: chainloopIdentity, fields: inputFields }, { id, olds, news });
    },

    create: (news) => create(context, news),

    async update(id, olds, news) {
      const write = () => writeRecord(context, { ...news, ...chainloopIdentity.parse(id) }, olds);
      return {
        outs: await updateRecord(context, { identity: chainloopIdentity, id, olds, news, write }),
      };
    },

    read: (id, props = {} as Outputs) => read(context, id, props),

    delete: async (id, props) =>
      remove(context, { identity: chainloopIdentity.parse(id), props, deploymentOf: inputsOf }),
  };
}

// Private helpers

const checks = {
  fields: inputFields,
  identity: chainloopIdentity,
  keysOf: (inputs: Inputs): string[] => [chainloopIdentity.key(inputs)],
  noteArtifacts: (
    artifacts: RunContext["artifacts"],
    { artifactDigest: digest, artifactName: name, artifactVersion: version, kind }: Inputs,
  ) => artifacts.declare(ownerOf(kind), { digest, name, version }),
};

export const observedNames = [
  "recordId",
  "artifactId",
  "environmentId",
  "createdAt",
  "updatedAt",
  "lastSeenAt",
];
const outputNames = [...inputNames, ...observedNames];
const inputsOf = (source: object) => pick(source, inputNames) as Inputs;
/** What is sent in the place of what a refresh found and nobody can write. */
const writableOf = (news: object) => writable(inputFields, chainloopIdentity.fields, inputsOf(news));
const outputsOf = (source: object) => pick(source, outputNames) as Outputs;

async function create(context: RunContext, news: Inputs): Promise<pulumi.dynamic.CreateResult<Outputs>> {
  const write = () => writeRecord(context, news, undefined);
  return createRecord(context, { identity: chainloopIdentity, news, write });
}

/** Writes the deployment; Chainloop marks one of another digest as superseded. */
async function writeRecord(context: RunContext, news: Inputs, olds: Outputs | undefined): Promise<Outputs> {
  const client = context.chainloop();
  // The check did not see values that were unknown then.
  const record = parseOrThrow("Chainloop deployment", inputs, olds ? writableOf(news) : inputsOf(news));
  const key = chainloopIdentity.key(record);
  const write = () =>
    context.queue(key, async () => {
      const answer = await writeDeployment(client, { deployment: record, status: "DEPLOYED" });
      return { ...outputsOf(record), ...written(context, record, answer) };
    });
  return (await writeDeclared(context, { key, olds, writable: writableOf, write })) as Outputs;
}

/** What Chainloop says of the record that was just written. An answer about another record is not taken for ours. */
function written(
  context: RunContext,
  record: Inputs,
  { record: answer, date }: ChainloopWritten,
): Partial<Outputs> {
  const isOwn = answer && isDeploymentOf(record, answer) && answer.artifact.digest === record.artifactDigest;
  if (isOwn) {
    const status = knownStatus(answer) ?? record.status;
    return compact({ ...observed(answer), status, updatedAt: writtenAt(answer) ?? date });
  }
  warnOfOtherRecord(context, {
    api: "Chainloop",
    accepted: `the ${chainloopIdentity.describe(record)}`,
    named: answer && `deployment "${answer.deployment_name}" with digest ${answer.artifact.digest}`,
  });
  return compact({ updatedAt: date });
}

const observed = (record: ChainloopAnswer) =>
  compact({
    recordId: record.id,
    artifactId: record.artifact_id,
    environmentId: record.environment_id,
    createdAt: record.created_at,
    lastSeenAt: record.last_seen_at,
  });

async function read(
  context: RunContext,
  id: string,
  props: object,
): Promise<pulumi.dynamic.ReadResult<Outputs>> {
  const client = context.chainloop();
  const known = outputsOf(props);
  return readResource(id, props, {
    identity: chainloopIdentity,
    isGet: known.updatedAt === undefined,
    async list(identity, consequence) {
      parseOrThrow("Chainloop deployment", z.object({ kind: own.kind }), identity);
      return liveIfAllowed(context, client, identity, consequence);
    },
    missing: (identity, listed) => (listed && listed.length === 0 ? notListed(identity) : undefined),
    observe: (_identity, listed) => (listed === undefined ? known : observe(known, listed[0])),
    inputsOf,
  });
}

const notListed = (identity: ChainloopIdentity) =>
  `Chainloop lists no ${chainloopIdentity.describe(identity)}. Check the ID, and that the token is allowed to read the deployments ` +
  `of this environment.`;

/**
 * The state, as far as what Chainloop lists does not contradict it. Of the same digest, its name and version there are
 * another writer's too: an artifact has one entry, whoever deploys it.
 */
function observe(known: Outputs, live: ChainloopAnswer | undefined): Outputs {
  // A write that may have been carried out stays to be done again.
  if (live === undefined) return isNotRecorded(known) ? known : { ...known, status: "not listed" };
  const { name, version, digest } = live.artifact;
  const artifact =
    digest === known.artifactDigest
      ? pick(known, ["artifactName", "artifactVersion"])
      : { artifactName: name, artifactVersion: version || undefined };
  // A status that is not known here says nothing.
  const stated = known.status === "not listed" ? "DEPLOYED" : (known.status ?? "DEPLOYED");
  return compact({
    ...pick(known, chainloopIdentity.fields),
    ...artifact,
    artifactDigest: digest,
    status: isNotRecorded(known) ? known.status : (knownStatus(live) ?? stated),
    ...observed(live),
    updatedAt: known.updatedAt ?? live.updated_at,
  } as Outputs);
}
