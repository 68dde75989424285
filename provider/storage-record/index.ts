import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { GitHubClient } from "../github/client";
import type { StorageAnswer } from "../github/schemas";
import { listStorageRecords, toStorageBody, writeStorageRecord } from "../github/storage-records";
import { needsAttestation } from "../lifecycle/needs-attestation";
import { checked, checkInputs, holdsUnknown } from "../lifecycle/check";
import { diffInputs } from "../lifecycle/diff";
import { ProviderError } from "../runtime/errors";
import * as fields from "../lifecycle/fields";
import type { RunContext } from "../lifecycle/run-context";
import { acceptMissing } from "../lifecycle/missing-artifact";
import { listIfAllowed, removable } from "../lifecycle/removal";
import {
  describeStorage,
  findStorage,
  formatStorageId,
  parseStorageId,
  storageIdentity,
  storageKey,
  storageLane,
} from "./identity";
import type { StorageIdentity } from "./identity";
import { compact, pick } from "../runtime/values";

// Inputs

const inputFields = {
  org: fields.org,
  name: fields.artifactName,
  digest: fields.digest,
  version: fields.version.optional(),
  registryUrl: fields.registryUrl,
  artifactUrl: fields.artifactUrl.optional(),
  path: fields.path.optional(),
  repository: fields.repository.optional(),
  status: fields.storageStatus.default("active"),
  githubRepository: fields.githubRepository.optional(),
  onDelete: z.enum(["deleted", "eol"], 'must be "deleted" or "eol"').default("deleted"),
};
const inputNames = Object.keys(inputFields) as (keyof Inputs)[];
const inputs = z.object(inputFields);
export type Inputs = z.infer<typeof inputs>;

// Outputs

/** What the state keeps beside the inputs and the ID, which holds the identity. `status` is also what was observed. */
export type Outputs = Omit<Inputs, keyof StorageIdentity | "status"> & {
  status: Inputs["status"] | "not listed" | "not recorded";
  recordId?: string;
  createdAt?: string;
  /** When this resource last wrote the record, by GitHub's clock. A refresh does not move it (ownership). */
  updatedAt?: string;
};

// Life cycle

export function storageRecordProvider(context: RunContext): pulumi.dynamic.ResourceProvider<Inputs, Outputs> {
  return {
    configure: async ({ config }) => context.configure(config),

    async check(olds, news) {
      const { verifyArtifacts } = context.settings();
      const result = checkInputs(inputFields, news) as pulumi.dynamic.CheckResult<Inputs>;
      const known = !holdsUnknown(storageIdentity.map((field) => news[field]));
      if (!known || !result.inputs || result.failures?.length) return result;
      const { inputs } = result;
      context.claims.claim(storageKey(inputs));
      if (verifyArtifacts && needsAttestation(olds, inputs))
        await context.verifyArtifacts([
          { org: inputs.org, digest: inputs.digest, what: describeStorage(inputs) },
        ]);
      return result;
    },

    async diff(id, olds, news) {
      return diffInputs(inputNames, storageIdentity, { ...olds, ...parseStorageId(id) }, news);
    },

    async create(news) {
      const id = formatStorageId(news);
      const outs = await write(context, context.github(), news);
      return { id, outs: outs ?? { ...outputsOf(news), status: "not recorded" } };
    },

    async update(id, olds, news) {
      // What removal is to write is nothing that GitHub keeps.
      const recorded = inputNames.filter((name) => name !== "onDelete");
      const { changes } = diffInputs(recorded, storageIdentity, { ...olds, ...parseStorageId(id) }, news);
      if (!changes && olds.onDelete !== news.onDelete)
        return { outs: { ...outputsOf(olds), onDelete: news.onDelete } };
      return {
        outs: (await write(context, context.github(), { ...news, ...parseStorageId(id) })) ?? outputsOf(olds),
      };
    },

    read: (id, props) => read(context, id, props as Partial<Outputs & StorageIdentity>),

    delete: (id, props) => remove(context, id, props),
  };
}

// Private helpers

const outputNames = [
  ...inputNames.filter((name) => !(storageIdentity as readonly string[]).includes(name)),
  ...["recordId", "createdAt", "updatedAt"],
];
const outputsOf = (source: object) => pick(source, outputNames) as Outputs;
const inputsOf = (source: object) => pick(source, inputNames) as Inputs;

