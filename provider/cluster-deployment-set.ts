import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { MAX_ENTRIES } from "./github/cluster-deployments";
import { toEntry, toEnvironments } from "./github/wire";
import { needsAttestation } from "./lifecycle/artifact";
import { checkInputs, UNKNOWN } from "./lifecycle/check";
import { writeCluster } from "./lifecycle/cluster-write";
import { diffInputs } from "./lifecycle/diff";
import { ProviderError } from "./lifecycle/errors";
import * as fields from "./lifecycle/fields";
import type { Host } from "./lifecycle/host";
import { describeIdentity, identityKey, laneOf } from "./lifecycle/identity";
import { changesOf, contradictions } from "./lifecycle/set/changes";
import { entryOf } from "./lifecycle/set/entry";
import { formatSetId, parseSetId, recordOf, setIdentity } from "./lifecycle/set/identity";
import { readSet } from "./lifecycle/set/read";
import { leavingEntries, retiredEntries } from "./lifecycle/set/retired";
import { failure, stateAfter } from "./lifecycle/set/state";
import type { SetIdentity, SetInputs as Inputs, SetOutputs as Outputs } from "./lifecycle/set/types";

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

export function clusterDeploymentSetProvider(host: Host): pulumi.dynamic.ResourceProvider<Inputs, Outputs> {
  return {
    configure: async ({ config }) => host.configure(config),

    async check(olds, news) {
      const { verifyArtifacts } = host.settings();
      const { inputs, failures = [] } = checkInputs(inputFields, news) as pulumi.dynamic.CheckResult<Inputs>;
      if (failures.length === 0 && inputs && (inputs.deployments as unknown) !== UNKNOWN) {
        failures.push(...contradictions(inputs.deployments));
        if (failures.length === 0) claim(host, inputs);
        if (failures.length === 0 && verifyArtifacts) await verify(host, olds, inputs);
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
      return { id, outs: await write(host, id, { deployments: {}, records: {} }, news, "create") };
    },

    async update(id, olds, news) {
      return { outs: await write(host, id, olds, news, "update") };
    },

    read: (id, props) => readSet(host, id, props as Outputs & Partial<SetIdentity>),

    async delete(id, props) {
      await write(host, id, props, { ...parseSetId(id), deployments: {} }, "delete");
    },
  };
}

// Private helpers

function claim(host: Host, news: Inputs): void {
  if (setIdentity.some((field) => news[field] === UNKNOWN)) return;
  for (const name of Object.keys(news.deployments)) host.claims.claim(identityKey(recordOf(news, name)));
}

/** Looks for the attestations of what was added or has another digest. */
async function verify(host: Host, olds: Partial<Inputs>, news: Inputs): Promise<void> {
  if (setIdentity.some((field) => news[field] === UNKNOWN)) return;
  const before = olds.deployments ?? {};
  const candidates = Object.entries(news.deployments).flatMap(([name, entry]) =>
    (entry as unknown) !== UNKNOWN && needsAttestation(entryOf(before, name), entry)
      ? [{ org: news.org, digest: entry.digest, what: describeIdentity(recordOf(news, name)) }]
      : [],
  );
  await host.verifyArtifacts(candidates);
}

/** Sends what changed, was added or taken out; what comes back is the new state, or an error that carries it. */
async function write(
  host: Host,
  id: string,
  olds: Outputs,
  news: Inputs,
  why: "create" | "update" | "delete",
): Promise<Outputs> {
  const github = host.github();
  claim(host, news);
  return host.lanes(laneOf(news), async () => {
    const { written, removed } = changesOf(olds.deployments, news.deployments);
    const leaving = leavingEntries(host, news, olds, removed);
    if (news.partialSuccess === false) requireOneRequest(written.length + leaving.length);
    const retired = await retiredEntries(host, github, news, leaving);
    const declared = written.flatMap((name) => {
      const entry = entryOf(news.deployments, name);
      return entry ? [toEntry(name, entry, entryOf(olds.deployments, name))] : [];
    });
    const entries = [...declared, ...retired];
    const target = { org: news.org, cluster: news.cluster, environments: toEnvironments(news) };
    const { outcomes, stopped } = await writeCluster(
      host,
      github,
      target,
      entries,
      news.partialSuccess ?? true,
    );
    const isWritten = (name: string) => outcomes.get(name)?.kind === "written";
    const retiredNames = retired.map((entry) => entry.deployment_name);
    for (const name of retiredNames.filter(isWritten)) host.claims.claim(identityKey(recordOf(news, name)));
    // What could not be retired, or was not tried, stays in the state: the next `up` takes it out again.
    const kept = retiredNames.filter((name) => !isWritten(name));
    const { outs, reasons } = stateAfter(host, olds, news, outcomes, new Set(kept));
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
