import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { StorageAnswer } from "../github/schemas";
import { listStorageRecords, toStorageBody, writeStorageRecord } from "../github/storage-records";
import { parseOrThrow } from "../lifecycle/check";
import { checkResource } from "../lifecycle/check-resource";
import { diffInputs } from "../lifecycle/diff";
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
import { writable } from "../lifecycle/writable";
import { compact, pick } from "../runtime/values";
import { findStorage, storageIdentity, storageLane } from "./identity";
import type { StorageIdentity } from "./identity";
import { remove } from "./removal";
import type { StorageRemoval } from "./removal";

// Inputs

export const inputFields = {
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

/** The inputs, with what GitHub said of the record. `status` is also what was observed; a `.get` may know none. */
export type Outputs = Omit<Inputs, keyof StorageIdentity | "status"> &
  Partial<StorageIdentity> & {
    status?: Inputs["status"] | "not listed" | "not recorded";
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
      // A wrong configuration fails here, in the preview.
      context.settings();
      return checkResource(context, checks, olds, news);
    },

    async diff(id, olds, news) {
      return diffResource(context, { identity: storageIdentity, fields: inputFields }, { id, olds, news });
    },

    create: (news) => create(context, news),

    async update(id, olds, news) {
      const identity = storageIdentity.parse(id);
      const { changes } = diffInputs(
        recordedNames,
        storageIdentity.fields,
        { ...olds, ...identity },
        news,
        writableOf(news),
      );
      const { declarations } = context;
      const key = storageIdentity.key(identity);
      if (!changes && !declarations.isLost(key) && olds.onDelete !== news.onDelete) {
        declarations.begun(key);
        declarations.unchanged(key, writableOf(news));
        return { outs: { ...outputsOf(olds), onDelete: news.onDelete } };
      }
      // Written as the ID spells it, and shown as the program does: what did not change is not shown as a change.
      const write = () => writeRecord(context, { ...news, ...identity }, olds);
      const outs = await updateRecord(context, { identity: storageIdentity, id, olds, news, write });
      return {
        outs: outs ? { ...outs, ...pick(news, storageIdentity.fields) } : unwritten(outputsOf(olds), news),
      };
    },

    read: (id, props = {} as Outputs) => read(context, id, props),

    delete: (id, props) => remove(context, removalOf(id, props)),
  };
}

// Private helpers

const checks = {
  fields: inputFields,
  identity: storageIdentity,
  keysOf: (inputs: Inputs): string[] => [storageIdentity.key(inputs)],
  // Where a deployment names the artifact too, that counts.
  noteArtifacts: (artifacts: RunContext["artifacts"], inputs: Inputs) => {
    if (artifacts.of(inputs.org, inputs) === undefined) artifacts.declare(inputs.org, inputs);
  },
  candidates: (olds: Partial<Inputs>, inputs: Inputs): Candidate[] =>
    needsAttestation(olds, inputs)
      ? [
          {
            org: inputs.org,
            digest: inputs.digest,
            what: storageIdentity.describe(inputs),
            property: "digest",
          },
        ]
      : [],
};

export const observedNames = ["recordId", "createdAt", "updatedAt"];
const outputNames = [...inputNames, ...observedNames];
/** What removal is to write is nothing that GitHub keeps. */
const recordedNames = inputNames.filter((name) => name !== "onDelete");
const contentNames = recordedNames.filter(
  (name) => !(storageIdentity.fields as readonly string[]).includes(name),
);
const inputsOf = (source: object) => pick(source, inputNames) as Inputs;
/** What is sent in the place of what a refresh found and nobody can write. */
const writableOf = (news: object) => writable(inputFields, storageIdentity.fields, inputsOf(news));
const outputsOf = (source: object) => pick(source, outputNames) as Outputs;

async function create(context: RunContext, news: Inputs): Promise<pulumi.dynamic.CreateResult<Outputs>> {
  const write = () => writeRecord(context, news, undefined);
  const { id, outs } = await createRecord(context, { identity: storageIdentity, news, write });
  if (outs !== undefined) return { id, outs };
  const kept = context.declarations.takeKept(storageIdentity.key(news)) as Outputs | undefined;
  return { id, outs: { ...unwritten(kept ?? outputsOf(news), news), status: "not recorded" } };
}

