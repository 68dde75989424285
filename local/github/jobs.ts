/** Background jobs: one at a time for a cluster. Polls, or time, move them forward. */
import { type NamedInCall, type Place, writeDeployment } from "./deployments";
import { timestamp } from "../http/clock";
import type { JobOptions } from "./options";
import type { Org, Source, Store } from "./store";
import type { DeploymentEntry, JobSnapshot } from "./types";

/** What becomes of the next job. */
export interface JobPlan {
  /** `vanished`: once it would have ended, the job is unknown (404). */
  outcome: "completed" | "failed" | "vanished";
  /** How many deployments are written although the job does not complete. Default 0. */
  written?: number;
  /** The job's `errors`. */
  errors?: Record<string, unknown>[];
}

export interface AcceptedDeployment {
  entry: DeploymentEntry;
  source: Source;
}

export interface Job {
  id: bigint;
  org: Org;
  where: Place & { cluster: string };
  accepted: AcceptedDeployment[];
  plan: JobPlan;
  status: JobSnapshot["status"];
  createdAt: number;
  startedAt: number | undefined;
  polls: number;
}

export interface Jobs {
  store: Store;
  pace: JobOptions;
  list: Job[];
  /** For the next jobs, in their order. */
  plans: JobPlan[];
}

export function jobsFrom(store: Store, pace: JobOptions = { pollsPerStep: 1 }): Jobs {
  return { store, pace, list: [], plans: [] };
}

export function isRunning(job: Job): boolean {
  return job.status === "pending" || job.status === "processing";
}

function start(job: Job, at: number): void {
  job.status = "processing";
  job.startedAt ??= at;
}

function end(jobs: Jobs, job: Job, at: number): void {
  start(job, at);
  const then = { ...jobs.store, clock: () => at };
  const { outcome, written = 0 } = job.plan;
  const named: NamedInCall = new Set();
  for (const { entry, source } of outcome === "completed" ? job.accepted : job.accepted.slice(0, written))
    writeDeployment(then, job.org, job.where, entry, source, named);
  job.status = outcome;
}

/** Steps done so far: 0 pending, 1 processing, 2 ended. */
function stepsDone(jobs: Jobs, job: Job): number {
  const { pace } = jobs;
  const [done, each] =
    "pollsPerStep" in pace
      ? [job.polls, pace.pollsPerStep]
      : [jobs.store.clock() - job.createdAt, pace.stepMilliseconds];
  return each <= 0 ? 2 : Math.floor(done / each);
}

/** When a step was done: a job that is paced by the clock moves on time, whenever it is looked at. */
function timeOfStep({ pace, store }: Jobs, job: Job, step: number): number {
  return "pollsPerStep" in pace ? store.clock() : job.createdAt + step * Math.max(0, pace.stepMilliseconds);
}

function bringUpToDate(jobs: Jobs, job: Job): void {
  if (!isRunning(job)) return;
  const steps = stepsDone(jobs, job);
  if (steps >= 1) start(job, timeOfStep(jobs, job, 1));
  if (steps >= 2) end(jobs, job, timeOfStep(jobs, job, 2));
}

/** Jobs that are paced by the clock end without a poll; other requests do not move the others. */
export function settleJobs(jobs: Jobs): void {
  if ("stepMilliseconds" in jobs.pace) for (const job of jobs.list) bringUpToDate(jobs, job);
}

/** Brings the job up to date, then counts this poll for the next step. */
export function pollJob(jobs: Jobs, job: Job): void {
  bringUpToDate(jobs, job);
  job.polls += 1;
}

export function runningJob(jobs: Jobs, org: Org, cluster: string): Job | undefined {
  const job = jobs.list.find((one) => one.org === org && one.where.cluster === cluster && isRunning(one));
  if (!job) return undefined;
  // Asking for another job counts as a poll too: else a job whose client died would block its cluster for ever.
  pollJob(jobs, job);
  return isRunning(job) ? job : undefined;
}

export function findJob(jobs: Jobs, org: Org, cluster: string, id: string): Job | undefined {
  return jobs.list.find(
    (job) => job.org === org && job.where.cluster === cluster && job.id.toString() === id,
  );
}

export function createJob(jobs: Jobs, org: Org, where: Job["where"], accepted: AcceptedDeployment[]): Job {
  const job: Job = {
    id: jobs.store.nextId(),
    org,
    where,
    accepted,
    plan: jobs.plans.shift() ?? { outcome: "completed" },
    status: "pending",
    createdAt: jobs.store.clock(),
    startedAt: undefined,
    polls: 0,
  };
  jobs.list.push(job);
  return job;
}

/** Ends every running job now. */
export function finishJobs(jobs: Jobs): void {
  for (const job of jobs.list.filter(isRunning)) end(jobs, job, jobs.store.clock());
}

export function jobAnswer(job: Job): Record<string, unknown> {
  const ended = job.status === "completed" || job.status === "failed";
  return {
    job_id: job.id,
    status: job.status,
    started_at: job.startedAt === undefined ? undefined : timestamp(job.startedAt),
    total_count: job.status === "completed" ? job.accepted.length : undefined,
    errors: ended ? (job.plan.errors ?? []) : undefined,
  };
}

export function jobSnapshot(job: Job): JobSnapshot {
  const { id, org, where, status, accepted } = job;
  return {
    id: id.toString(),
    org: org.name,
    cluster: where.cluster,
    status,
    deployments: accepted.length,
  };
}
