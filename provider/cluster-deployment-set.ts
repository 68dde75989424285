import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { GitHubClient } from "./github/client";
import { listDeploymentRecords } from "./github/deployment-records";
import type { RecordAnswer } from "./github/schemas";
import { toEntry, toEnvironments } from "./github/wire";
import type { Deployment, DeploymentEntry } from "./github/wire";
import { checked, checkInputs, UNKNOWN } from "./lifecycle/check";
import { ClusterWriteError, writeCluster } from "./lifecycle/cluster-write";
import type { Outcomes } from "./lifecycle/cluster-write";
import { mapBounded } from "./lifecycle/concurrency";
import { diffInputs } from "./lifecycle/diff";
import { observeDeployment } from "./lifecycle/drift";
import { ProviderError } from "./lifecycle/errors";
import * as fields from "./lifecycle/fields";
import type { Host } from "./lifecycle/host";
import { describeIdentity, findRecord, identityKey, joinId, laneOf, splitId } from "./lifecycle/identity";
import { CONCURRENT_READS, listIfAllowed, removable } from "./lifecycle/removal";
import { changesOf, contradictions, entryOf } from "./lifecycle/set";
import { compact } from "./lifecycle/values";

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

const setIdentity = ["org", "logicalEnvironment", "physicalEnvironment", "cluster"] as const;

interface Identity {
  org: string;
  logicalEnvironment: string;
  physicalEnvironment?: string;
  cluster: string;
}

export interface Inputs extends Identity {
  deployments: Record<string, Deployment>;
  partialSuccess?: boolean;
}

// Outputs

type Recorded = Omit<Deployment, "status"> & { status: Deployment["status"] | "not listed" };

/** What the state keeps: the entries as GitHub has them (not those that failed), and what GitHub said of each. */
export interface Outputs {
  deployments: Record<string, Recorded>;
  records: Record<string, RecordOutputs>;
  /** Deployments that were left out with a warning, because GitHub knows no such artifact. */
  skipped?: string[];
  partialSuccess?: boolean;
}

export interface RecordOutputs {
  recordId?: string;
  attestationId?: string;
  /** When this set last wrote the record, by GitHub's clock. A refresh does not move it (ownership). */
  updatedAt?: string;
}

// Life cycle

export function clusterDeploymentSetProvider(host: Host): pulumi.dynamic.ResourceProvider<Inputs, Outputs> {
  return {
    configure: async ({ config }) => host.configure(config),

    async check(_olds, news) {
      host.settings();
      const { inputs, failures = [] } = checkInputs(inputFields, news) as pulumi.dynamic.CheckResult<Inputs>;
      if (failures.length === 0 && inputs && (inputs.deployments as unknown) !== UNKNOWN) {
        failures.push(...contradictions(inputs.deployments));
        if (failures.length === 0) claim(host, inputs);
      }
      return { inputs, failures };
    },

    async diff(id, olds, news) {
      const identity = diffInputs(setIdentity, setIdentity, parseId(id), news);
      if ((news.deployments as unknown) === UNKNOWN) return { ...identity, changes: true };
      const { written, removed } = changesOf(olds.deployments, news.deployments);
      return { ...identity, changes: identity.changes || written.length + removed.length > 0 };
    },

    async create(news) {
      const id = joinId(setIdentity.map((field) => news[field]));
      return { id, outs: await write(host, id, { deployments: {}, records: {} }, news, "create") };
    },

    async update(id, olds, news) {
      return { outs: await write(host, id, olds, news, "update") };
    },

    read: (id, props) => read(host, id, props as Outputs & Partial<Identity>),

    async delete(id, props) {
      await write(host, id, props, { ...parseId(id), deployments: {} }, "delete");
    },
  };
}

// Private helpers

const parseId = (id: string): Identity =>
  splitId(
    id,
    "set of a cluster's deployments",
    setIdentity,
    ["org", "logicalEnvironment", "cluster"],
    "acme/production/eu-west-1/prod-eu",
  ) as Identity;

const deploymentOf = ({ org, logicalEnvironment, physicalEnvironment, cluster }: Identity, name: string) => ({
  org,
  logicalEnvironment,
  physicalEnvironment,
  cluster,
  deploymentName: name,
});