/**
 * Writes the record, also one that is there already as declared: only a write tells another stack, which wrote it
 * before, that it has been taken over. Undefined where GitHub has no artifact and `onMissingArtifact` is `warn`.
 */
async function writeRecord(
  context: RunContext,
  news: Inputs,
  olds: Outputs | undefined,
): Promise<Outputs | undefined> {
  const github = context.github();
  // The check did not see values that were unknown then.
  const record = parseOrThrow("storage record", inputs, olds ? writableOf(news) : inputsOf(news));
  const send = async () => {
    try {
      const { records, date } = await writeStorageRecord(github, record.org, toStorageBody(record));
      return { ...outputsOf(record), ...written(context, record, records, date) };
    } catch (error) {
      const what = `${storageIdentity.describe(record)} was not written; the next pulumi up tries again`;
      acceptMissing(context, error, what);
      return undefined;
    }
  };
  const write = () => context.queue(storageLane(record), send);
  return writeDeclared(context, { key: storageIdentity.key(record), olds, writable: writableOf, write });
}

/** What GitHub says of the record that was just written. An answer about another record is not taken for ours. */
function written(
  context: RunContext,
  record: Inputs,
  records: StorageAnswer[],
  date: string | undefined,
): Partial<Outputs> {
  const own = findStorage(record, records);
  if (own !== undefined) return compact({ ...observed(own), updatedAt: own.updated_at ?? date });
  const [other] = records;
  warnOfOtherRecord(context, {
    api: "GitHub",
    accepted: `the ${storageIdentity.describe(record)}`,
    named: other && `"${other.name}" at ${other.registry_url}`,
  });
  return compact({ updatedAt: date });
}

const observed = (record: StorageAnswer) => compact({ recordId: record.id, createdAt: record.created_at });

async function read(
  context: RunContext,
  id: string,
  props: object,
): Promise<pulumi.dynamic.ReadResult<Outputs>> {
  const github = context.github();
  const known = outputsOf(props);
  return readResource(id, props, {
    identity: storageIdentity,
    isGet: known.updatedAt === undefined && !isNotRecorded(known),
    async list(identity, consequence) {
      parseOrThrow("storage record", fields.inPath, identity);
      const list = () => listStorageRecords(github, identity.org, identity.digest);
      return listIfAllowed(context, identity.org, consequence, list);
    },
    missing: (identity, listed) =>
      listed && !findStorage(identity, listed) ? notListed(identity) : undefined,
    observe: (identity, listed) =>
      listed === undefined ? known : observe(known, findStorage(identity, listed)),
    inputsOf,
  });
}

const notListed = (identity: StorageIdentity) =>
  `GitHub lists no ${storageIdentity.describe(identity)} for digest ${identity.digest}. Check the ID, and that the token ` +
  `may read "Artifact metadata" of ${identity.org} and the repository that the artifact comes from.`;

function observe(known: Outputs, live: StorageAnswer | undefined): Outputs {
  // What was never written does not become ours where another writer has it.
  if (wasNeverWritten(known)) return { ...known, ...(live && observed(live)) };
  if (live === undefined) return isNotRecorded(known) ? known : { ...known, status: "not listed" };
  return compact({
    ...known,
    ...observed(live),
    // Where the answer has no status, nothing contradicts what was declared.
    status: isNotRecorded(known) ? known.status : ((live.status as Outputs["status"]) ?? known.status),
    updatedAt: known.updatedAt ?? live.updated_at,
  });
}

const removalOf = (id: string, props: Outputs): StorageRemoval => {
  const identity = storageIdentity.parse(id);
  return {
    ...{ identity, props },
    bodyOf: (content) => toStorageBody(inputsOf({ ...content, ...identity })),
    isSame: (content) => !diffInputs(contentNames, [], props, content).changes,
  };
};
