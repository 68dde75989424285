import type * as pulumi from "@pulumi/pulumi";
import { deploymentIdentity } from "../deployment-record/identity";
import { propertyPath, UNKNOWN } from "../lifecycle/check";
import { checkResource } from "../lifecycle/check-resource";
import { diffInputs } from "../lifecycle/diff";
import { needsAttestation } from "../lifecycle/needs-attestation";
import type { Candidate, RunContext } from "../lifecycle/run-context";
import { contradictions } from "./changes";
import { namesOf } from "./earlier-job";
import { entryOf, writableEntry } from "./entry";
import { inputFields } from "./fields";
import type { SetInputs as Inputs, SetOutputs as Outputs } from "./fields";
import { entryIdentity, entryKey, setIdentity } from "./identity";
import { whyTooLarge } from "./message-size";
import { readSet } from "./read";
import { changesInRun, writeSet } from "./write-set";

// Inputs and outputs: fields.ts

export type { Inputs, Outputs };

// Life cycle

export function clusterDeploymentSetProvider(
  context: RunContext,
): pulumi.dynamic.ResourceProvider<Inputs, Outputs> {
  return {
    configure: async ({ config }) => context.configure(config),

    async check(olds, news) {
      // A wrong configuration fails here, in the preview.
      context.settings();
      const result = await checkResource(context, checks, olds, news);
      const size = result.inputs ? checkSize(context, olds, result.inputs) : [];
      return { ...result, failures: [...(result.failures ?? []), ...size] };
    },

    diff: async (id, olds, news) => diffSet(context, id, olds, news),

    async create(news) {
      const id = setIdentity.format(news);
      return {
        id,
        outs: await writeSet(context, {
          why: "create",
          id,
          olds: takeKeptForReplacement(context, news),
          news,
        }),
      };
    },

    async update(id, olds, news) {
      return { outs: await writeSet(context, { why: "update", id, olds, news }) };
    },

    read: (id, props = {} as Outputs) => readSet(context, id, props),

    async delete(id, props) {
      const news = { ...setIdentity.parse(id), deployments: {} };
      await writeSet(context, { why: "delete", id, olds: props, news });
    },
  };
}

// Private helpers

/** Notes unchanged entries, so that no other resource decommissions them. An entry that this run has removed counts as changed. */
function diffSet(context: RunContext, id: string, olds: Outputs, news: Inputs) {
  const { declarations } = context;
  const before = setIdentity.parse(id);
  // Only a change of identity replaces; entries are compared by `changesInRun`.
  const result = diffInputs(setIdentity.fields, setIdentity.fields, before, news);
  const { written, removed } = isUnknown(news)
    ? { written: [], removed: [] }
    : changesInRun(context, olds, news);
  const isChanged = new Set([...written, ...(olds.job ? namesOf(olds.job) : [])]);
  const changes =
    result.changes || isUnknown(news) || olds.job !== undefined || written.length + removed.length > 0;
  const newKey = setIdentity.isKnown(news) ? setIdentity.key(news) : undefined;
  if (changes) declarations.changing(setIdentity.key(before), newKey);
  if (result.replaces.length === 0 && !isUnknown(news))
    for (const [name, entry] of Object.entries(news.deployments))
      if (!isChanged.has(name)) declarations.unchanged(entryKey(news, name), writableEntry(entry));
  return { ...result, changes };
}

const isUnknown = ({ deployments }: Inputs) => (deployments as unknown) === UNKNOWN;

/** The set's own key too: a deletion right after its check as new makes room for its replacement. */
const keysOf = (set: Inputs): string[] =>
  isUnknown(set)
    ? []
    : [setIdentity.key(set), ...Object.keys(set.deployments).map((name) => entryKey(set, name))];

const checks = {
  fields: inputFields,
  identity: setIdentity,
  contradictions: (set: Inputs) => (isUnknown(set) ? [] : contradictions(set.deployments)),
  keysOf,
  noteArtifacts,
  candidates,
};

/** Refused where entries are added, with the way out; a set that is in a state already gets a warning. */
function checkSize(context: RunContext, olds: Partial<Inputs>, news: Inputs): pulumi.dynamic.CheckFailure[] {
  if (typeof news.deployments !== "object") return [];
  const before = olds.deployments ?? {};
  const reason = whyTooLarge(news.deployments);
  if (reason === undefined) return [];
  const isAdded = Object.keys(news.deployments).some((name) => !Object.hasOwn(before, name));
  if (isAdded) return [{ property: "deployments", reason }];
  context.warn(`deployments of the ${setIdentity.describe(news)} ${reason}.`);
  return [];
}

function noteArtifacts(artifacts: RunContext["artifacts"], set: Inputs): void {
  if (isUnknown(set)) return;
  for (const entry of Object.values(set.deployments)) artifacts.declare(set.org, entry);
}

/** The artifacts of entries that were added or have another digest. */
function candidates(olds: Partial<Inputs>, news: Inputs): Candidate[] {
  if (isUnknown(news)) return [];
  const before = olds.deployments ?? {};
  return Object.entries(news.deployments).flatMap(([name, entry]) =>
    (entry as unknown) !== UNKNOWN && needsAttestation(entryOf(before, name), entry)
      ? [
          {
            org: news.org,
            digest: entry.digest,
            what: deploymentIdentity.describe(entryIdentity(news, name)),
            property: propertyPath(["deployments", name, "digest"]),
          },
        ]
      : [],
  );
}

/** What a set that was deleted to make room for this one still has. */
function takeKeptForReplacement(context: RunContext, news: Inputs): Outputs {
  const kept = context.declarations.takeKept(setIdentity.key(news)) as Outputs | undefined;
  return kept ?? { deployments: {}, records: {} };
}