function claim(host: Host, news: Inputs): void {
  if (setIdentity.some((field) => news[field] === UNKNOWN)) return;
  for (const name of Object.keys(news.deployments)) host.claims.claim(identityKey(deploymentOf(news, name)));
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
    const retired = await retiredEntries(host, github, news, olds, removed);
    const entries = [
      ...written.map((name) =>
        toEntry(name, entryOf(news.deployments, name) as Deployment, entryOf(olds.deployments, name)),
      ),
      ...retired,
    ];
    const target = { org: news.org, cluster: news.cluster, environments: toEnvironments(news) };
    let stopped: unknown;
    const outcomes = await writeCluster(host, github, target, entries, news.partialSuccess ?? true).catch(
      (error: unknown) => {
        if (!(error instanceof ClusterWriteError)) throw error;
        stopped = error.cause;
        return error.outcomes;
      },
    );
    for (const { deployment_name: name } of retired)
      if (outcomes.get(name)?.kind === "written") host.claims.claim(identityKey(deploymentOf(news, name)));
    // What could not be retired, or was not tried, stays in the state: the next `up` takes it out again.
    const kept = new Set(
      retired.map((entry) => entry.deployment_name).filter((name) => outcomes.get(name)?.kind !== "written"),
    );
    const { outs, reasons } = stateAfter(host, olds, news, outcomes, kept);
    if (stopped === undefined && reasons.length === 0) return outs;
    const done = [...outcomes.values()].filter(({ kind }) => kind === "written").length;
    throw failure(id, news, outs, reasons, stopped, { written: done, total: entries.length }, why);
  });
}

/** The entries taken out that are this set's to decommission. */
async function retiredEntries(
  host: Host,
  github: GitHubClient,
  news: Inputs,
  olds: Outputs,
  removed: string[],
): Promise<DeploymentEntry[]> {
  const removals = removed.flatMap((name) => {
    const entry = entryOf(olds.deployments, name);
    if (entry === undefined || entry.status === "decommissioned") return [];
    const identity = deploymentOf(news, name);
    const ownWrite = entryOf(olds.records, name)?.updatedAt;
    const what = describeIdentity(identity);
    return [{ what, key: identityKey(identity), digest: entry.digest, ownWrite, identity, entry }];
  });
  const list = (digest: string) => listDeploymentRecords(github, news.org, digest);
  const ours = await removable(host, news.org, removals, list, ({ identity }, live) =>
    findRecord(identity, live),
  );
  return ours.map(({ identity, entry }) =>
    toEntry(identity.deploymentName, { ...entry, status: "decommissioned" }),
  );
}

/** What GitHub has now, as far as it is known, and why some of it is not what was declared. */
function stateAfter(host: Host, olds: Outputs, news: Inputs, outcomes: Outcomes, kept: Set<string>) {
  const lenient = host.settings().onMissingArtifact === "warn";
  const outs: Outputs = { deployments: {}, records: {} };
  const skipped: string[] = [];
  const reasons: string[] = [];
  const keep = (name: string, deployment: Recorded | undefined, record: RecordOutputs | undefined) => {
    if (deployment !== undefined) outs.deployments[name] = deployment;
    if (record !== undefined) outs.records[name] = record;
  };
  for (const name of [...Object.keys(news.deployments), ...kept]) {
    const outcome = outcomes.get(name);
    if (outcome?.kind === "written") {
      keep(name, news.deployments[name], recordOutputs(outcome.record, outcome.date));
      continue;
    }
    if (outcome?.kind === "failed" && outcome.cause === "not_found" && lenient) {
      if (kept.has(name)) {
        host.warn(`${propertyOf(name)} was taken out, but not decommissioned. ${outcome.reason}`);
        continue;
      }
      skipped.push(name);
      host.warn(`${propertyOf(name)} was not recorded. ${outcome.reason} The next pulumi up tries again.`);
    } else if (outcome?.kind === "failed") reasons.push(`${propertyOf(name)}: ${outcome.reason}`);
    keep(name, entryOf(olds.deployments, name), entryOf(olds.records, name));
  }
  if (skipped.length > 0) outs.skipped = skipped;
  if (news.partialSuccess !== undefined) outs.partialSuccess = news.partialSuccess;
  return { outs, reasons };
}

const propertyOf = (name: string) => `deployments[${JSON.stringify(name)}]`;

