/** Two stacks, another writer and GitHub in one process: what each of them has, and what they do to it. */
import type { Snapshot } from "../../local/engine/types";
import type { ChainloopRules } from "../../local/chainloop";
import { writeDeployment as writeChainloop } from "../../local/chainloop/store";
import type { Rules, TestClock } from "../../local/github";
import { writeDeployment } from "../../local/github/deployments";
import { requireSource } from "../../local/github/sources";
import { writeStorage } from "../../local/github/storage";
import type { StorageStatus } from "../../provider/github/wire";
import { attest, findOrg } from "../../local/github/store";
import type { Org } from "../../local/github/store";
import { newClock } from "./clock";
import { digestOf, LATE } from "./artifacts";
import { chainloopOf } from "./chainloop-layout";
import { contentOf, emptyLayout, RECORDS, environmentsOf, ORG, STORAGE } from "./layout";
import type { Layout, StackName } from "./layout";
import { isRunning, settleJobs } from "../../local/github/jobs";
import { createLedger } from "./ledger";
import type { By, Ledger, Row, Written } from "./ledger";
import type { ForeignWrite } from "./scenario";
import { modelServer } from "./server";
import type { ModelServer } from "./server";
import { emptySnapshot } from "./stack";
import { nextTick } from "./watch";

export interface World {
  clock: TestClock;
  server: ModelServer;
  org: Org;
  ledger: Ledger;
  /** What the programs declare now. */
  layout: Layout;
  /** What they declared at each run. */
  history: Layout[];
  /** Of both stacks. */
  config: Record<string, string>;
  snapshots: Record<StackName, Snapshot>;
  /** Records that may stay deployed without a resource, as long as nobody writes them again. */
  left: Map<string, Written>;
  /** Declared records that a run decommissioned which could not know that they are declared. */
  undone: Set<string>;
  hasJobs: boolean;
  /** The runs that started GitHub's background jobs, by the job's id: a job can outlive its run. */
  jobs: Map<bigint, ReturnType<By>>;
  runs: number;
  /** Whether the last run has failed, or was killed. */
  hasFailed: boolean;
  /** Runs that were killed, or that failed. */
  lost: Set<number>;
  killed: Set<number>;
  /** Removed by a deletion that failed: Pulumi saves nothing of it. */
  deleted: Set<Row>;
  /** What a state had as a stack's own last write. */
  acknowledged: Set<Row>;
  /** Refreshed from a list that lags behind: the state can have what an earlier write had. */
  stale: Set<Row>;
  /** What was left to a resource of another provider, with a warning: it can declare other content. */
  leftToOther: Set<Row>;
  /** Digests of artifacts whose version a removal did not know. */
  unversioned: Set<string>;
  /** Another's, written before a stack has seen that its job has ended. */
  besideJob: Set<Row>;
  /** Runs that have started a job of which no state knows: it can end after them. */
  forgotten: Set<number>;
  /** A job can outlive the deadline of its operation. */
  hasLongJobs: boolean;
  /** What must never happen, and has: found on the way of a request, where an exception would be an answer. */
  broken: Error[];
}

/** Of an operation, in milliseconds. */
const DEADLINE = 300_000;

const byOther: By = () => ({ writer: "another writer", run: -1, tick: nextTick() });

