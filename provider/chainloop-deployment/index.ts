import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { knownStatus, writeDeployment } from "../chainloop/deployments";
import type { ChainloopStatus, ChainloopWritten } from "../chainloop/deployments";
import type { ChainloopAnswer } from "../chainloop/schemas";
import * as own from "./fields";
import {
  chainloopIdentity,
  chainloopKey,
  describeChainloop,
  formatChainloopId,
  isDeploymentOf,
  parseChainloopId,
  writtenAt,
} from "./identity";
import type { ChainloopIdentity } from "./identity";
import { isRemovable, liveIfAllowed } from "./removal";
import { checked, checkInputs, holdsUnknown } from "../lifecycle/check";
import { diffInputs } from "../lifecycle/diff";
import { ProviderError } from "../runtime/errors";
import * as fields from "../lifecycle/fields";
import type { RunContext } from "../lifecycle/run-context";
import { compact, pick } from "../runtime/values";

// Inputs

const inputFields = {
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

/** What the state keeps beside the ID, which holds the identity. `status` is also what was observed. */
export type Outputs = Omit<Inputs, keyof ChainloopIdentity | "status"> & {
  status: ChainloopStatus | "not listed";
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

    async check(_olds, news) {
      context.chainloopSettings();
      const result = checkInputs(inputFields, news) as pulumi.dynamic.CheckResult<Inputs>;
      const known = !holdsUnknown(chainloopIdentity.map((field) => news[field]));
      if (known && result.inputs && !result.failures?.length)
        context.claims.claim(chainloopKey(result.inputs));
      return result;
    },

    async diff(id, olds, news) {
      return diffInputs(inputNames, chainloopIdentity, { ...olds, ...parseChainloopId(id) }, news);
    },

    create: async (news) => ({ id: formatChainloopId(news), outs: await write(context, news) }),

    update: async (id, _olds, news) => ({ outs: await write(context, { ...news, ...parseChainloopId(id) }) }),

    read: (id, props) => read(context, id, props as Partial<Outputs & ChainloopIdentity>),

    delete: (id, props) => remove(context, id, props),
  };
}

// Private helpers

const outputNames = [
  ...inputNames.filter((name) => !(chainloopIdentity as readonly string[]).includes(name)),
  ...["recordId", "artifactId", "environmentId", "createdAt", "updatedAt", "lastSeenAt"],
];
const outputsOf = (source: object) => pick(source, outputNames) as Outputs;
const inputsOf = (source: object) => pick(source, inputNames) as Inputs;

/** Writes the deployment; Chainloop marks one of another digest as superseded. */
async function write(context: RunContext, news: Inputs): Promise<Outputs> {
  const client = context.chainloop();
  const record = checked("Chainloop deployment", inputs, inputsOf(news));
  const key = chainloopKey(record);
  context.claims.claim(key);
  return context.queue(key, async () => {
    const answer = await writeDeployment(client, record, "DEPLOYED");
    return { ...outputsOf(record), ...written(context, record, answer) };
  });
}

/** What Chainloop says of the record that was just written. An answer about another record is not taken for ours. */
function written(
  context: RunContext,
  record: Inputs,
  { record: answer, date }: ChainloopWritten,
): Partial<Outputs> {
  const isOwn = answer && isDeploymentOf(record, answer) && answer.artifact.digest === record.artifactDigest;
  if (isOwn)
    return compact({
      ...observed(answer),
      status: knownStatus(answer) ?? record.status,
      updatedAt: writtenAt(answer) ?? date,
    });
  const named = answer
    ? `names deployment "${answer.deployment_name}" with digest ${answer.artifact.digest}`
    : "holds no record";
  context.warn(
    `Chainloop accepted the ${describeChainloop(record)}, but its answer ${named}; that record's id and times are not ` +
      `taken for ours.`,
  );
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

/** An absent record is drift, not gone: a list may leave out what the token may not see. The next `up` writes it again. */
async function read(
  context: RunContext,
  id: string,
  props: Partial<Outputs & ChainloopIdentity>,
): Promise<pulumi.dynamic.ReadResult<Outputs>> {
  const client = context.chainloop();
  const identity = parseChainloopId(id);
  checked("Chainloop deployment", z.object({ kind: own.kind }), identity);
  const known = outputsOf(props);
  const isGet = known.updatedAt === undefined;
  const consequence = isGet ? undefined : "the state is kept as it is";
  const listed = await liveIfAllowed(context, client, identity, consequence);
  const live = listed?.[0];
  if (listed && live === undefined && isGet) {
    throw new ProviderError(
      `Chainloop lists no ${describeChainloop(identity)}. Check the ID, and that the token may read the deployments of ` +
        `this environment.`,
    );
  }
  const outputs = listed === undefined ? known : observe(known, live);
  // A program that reads a record with `.get` knows its identity from here alone.
  const shown = isGet || props.environmentName !== undefined ? { ...identity, ...outputs } : outputs;
  // Pulumi's type has the outputs' type here; what it takes is inputs.
  return { id, props: shown, inputs: inputsOf({ ...identity, ...outputs }) as object as Outputs };
}

/**
 * The state, as far as what Chainloop lists does not contradict it. Of the same digest, its name and version there are
 * another writer's too: an artifact has one entry, whoever deploys it.
 */
function observe(known: Outputs, live: ChainloopAnswer | undefined): Outputs {
  if (live === undefined) return { ...known, status: "not listed" };
  const { name, version, digest } = live.artifact;
  const artifact =
    digest === known.artifactDigest
      ? pick(known, ["artifactName", "artifactVersion"])
      : { artifactName: name, artifactVersion: version || undefined };
  // A status that is not known here says nothing.
  const stated = known.status === "not listed" ? "DEPLOYED" : (known.status ?? "DEPLOYED");
  return compact({
    ...{ ...artifact, artifactDigest: digest, status: knownStatus(live) ?? stated },
    ...observed(live),
    updatedAt: known.updatedAt ?? live.updated_at,
  } as Outputs);
}

async function remove(context: RunContext, id: string, props: Outputs): Promise<void> {
  const client = context.chainloop();
  const identity = parseChainloopId(id);
  const key = chainloopKey(identity);
  await context.queue(key, async () => {
    const { artifactDigest: digest, updatedAt: ownWrite } = props;
    if (!(await isRemovable(context, client, { identity, digest, ownWrite }))) return;
    // Nothing is claimed by it: it concerns this digest alone, and another resource may have another one to remove.
    await writeDeployment(client, { ...inputsOf(props), ...identity }, "DECOMMISSIONED");
  });
}