/**
 * Writes the record, also one that is there already as declared: only a write tells another stack, which wrote it
 * before, that it has been taken over. Undefined where GitHub knows no artifact and `onMissingArtifact` is `warn`.
 */
async function write(context: RunContext, github: GitHubClient, news: Inputs): Promise<Outputs | undefined> {
  const record = checked("storage record", inputs, inputsOf(news));
  context.claims.claim(storageKey(record));
  return context.queue(storageLane(record), async () => {
    try {
      const { records, date } = await writeStorageRecord(github, record.org, toStorageBody(record));
      const own = findStorage(record, records);
      if (own === undefined) {
        const named = records[0]
          ? `names "${records[0].name}" at ${records[0].registry_url}`
          : "holds no record";
        context.warn(
          `GitHub accepted the ${describeStorage(record)}, but its answer ${named}; that record's id and times are not taken for ours.`,
        );
      }
      return {
        ...outputsOf(record),
        ...(own && observed(own)),
        ...compact({ updatedAt: own?.updated_at ?? date }),
      };
    } catch (error) {
      acceptMissing(
        context,
        error,
        `${describeStorage(record)} was not written; the next pulumi up tries again`,
      );
      return undefined;
    }
  });
}

const observed = (record: StorageAnswer) => compact({ recordId: record.id, createdAt: record.created_at });

/** An absent record is drift, not gone: a list leaves out what the token may not see. */
async function read(
  context: RunContext,
  id: string,
  props: Partial<Outputs & StorageIdentity>,
): Promise<pulumi.dynamic.ReadResult<Outputs>> {
  const github = context.github();
  const identity = parseStorageId(id);
  const known = outputsOf(props);
  const isGet = known.updatedAt === undefined && known.status !== "not recorded";
  checked("storage record", fields.inPath, identity);
  const consequence = isGet ? undefined : "the state is kept as it is";
  const listed = await listIfAllowed(context, identity.org, consequence, () =>
    listStorageRecords(github, identity.org, identity.digest),
  );
  const live = listed && findStorage(identity, listed);
  if (listed && live === undefined && isGet) {
    throw new ProviderError(
      `GitHub lists no ${describeStorage(identity)} for digest ${identity.digest}. Check the ID, and that the token may ` +
        `read "Artifact metadata" of ${identity.org} and the repository that the artifact comes from.`,
    );
  }
  const outputs = listed === undefined ? known : observe(known, live);
  const shown = isGet || props.org !== undefined ? { ...identity, ...outputs } : outputs;
  // Pulumi's type has the outputs' type here; what it takes is inputs.
  return { id, props: shown, inputs: inputsOf({ ...identity, ...outputs }) as object as Outputs };
}

function observe(known: Outputs, live: StorageAnswer | undefined): Outputs {
  if (live === undefined) return known.status === "not recorded" ? known : { ...known, status: "not listed" };
  return compact({
    ...known,
    ...observed(live),
    // Where the answer has no status, nothing contradicts what was declared.
    status: (live.status as Outputs["status"] | undefined) ?? known.status,
    updatedAt: known.updatedAt ?? live.updated_at,
  });
}

async function remove(context: RunContext, id: string, props: Outputs): Promise<void> {
  if (props.status === "not recorded") return;
  const isRemoved = (status: string | undefined) => status === props.onDelete || status === "deleted";
  const github = context.github();
  const identity = parseStorageId(id);
  const removal = {
    what: describeStorage(identity),
    key: storageKey(identity),
    digest: identity.digest,
    ownWrite: props.updatedAt,
    already: isRemoved(props.status),
  };
  await context.queue(storageLane(identity), async () => {
    const list = (digest: string) => listStorageRecords(github, identity.org, digest);
    const ours = await removable(context, identity.org, [removal], list, ({ already }, listed) => {
      const live = findStorage(identity, listed);
      return already && isRemoved(live?.status) ? undefined : live;
    });
    if (ours.length === 0) return;
    const record = { ...inputsOf({ ...props, ...identity }), status: props.onDelete };
    try {
      await writeStorageRecord(github, identity.org, toStorageBody(record));
      context.claims.claim(removal.key);
    } catch (error) {
      acceptMissing(context, error, `${describeStorage(identity)} was not removed`);
    }
  });
}
