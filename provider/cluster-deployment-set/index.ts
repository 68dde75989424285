import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { MAX_ENTRIES } from "../github/cluster-deployments";
import { toEntry, toEnvironments } from "../github/wire";
import { needsAttestation } from "../lifecycle/needs-attestation";
import { checkInputs, UNKNOWN } from "../lifecycle/check";
import { writeCluster } from "./write";
import { diffInputs } from "../lifecycle/diff";
import { ProviderError } from "../runtime/errors";
import * as fields from "../lifecycle/fields";
import type { RunContext } from "../lifecycle/run-context";
import { describeIdentity, identityKey, laneOf } from "../deployment-record/identity";
import { changesOf, contradictions } from "./changes";
import { entryOf } from "./entry";
import { formatSetId, parseSetId, recordOf, setIdentity } from "./identity";
import { readSet } from "./read";
import { removedEntries, entriesToDecommission } from "./removed-entries";
import { failure, stateAfter } from "./state";
import type { SetIdentity, SetInputs as Inputs, SetOutputs as Outputs } from "./types";

// Inputs

const entryFields = {
  name: fields.artifactName,
  digest: fields.digest,
  version: fields.version.optional(),
  status: fields.deploymentStatus.default("deployed"),
  githubRepository: fields.githubRepository.optional(),
  tags: fields.clusterTags.optional(),
  runtimeRisks: fields.runtimeRisks.optional(),
};
const inputFields = {
  org: fields.org,
  cluster: fields.clusterInPath,
  logicalEnvironment: fields.logicalEnvironment,
  physicalEnvironment: fields.physicalEnvironment.optional(),
  deployments: { key: fields.deploymentName, entry: entryFields },
  partialSuccess: z.boolean("must be true or false").optional(),
};

export type { Inputs };

// Outputs

export type { Outputs };

// Life cycle

export function clusterDeploymentSetProvider(
  context: RunContext,
): pulumi.dynamic.ResourceProvider<Inputs, Outputs> {
  return {
    configure: async ({ config }) => context.configure(config),

    async check(olds, news) {
      const { verifyArtifacts } = context.settings();
      const { inputs, failures = [] } = checkInputs(inputFields, news) as pulumi.dynamic.CheckResult<Inputs>;
      if (failures.length === 0 && inputs && (inputs.deployments as unknown) !== UNKNOWN) {
        failures.push(...contradictions(inputs.deployments));
        if (failures.length === 0) claim(context, inputs);
        if (failures.length === 0 && verifyArtifacts) await verify(context, olds, inputs);
      }
      return { inputs, failures };
    },

    async diff(id, olds, news) {
      const identity = diffInputs(setIdentity, setIdentity, parseSetId(id), news);
      if ((news.deployments as unknown) === UNKNOWN) return { ...identity, changes: true };
      const { written, removed } = changesOf(olds.deployments, news.deployments);
      return { ...identity, changes: identity.changes || written.length + removed.length > 0 };
    },

    async create(news) {
      const id = formatSetId(news);
      return { id, outs: await write(context, id, { deployments: {}, records: {} }, news, "create") };
    },

    async update(id, olds, news) {
      return { outs: await write(context, id, olds, news, "update") };
    },

    read: (id, props) => readSet(context, id, props as Outputs & Partial<SetIdentity>),

    async delete(id, props) {
      await write(context, id, props, { ...parseSetId(id), deployments: {} }, "delete");
    },
  };
}

// Private helpers

function claim(context: RunContext, news: Inputs): void {
  if (setIdentity.some((field) => news[field] === UNKNOWN)) return;
  for (const name of Object.keys(news.deployments)) context.claims.claim(identityKey(recordOf(news, name)));
}

/** Looks for the attestations of what was added or has another digest. */
async function verify(context: RunContext, olds: Partial<Inputs>, news: Inputs): Promise<void> {
  if (setIdentity.some((field) => news[field] === UNKNOWN)) return;
  const before = olds.deployments ?? {};
  const candidates = Object.entries(news.deployments).flatMap(([name, entry]) =>
    (entry as unknown) !== UNKNOWN && needsAttestation(entryOf(before, name), entry)
      ? [{ org: news.org, digest: entry.digest, what: describeIdentity(recordOf(news, name)) }]
      : [],
  );
  await context.verifyArtifacts(candidates);
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
  claim(context, news);
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
      context.claims.claim(identityKey(recordOf(news, name)));
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
