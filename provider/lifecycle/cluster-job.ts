/** A background job of GitHub's: submitted when the cluster is free, polled until it ends. */
import { getJob, submitJob } from "../github/cluster-deployments";
import type { Target } from "../github/cluster-deployments";
import { JobConflictError, NotFoundError } from "../github/errors";
import type { FailedEntry } from "../github/schemas";
import type { DeploymentEntry } from "../github/wire";
import { ProviderError } from "./errors";
import type { Host } from "./host";

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
function pauses(host: Host) {
  const started = host.now();
  const limit = host.settings().timeoutSeconds * 1000;
  let next = FIRST_PAUSE;
  return async (waitingFor: string) => {
    if (host.now() - started + next > limit)
      throw new ProviderError(
        `${waitingFor} was not done after ${host.settings().timeoutSeconds} s (artifact-metadata:timeoutSeconds). ` +
          `Run the same command again: it goes on with what is missing.`,
      );
    // Interrupted, the next request says so.
    await host.sleep(next, host.interruption?.begun).catch(() => undefined);
    next = Math.min(Math.round(next * 1.5), LAST_PAUSE);
  };
}

/** The entries that failed, and the server's time when the job was done. */
export async function runJob(
  host: Host,
  target: Target,
  entries: DeploymentEntry[],
  progress: Progress,
): Promise<{ failed: FailedEntry[]; date: string | undefined }> {
  for (let tries = 1; ; tries++) {
    const { jobId, failed } = await submitWhenFree(host, target, entries);
    const ended = await waitForJob(host, target, jobId, progress);
    if (ended.status === "completed") return { failed: [...failed, ...ended.errors], date: ended.date };
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
async function submitWhenFree(host: Host, target: Target, entries: DeploymentEntry[]) {
  const [github, pause] = [host.github(), pauses(host)];
  for (let told = false; ; told = true) {
    try {
      return await submitJob(github, target, entries);
    } catch (error) {
      if (!(error instanceof JobConflictError)) throw error;
      if (!told)
        host.info(
          `Cluster ${target.cluster}: waiting for another background job to end, for at most ` +
            `${host.settings().timeoutSeconds} s (artifact-metadata:timeoutSeconds).`,
        );
      await pause(`Another background job of cluster ${target.cluster}`);
    }
  }
}

async function waitForJob(host: Host, target: Target, jobId: string, progress: Progress) {
  const [github, pause] = [host.github(), pauses(host)];
  for (;;) {
    await pause(`The background job ${jobId} of cluster ${target.cluster}`);
    const state = await getJob(github, target, jobId).catch((error: unknown) => {
      if (error instanceof NotFoundError) return undefined;
      throw error;
    });
    if (state === undefined) return { status: "vanished", errors: [], date: undefined } as const;
    if (state.status === "completed" || state.status === "failed") return { ...state, status: state.status };
    if (host.now() - progress.said < PROGRESS_EVERY) continue;
    progress.said = host.now();
    host.info(
      `Cluster ${target.cluster}: ${progress.done} of ${progress.total} deployments written; job ${jobId} is ${state.status}.`,
    );
  }
}