export function newWorld(
  rules: Partial<Rules>,
  {
    verifyOwnership,
    onMissingArtifact = "error",
    chainloop = {},
    jobMilliseconds = 1_000,
    atOnce = 1_000,
  }: {
    atOnce?: number;
    jobMilliseconds?: number;
    verifyOwnership: boolean;
    onMissingArtifact?: "error" | "warn";
    chainloop?: Partial<ChainloopRules>;
  },
): World {
  const clock = newClock();
  const server = modelServer(
    clock,
    { rules, attested: [0, 1, 2].map(digestOf), jobs: { stepMilliseconds: jobMilliseconds } },
    chainloop,
  );
  const org = findOrg(server.state.store, ORG);
  if (!org) throw new Error("there is no organisation");
  return {
    ...{
      clock,
      server,
      org,
      ledger: createLedger(org, server.chainloop.store),
      layout: emptyLayout(),
      history: [],
    },
    snapshots: { one: emptySnapshot(), two: emptySnapshot() },
    config: {
      "artifact-metadata:onMissingArtifact": onMissingArtifact,
      ...(!verifyOwnership && { "artifact-metadata:verifyOwnership": "false" }),
    },
    ...{ left: new Map(), undone: new Set(), jobs: new Map() },
    hasJobs: atOnce < RECORDS.length,
    ...{ runs: 0, hasFailed: false },
    ...{ lost: new Set(), killed: new Set(), forgotten: new Set() },
    ...{ deleted: new Set(), stale: new Set(), acknowledged: new Set() },
    ...{ leftToOther: new Set(), besideJob: new Set(), unversioned: new Set() },
    hasLongJobs: atOnce < RECORDS.length && 2 * jobMilliseconds > DEADLINE,
    broken: [],
  };
}

/** Ends the jobs whose time has come, and notes whose they were. */
export function endJobs({ server, ledger, jobs }: World, by: By) {
  const running = server.state.jobs.list.filter(isRunning);
  settleJobs(server.state.jobs);
  const ended = running.filter((job) => !isRunning(job));
  return ledger.update((row) => {
    const job = ended.find(({ where, accepted }) =>
      accepted.some(
        ({ entry }) =>
          "cluster" in row &&
          row.cluster === where.cluster &&
          row.deployment_name === entry.deployment_name &&
          row.digest === entry.digest,
      ),
    );
    return (job && jobs.get(job.id)) ?? by(row);
  });
}

/** Another writer's change of a record: GitHub has it, and nobody here is told. */
export function foreignWrite(world: World, { record, as }: ForeignWrite): void {
  const { clock, server, org, ledger, layout } = world;
  endJobs(world, byOther);
  clock.advance(2_000);
  const { store } = server.state;
  const { deploymentName, ...where } = environmentsOf(record);
  const declared = layout.records[record]?.artifact ?? 0;
  const { runtimeRisks = [], ...content } = contentOf({
    ...as,
    artifact: as.artifact ?? (declared === LATE ? 0 : declared),
  });
  const entry = { tags: {}, ...content, deployment_name: deploymentName, runtime_risks: runtimeRisks };
  const caller = { access: {}, installation: false };
  const source = requireSource({ store, org, caller, documentationUrl: "" }, entry);
  writeDeployment(store, org, where, entry, source);
  ledger.update(byOther);
}

export function foreignStorage(
  { clock, server, org, ledger }: World,
  storage: number,
  status: StorageStatus,
) {
  clock.advance(2_000);
  const { registryUrl, ...rest } = STORAGE[storage] as (typeof STORAGE)[number];
  const body = { ...rest, registry_url: registryUrl, status };
  const caller = { access: {}, installation: false };
  const source = requireSource({ store: server.state.store, org, caller, documentationUrl: "" }, body);
  writeStorage(server.state.store, org, body, source);
  ledger.update(byOther);
}

export function foreignChainloop(
  { clock, server, ledger }: World,
  {
    deployment,
    artifact,
    status,
  }: { deployment: number; artifact: number; status: "DEPLOYED" | "DECOMMISSIONED" },
): void {
  clock.advance(2_000);
  const { environmentName, deploymentName, kind, ...of } = chainloopOf(deployment, artifact);
  writeChainloop(server.chainloop.store, {
    ...{ environment_name: environmentName, deployment_name: deploymentName, kind, status },
    ...{
      artifact_name: of.artifactName,
      artifact_version: of.artifactVersion,
      artifact_digest: of.artifactDigest,
    },
  });
  ledger.update(byOther);
}

/**
 * The artifact that had no attestation has one now, and time has passed: lists show all that was written, and jobs do not
 * take long.
 */
export function calmDown({ server, org }: World): void {
  const { jobs, store } = server.state;
  // Those that wait to be polled go on from now: no write has the time of one before it.
  for (const job of jobs.list) job.createdAt = store.clock();
  jobs.pace = { stepMilliseconds: 1_000 };
  attest(store, org, digestOf(LATE));
  store.rules.listLag = {};
}
