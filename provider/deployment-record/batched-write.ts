/**
 * Writes single deployment records: alone where nothing else is waiting, together where several wait for the request
 * before them (docs/decisions/0005-batching.md).
 */
import { MAX_ENTRIES } from "../github/cluster-deployments";
import { clearingEntry } from "../github/wire";
import { clusterInPath } from "../lifecycle/fields";
import type { RunContext } from "../lifecycle/run-context";
import { withMayBeWritten } from "../runtime/errors";
import { createBatches } from "./batch";
import { deploymentIdentity, findRecord, laneOf } from "./identity";
import type { DeploymentIdentity } from "./identity";
import { createListCache } from "./list-cache";
import { sendBatch } from "./send-batch";
import type { BatchedAnswer, RecordWrite } from "./send-batch";

export type BatchedWrite = (write: RecordWrite) => Promise<BatchedAnswer>;

/** Half of what Pulumi runs at once on two cores. */
const OVERLAP_SIZE = 4;

export function createBatchedWrite(context: RunContext): BatchedWrite {
  const listing = createListCache(context.now);
  const { isShared = false } = context.queue;
  const join = createBatches<RecordWrite, BatchedAnswer>({
    queue: context.queue,
    max: MAX_ENTRIES,
    overlapSize: OVERLAP_SIZE,
    ready: ({ github }) => github.untilWritable(),
    send: (writes) => sendBatch(context, isShared ? createListCache(context.now) : listing, writes),
  });
  return async function writeUntilClear(write: RecordWrite): Promise<BatchedAnswer> {
    const { github, identity, entry, removes } = write;
    const key = deploymentIdentity.key(identity);
    // A removal's list is read while the removal waits for its lane.
    const isDeclared = context.declarations.of(key) !== undefined;
    if (removes && context.settings().verifyOwnership && !isDeclared && !isShared)
      listing.of(github, identity.org, entry.digest).catch(() => undefined);
    const answer = await join(laneOf(identity), batchKeyOf(identity), key, write);
    const again = answer.entry && clearingEntry(answer.entry, ownRecord(identity, answer));
    if (!again) return answer;
    // An entry that clears tags and risks has nothing left to clear, so this ends. The record itself is written.
    return writeUntilClear({ github, identity, entry: again }).catch((error: unknown) => {
      throw withMayBeWritten(error);
    });
  };
}

/** An answer about another record is not taken for this one's. */
export function ownRecord(identity: DeploymentIdentity, { entry, records }: BatchedAnswer) {
  const own = findRecord(identity, records);
  return own?.digest === entry?.digest ? own : undefined;
}

/**
 * Writes with the same batch key may share one request; it is narrower than the lane, which only orders requests. A
 * record without a usable cluster has a key of its own.
 */
function batchKeyOf(identity: DeploymentIdentity): string {
  const { org, logicalEnvironment, physicalEnvironment, cluster } = identity;
  return clusterInPath.safeParse(cluster).success
    ? JSON.stringify([org.toLowerCase(), logicalEnvironment, physicalEnvironment, cluster])
    : deploymentIdentity.key(identity);
}