const recordOutputs = (record: RecordAnswer | undefined, date: string | undefined): RecordOutputs =>
  compact({
    recordId: record?.id,
    attestationId: record?.attestation_id,
    updatedAt: record?.updated_at ?? date,
  });

const NAMED = 10;

/**
 * What was written is kept: Pulumi saves `properties`, and calls `update` at the next `up` whatever the diff says.
 * Where nothing of a new set was written there is nothing to keep, and a set that is to go stays as it was.
 */
function failure(
  id: string,
  news: Inputs,
  outs: Outputs,
  reasons: string[],
  stopped: unknown,
  { written, total }: { written: number; total: number },
  why: "create" | "update" | "delete",
): Error {
  const cause = stopped instanceof Error ? stopped : undefined;
  if (cause !== undefined && reasons.length === 0 && written === 0) return cause;
  const all = [...reasons, ...(cause ? [cause.message] : [])];
  const nothing = why === "create" && Object.keys(outs.deployments).length === 0;
  const more = all.length > NAMED ? ` …and ${all.length - NAMED} more.` : "";
  const error = new ProviderError(
    `${total - written} of ${total} changed deployments of cluster ${news.cluster} were not recorded; ` +
      `the next run sends what is missing. ${all.slice(0, NAMED).join(" ")}${more}`,
  );
  if (nothing || why === "delete") return error;
  const { __provider } = news as Inputs & { __provider?: string };
  return Object.assign(error, { id, properties: compact({ ...outs, __provider }), reasons: all });
}

/** Each distinct digest is listed once. An absent record is drift, not gone (see deployment-record.ts). */
async function read(
  host: Host,
  id: string,
  props: Outputs & Partial<Identity>,
): Promise<pulumi.dynamic.ReadResult<Outputs>> {
  const github = host.github();
  const identity = parseId(id);
  const known = Object.entries(props.deployments ?? {});
  const isGet = props.records === undefined;
  for (const [, entry] of known) checked("set", fields.inPath, { ...identity, ...entry });
  const digests = [...new Set(known.map(([, entry]) => entry.digest))];
  const consequence = isGet ? undefined : "the state is kept as it is";
  const lists = await mapBounded(digests, CONCURRENT_READS, (digest) =>
    listIfAllowed(host, identity.org, consequence, () => listDeploymentRecords(github, identity.org, digest)),
  );
  const byDigest = new Map(digests.map((digest, index) => [digest, lists[index]]));
  if (isGet) requireListed(identity, known, byDigest);
  const outs: Outputs = { deployments: {}, records: {} };
  for (const [name, entry] of known) {
    const listed = byDigest.get(entry.digest);
    const own = entryOf(props.records ?? {}, name);
    const live = listed && findRecord(deploymentOf(identity, name), listed);
    outs.deployments[name] = listed === undefined ? entry : observeDeployment(entry, live);
    const record = live && {
      ...recordOutputs(live, undefined),
      updatedAt: own?.updatedAt ?? live.updated_at,
    };
    const shown = record ? compact(record) : own;
    if (shown !== undefined) outs.records[name] = shown;
  }
  const rest = compact({ skipped: props.skipped, partialSuccess: props.partialSuccess });
  const inputs = compact({
    ...identity,
    deployments: outs.deployments,
    partialSuccess: props.partialSuccess,
  });
  // Pulumi's type has the outputs' type here; what it takes is inputs.
  return {
    id,
    props: { ...(isGet || props.org !== undefined ? identity : {}), ...outs, ...rest },
    inputs: inputs as object as Outputs,
  };
}

/** A state can be kept where a record is not listed; `.get` has none. */
function requireListed(
  identity: Identity,
  known: [string, Recorded][],
  byDigest: Map<string, RecordAnswer[] | undefined>,
): void {
  const absent = known.filter(
    ([name, { digest }]) => !findRecord(deploymentOf(identity, name), byDigest.get(digest) ?? []),
  );
  if (absent.length === 0) return;
  const named = absent.slice(0, NAMED).map(([name]) => `${describeIdentity(deploymentOf(identity, name))}`);
  const more = absent.length > NAMED ? ` …and ${absent.length - NAMED} more` : "";
  throw new ProviderError(
    `GitHub does not list, for the digests that were given: ${named.join("; ")}${more}. Check the ID, the names and ` +
      `digests, and that the token may read "Artifact metadata" of ${identity.org}.`,
  );
}
