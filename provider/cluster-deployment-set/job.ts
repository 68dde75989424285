/** A background job of GitHub's: submitted when the cluster is free, polled until it ends. */
import type { GitHubClient } from "../github/client";
import { getJob, submitJob } from "../github/cluster-deployments";
import type { Sending, Target } from "../github/cluster-deployments";
import { JobConflictError, NotFoundError } from "../github/errors";
import type { FailedEntry } from "../github/schemas";
import type { DeploymentEntry } from "../github/wire";
import { ProviderError, withMayBeWritten } from "../runtime/errors";
import type { RunContext } from "../lifecycle/run-context";

/** Of one write, which may take several jobs. */
export interface Progress {
  done: number;
  total: number;
  /** When the user was last told. */
  said: number;
}

/** Where a job runs, and the operation that waits for it. */
export interface JobRun {
  context: RunContext;
  /** The operation's own client: its deadline counts all waits. */
  github: GitHubClient;
  target: Target;
  progress: Progress;
}

/** Short at first: the sooner the end is seen, the less time another writer has in between. */
const FIRST_POLL = 250;
const FIRST_CONFLICT = 2_000;
const LAST_PAUSE = 30_000;
const PROGRESS_EVERY = 10_000;

/** Growing pauses until the deadline. Resolves to whether there was time for one. */
function pauses({ context, github }: JobRun, first: number) {
  let next = first;
  return async (): Promise<boolean> => {
    if (next > github.timeLeft()) return false;
    // Interrupted, the next request says so.
    await context.sleep(next, context.interruption?.begun).catch(() => undefined);
    next = Math.min(Math.round(next * 1.5), LAST_PAUSE);
    return true;
  };
}

const notDone = ({ context }: JobRun, what: string, then: string) =>
  new ProviderError(
    `${what} had not finished after ${context.settings().timeoutSeconds} s (artifact-metadata:timeoutSeconds). ${then}`,
  );

const unfinished = (run: JobRun, id: string) =>
  notDone(
    run,
    `The background job ${id} of cluster ${run.target.cluster}`,
    "It continues on GitHub. Run the same command again: it waits for this job and then sends what is missing.",
  );

/** Its end could not be seen, so it may go on like a job that outlives the deadline. */
const unseen = (run: JobRun, id: string, error: Error) =>
  new ProviderError(
    `The background job ${id} of cluster ${run.target.cluster} was started, and its end could not be seen: ` +
      `${error.message} This job may continue on GitHub: the next run waits for it and then sends what is missing.`,
  );

const notCompleted = ({ target }: JobRun, id: string, how: string) =>
  withMayBeWritten(
    new ProviderError(
      `The background job ${id} of cluster ${target.cluster} ${how}, after an earlier one did not complete. ` +
        `Run the same command again: it sends what is missing.`,
    ),
  );

export interface Job {
  id: string;
  /** Those that were sent. */
  entries: DeploymentEntry[];
  failed: FailedEntry[];
  /** The server's time when the job was done. */
  date: string | undefined;
  /** The deadline passed, or the job can no longer be asked for, and it may go on. */
  unfinished?: Error;
}

/** Undefined where nothing was left to send. */
export async function runJob(run: JobRun, sending: Sending): Promise<Job | undefined> {
  let { entries } = sending;
  for (let tries = 1; ; tries++) {
    const submitted = await submitWhenFree(run, { ...sending, entries }, tries > 1).catch(
      (error: unknown) => {
        // The job before it may have written some of them.
        throw tries > 1 ? withMayBeWritten(error) : error;
      },
    );
    if (submitted === undefined) return undefined;
    const { jobId: id, failed } = submitted;
    entries = submitted.entries;
    const ended = await waitForJob(run, id).catch((error: unknown) => unseen(run, id, error as Error));
    if (ended instanceof Error) return { id, entries, failed, date: undefined, unfinished: ended };
    if (ended.status === "completed")
      return { id, entries, failed: [...failed, ...ended.errors], date: ended.date };
    // Writing a record twice does no harm, so a job that failed or vanished is sent once more.
    if (tries === 2) throw notCompleted(run, id, ended.status);
  }
}

/** One job at a time for a cluster, whoever started it: 409 is waited out. */
async function submitWhenFree(run: JobRun, { entries, recheck }: Sending, isLate: boolean) {
  const { context, github, target } = run;
  const pause = pauses(run, FIRST_CONFLICT);
  let current: DeploymentEntry[] | undefined = entries;
  // Where the answer to its start was lost, the job that runs can be this one's own.
  let isOwn = false;
  for (let told = false; ; told = true) {
    if ((told || isLate) && recheck) current = await recheck(current);
    if (current === undefined) return undefined;
    try {
      return await submitJob(github, target, { entries: current, recheck });
    } catch (error) {
      if (!(error instanceof JobConflictError)) throw isOwn ? withMayBeWritten(error) : error;
      isOwn ||= error.mayBeWritten;
      if (!told)
        context.info(
          `Cluster ${target.cluster}: waiting for another background job to end, for at most ` +
            `${Math.round(github.timeLeft() / 1000)} s (artifact-metadata:timeoutSeconds).`,
        );
      if (await pause()) continue;
      const other = `Another background job of cluster ${target.cluster}`;
      const late = notDone(run, other, "Run the same command again: it sends what is missing.");
      throw isOwn ? withMayBeWritten(late) : late;
    }
  }
}

const NONE: Pick<Job, "date"> & { errors: FailedEntry[] } = { errors: [], date: undefined };

/** Waits until the job has ended. Returns an error where the operation's deadline would pass before. */
async function waitForJob(run: JobRun, jobId: string) {
  const { context, github, target, progress } = run;
  const pause = pauses(run, FIRST_POLL);
  for (;;) {
    if (!(await pause())) return unfinished(run, jobId);
    const state = await getJob(github, target, jobId).catch((error: unknown) => {
      if (error instanceof NotFoundError) return undefined;
      throw error;
    });
    if (state === undefined) return { status: "vanished" as const, ...NONE };
    if (state.status === "completed" || state.status === "failed") return { ...state, status: state.status };
    if (context.now() - progress.said < PROGRESS_EVERY) continue;
    progress.said = context.now();
    context.info(
      `Cluster ${target.cluster}: ${progress.done} of ${progress.total} deployments written; job ${jobId} is ${state.status}.`,
    );
  }
}

/** Waits for a job that an earlier run has started. @throws where it goes on past the deadline, or cannot be asked for. */
export async function waitForEarlierJob(run: JobRun, id: string) {
  const ended = await waitForJob(run, id).catch((error: unknown) => unseen(run, id, error as Error));
  if (ended instanceof Error) throw ended;
  return ended;
}
