import type * as pulumi from "@pulumi/pulumi";
import { deploymentIdentity, laneOf } from "../deployment-record/identity";
import { MAX_ENTRIES } from "../github/cluster-deployments";
import { toEntry, toEnvironments } from "../github/wire";
import { propertyPath, UNKNOWN } from "../lifecycle/check";
import { checkResource } from "../lifecycle/check-resource";
import { diffInputs } from "../lifecycle/diff";
import { needsAttestation } from "../lifecycle/needs-attestation";
import type { Candidate, RunContext } from "../lifecycle/run-context";
import { ProviderError } from "../runtime/errors";
import { changesOf, contradictions } from "./changes";
import { entryOf } from "./entry";
import { inputFields } from "./fields";
import type { SetInputs as Inputs, SetOutputs as Outputs } from "./fields";
import { recordOf, setIdentity } from "./identity";
import { readSet } from "./read";
import { entriesToDecommission, removedEntries } from "./removed-entries";
import { failure, stateAfter } from "./state";
import { writeCluster } from "./write";

// Inputs and outputs: fields.ts

export type { Inputs, Outputs };

// Life cycle

export function clusterDeploymentSetProvider(
  context: RunContext,
): pulumi.dynamic.ResourceProvider<Inputs, Outputs> {
  return {
    configure: async ({ config }) => context.configure(config),

    async check(olds, news) {
      context.settings();
      return checkResource(context, checks, olds, news);
    },

    async diff(id, olds, news) {
      const identity = diffInputs(setIdentity.fields, setIdentity.fields, setIdentity.parse(id), news);
      if (isUnknown(news)) return { ...identity, changes: true };
      const { written, removed } = changesOf(olds.deployments, news.deployments);
      return { ...identity, changes: identity.changes || written.length + removed.length > 0 };
    },

    async create(news) {
      const id = setIdentity.format(news);
      return { id, outs: await write(context, id, { deployments: {}, records: {} }, news, "create") };
    },

    async update(id, olds, news) {
      return { outs: await write(context, id, olds, news, "update") };
    },

    read: (id, props = {} as Outputs) => readSet(context, id, props),

    async delete(id, props) {
      await write(context, id, props, { ...setIdentity.parse(id), deployments: {} }, "delete");
    },
  };
}

// Private helpers

const isUnknown = ({ deployments }: Inputs) => (deployments as unknown) === UNKNOWN;

const keysOf = (set: Inputs): string[] =>
  isUnknown(set)
    ? []
    : Object.keys(set.deployments).map((name) => deploymentIdentity.key(recordOf(set, name)));

const checks = {
  fields: inputFields,
  identity: setIdentity,
  contradictions: (set: Inputs) => (isUnknown(set) ? [] : contradictions(set.deployments)),
  keysOf,
  candidates,
};

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
            what: deploymentIdentity.describe(recordOf(news, name)),
            property: propertyPath(["deployments", name, "digest"]),
          },
        ]
      : [],
  );
}

/** Sends what changed, was added or taken out; what comes back is the new state, or an error that carries it. */
async function write(
  context: RunContext,
  id: string,
  olds: Outputs,
  news: Inputs,
  why: "create" | "update" | "delete",
): Promise<Outputs> {
  const github = context.github();
  for (const key of keysOf(news)) context.claims.claim(key);
  return context.queue(laneOf(news), async () => {
    const { written, removed } = changesOf(olds.deployments, news.deployments);
    const leaving = removedEntries(context, news, olds, removed);
    if (news.partialSuccess === false) requireOneRequest(written.length + leaving.length);
    const retired = await entriesToDecommission(context, github, news, leaving);
    const declared = written.flatMap((name) => {
      const entry = entryOf(news.deployments, name);
      return entry ? [toEntry(name, entry, entryOf(olds.deployments, name))] : [];
    });
    const entries = [...declared, ...retired];
    const target = { org: news.org, cluster: news.cluster, environments: toEnvironments(news) };
    const { outcomes, stopped } = await writeCluster(
      context,
      github,
      target,
      entries,
      news.partialSuccess ?? true,
    );
    const isWritten = (name: string) => outcomes.get(name)?.kind === "written";
    const retiredNames = retired.map((entry) => entry.deployment_name);
    for (const name of retiredNames.filter(isWritten))
      context.claims.claim(deploymentIdentity.key(recordOf(news, name)));
    // What could not be retired, or was not tried, stays in the state: the next `up` takes it out again.
    const kept = retiredNames.filter((name) => !isWritten(name));
    const { outs, reasons } = stateAfter(context, olds, news, outcomes, new Set(kept));
    if (stopped === undefined && reasons.length === 0) return outs;
    const done = [...outcomes.keys()].filter(isWritten).length;
    throw failure({ why, id, news, outs, reasons, stopped, written: done, total: entries.length });
  });
}

function requireOneRequest(changes: number): void {
  if (changes <= MAX_ENTRIES) return;
  throw new ProviderError(
    `partialSuccess: false writes all entries or none, which GitHub does for up to ${MAX_ENTRIES} at once; ` +
      `${changes} have changed. Leave partialSuccess out, or change fewer at a time.`,
  );
}
