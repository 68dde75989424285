/** A background job of GitHub's: submitted when the cluster is free, polled until it ends. */
import { getJob, submitJob } from "../github/cluster-deployments";
import type { Sending, Target } from "../github/cluster-deployments";
import { JobConflictError, NotFoundError } from "../github/errors";
import type { FailedEntry } from "../github/schemas";
import type { DeploymentEntry } from "../github/wire";
import { ProviderError } from "../runtime/errors";
import type { RunContext } from "../lifecycle/run-context";

/** Of one write, which may take several jobs. */
export interface Progress {
  done: number;
  total: number;
  /** When the user was last told. */
  said: number;
}

const FIRST_PAUSE = 2_000;
const LAST_PAUSE = 30_000;
const PROGRESS_EVERY = 10_000;

/** 2 s, growing to 30 s, until the deadline of one job. */
function pauses(context: RunContext) {
  const started = context.now();
  const limit = context.settings().timeoutSeconds * 1000;
  let next = FIRST_PAUSE;
  return async (waitingFor: string) => {
    if (context.now() - started + next > limit)
      throw new ProviderError(
        `${waitingFor} was not done after ${context.settings().timeoutSeconds} s (artifact-metadata:timeoutSeconds). ` +
          `Run the same command again: it goes on with what is missing.`,
      );
    // Interrupted, the next request says so.
    await context.sleep(next, context.interruption?.begun).catch(() => undefined);
    next = Math.min(Math.round(next * 1.5), LAST_PAUSE);
  };
}

export interface Ended {
  /** Those that were sent. */
  entries: DeploymentEntry[];
  failed: FailedEntry[];
  /** The server's time when the job was done. */
  date: string | undefined;
}

/** Undefined where nothing was left to send. */
export async function runJob(
  context: RunContext,
  target: Target,
  sending: Sending,
  progress: Progress,
): Promise<Ended | undefined> {
  let { entries } = sending;
  for (let tries = 1; ; tries++) {
    const submitted = await submitWhenFree(context, target, { ...sending, entries }, tries > 1);
    if (submitted === undefined) return undefined;
    const { jobId, failed } = submitted;
    entries = submitted.entries;
    const ended = await waitForJob(context, target, jobId, progress);
    if (ended.status === "completed")
      return { entries, failed: [...failed, ...ended.errors], date: ended.date };
    // Writing a record twice does no harm, so a job that failed or vanished is sent once more.
    if (tries === 2)
      throw new ProviderError(
        `The background job ${jobId} of cluster ${target.cluster} ${ended.status}, as the one before it did not ` +
          `complete. Run the same command again: it goes on with what is missing.`,
      );
  }
}

/**
 * One job at a time for a cluster, whoever started it: 409 is waited out. Each job that is waited for, somebody else's
 * or our own, has a deadline of its own.
 */
async function submitWhenFree(
  context: RunContext,
  target: Target,
  { entries, recheck }: Sending,
  isLate: boolean,
) {
  const [github, pause] = [context.github(), pauses(context)];
  let current: DeploymentEntry[] | undefined = entries;
  for (let told = false; ; told = true) {
    if ((told || isLate) && recheck) current = await recheck(current);
    if (current === undefined) return undefined;
    try {
      return await submitJob(github, target, { entries: current, recheck });
    } catch (error) {
      if (!(error instanceof JobConflictError)) throw error;
      if (!told)
        context.info(
          `Cluster ${target.cluster}: waiting for another background job to end, for at most ` +
            `${context.settings().timeoutSeconds} s (artifact-metadata:timeoutSeconds).`,
        );
      await pause(`Another background job of cluster ${target.cluster}`);
    }
  }
}

async function waitForJob(context: RunContext, target: Target, jobId: string, progress: Progress) {
  const [github, pause] = [context.github(), pauses(context)];
  for (;;) {
    await pause(`The background job ${jobId} of cluster ${target.cluster}`);
    const state = await getJob(github, target, jobId).catch((error: unknown) => {
      if (error instanceof NotFoundError) return undefined;
      throw error;
    });
    if (state === undefined) return { status: "vanished", errors: [], date: undefined } as const;
    if (state.status === "completed" || state.status === "failed") return { ...state, status: state.status };
    if (context.now() - progress.said < PROGRESS_EVERY) continue;
    progress.said = context.now();
    context.info(
      `Cluster ${target.cluster}: ${progress.done} of ${progress.total} deployments written; job ${jobId} is ${state.status}.`,
    );
  }
}
