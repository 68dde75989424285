/** A strict local stand-in for GitHub's artifact-metadata API, on loopback. See README.md. */
import type { FaultOptions as AnyFault } from "../http/faults";
import { type StandIn, startStandIn } from "../http/stand-in";
import { Refusal } from "./answer";
import { addComment, commentsOf } from "./comments";
import type { Operation } from "./description";
import type { Access, GitHubOptions, Rules } from "./options";
import type { EventuallyConsistent } from "./eventually-consistent";
import { attest, findOrg, type Org } from "./store";
import { deploymentSnapshot, writeDeployment } from "./deployments";
import { finishJobs, type JobPlan, jobSnapshot, settleJobs } from "./jobs";
import { setRemaining } from "./limits";
import { validationRefusal } from "./pipeline";
import { serviceOf } from "./service";
import { requireSource } from "./sources";
import { type State, stateFrom } from "./state";
import { storageSnapshot, writeStorage } from "./storage";
import type {
  Comment,
  DeploymentBody,
  DeploymentSnapshot,
  JobSnapshot,
  StorageBody,
  StorageSnapshot,
  Violation,
} from "./types";
import { bodyProblems } from "./validation";

export { Refusal } from "./answer";
export { testClock, type TestClock } from "../http/clock";
export type { Operation } from "./description";
export type { FaultAction, FaultHandle, RedirectStatus } from "../http/faults";
export type FaultOptions = AnyFault<Operation>;
export type { JobPlan } from "./jobs";
export { secondaryLimit } from "./limits";
export * from "./options";
export type * from "./types";

export interface GitHub extends StandIn<Operation, Access, Violation, Rules> {
  /** All deployment records, decommissioned ones included, ordered by organisation and identity. */
  deploymentRecords(org?: string): DeploymentSnapshot[];
  storageRecords(org?: string): StorageSnapshot[];
  jobs(): JobSnapshot[];
  /** Gives a digest a provenance attestation; default repository `source`. */
  attest(org: string, digest: string, repository?: string): void;
  /** Another writer's change. Held to the same rules; throws the refusal. It is no request in the log. */
  writeDeployment(org: string, body: DeploymentBody): DeploymentSnapshot;
  writeStorage(org: string, body: StorageBody): StorageSnapshot;
  /** Of a pull request, `acme/shop#7`, in the order in which they were written. */
  comments(pull: string): Comment[];
  /** Another writer's comment. */
  writeComment(pull: string, login: string, body: string): Comment;
  /** Sets what is left of the primary rate limit, and in how many seconds it resets. */
  setRemaining(remaining: number, resetInSeconds?: number): void;
  /** What becomes of the next background job; several calls count for several jobs. */
  planJob(plan: JobPlan): void;
  /** Ends every running job now. */
  finishJobs(): void;
}

function orgOf(state: State, name: string): Org {
  const org = findOrg(state.store, name);
  if (!org) throw new Refusal(404, `Not Found: there is no organisation ${name}`);
  return org;
}

function ordered<Row, Snapshot>(
  state: State,
  org: string | undefined,
  rowsOf: (org: Org) => Iterable<EventuallyConsistent<Row>>,
  snapshot: (org: Org, row: Row) => Snapshot,
  names: readonly (keyof Snapshot)[],
): Snapshot[] {
  settleJobs(state.jobs);
  const orgs = org === undefined ? [...state.store.orgs.values()] : [orgOf(state, org)];
  const all = orgs.flatMap((one) => [...rowsOf(one)].map(({ current }) => snapshot(one, current)));
  const keyed = all.map((one) => ({ one, key: JSON.stringify(names.map((name) => one[name])) }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ one }) => one);
}

/** Another writer is allowed to write everything, but its requests are validated too. */
function foreignWrite(
  state: State,
  orgName: string,
  operation: "create-artifact-deployment-record" | "create-artifact-storage-record",
  body: { digest: string; github_repository?: string },
) {
  const org = orgOf(state, orgName);
  settleJobs(state.jobs);
  const problems = bodyProblems(operation, body);
  if (problems.length > 0) throw validationRefusal(problems, "");
  const caller = { access: {}, installation: false };
  return { org, source: requireSource({ store: state.store, org, caller, documentationUrl: "" }, body) };
}

/** Starts the server. It runs in this process, until `close()`. */
export async function startGitHub(options: GitHubOptions = {}): Promise<GitHub> {
  const state = stateFrom(options);
  const server = await startStandIn(serviceOf(state), options, (more) => stateFrom({ ...options, ...more }));
  return Object.assign(server, {
    deploymentRecords: (org) =>
      ordered(state, org, (one) => one.deployments.values(), deploymentSnapshot, [
        ...(["org", "logical_environment", "physical_environment", "cluster", "deployment_name"] as const),
      ]),
    storageRecords: (org) =>
      ordered(state, org, (one) => one.storage.values(), storageSnapshot, [
        ...(["org", "digest", "registry_url", "repository", "path", "artifact_url", "name", "id"] as const),
      ]),
    jobs: () => {
      settleJobs(state.jobs);
      return state.jobs.list.map(jobSnapshot);
    },
    attest: (org, digest, repository) => void attest(state.store, orgOf(state, org), digest, repository),
    writeDeployment: (orgName, body) => {
      const { org, source } = foreignWrite(state, orgName, "create-artifact-deployment-record", body);
      return deploymentSnapshot(org, writeDeployment(state.store, org, body, body, source));
    },
    writeStorage: (orgName, body) => {
      const { org, source } = foreignWrite(state, orgName, "create-artifact-storage-record", body);
      return storageSnapshot(org, writeStorage(state.store, org, body, source));
    },
    comments: (pull) => commentsOf(state.store, pull),
    writeComment: (pull, login, body) => addComment(state.store, commentsOf(state.store, pull), login, body),
    setRemaining: (remaining, resetInSeconds) => setRemaining(state.limits, remaining, resetInSeconds),
    planJob: (plan) => void state.jobs.plans.push(plan),
    finishJobs: () => finishJobs(state.jobs),
  } satisfies Omit<GitHub, keyof typeof server>);
}
