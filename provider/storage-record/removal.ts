/** Removes a storage record whose resource is deleted. */
import type { GitHubClient } from "../github/client";
import { listStorageRecords, writeStorageRecord } from "../github/storage-records";
import type { StorageBody } from "../github/storage-records";
import { acceptMissing } from "../lifecycle/missing-artifact";
import { decideRemovals } from "../lifecycle/removal";
import { removeInTwoPasses, sendDecided } from "../lifecycle/remove-declared";
import type { Verdict } from "../lifecycle/removal";
import type { RunContext } from "../lifecycle/run-context";
import { UNKNOWN_TIME } from "../lifecycle/unknown-outcome";
import { keepForReplacement, wasNeverWritten } from "../lifecycle/write-declared";
import { findStorage, storageIdentity, storageLane } from "./identity";
import type { StorageIdentity } from "./identity";

export interface StorageRemoval {
  identity: StorageIdentity;
  /** What the state has of it. */
  props: {
    status?: string;
    onDelete: string;
    version?: string;
    githubRepository?: string;
    updatedAt?: string;
  };
  /** The request that writes this content. */
  bodyOf: (content: object) => StorageBody;
  /** Whether another resource declares what this one has written last. */
  isSame: (content: object) => boolean;
}

export async function remove(context: RunContext, removal: StorageRemoval): Promise<void> {
  const { identity, props } = removal;
  if (wasNeverWritten(props)) return;
  const key = storageIdentity.key(identity);
  if (keepForReplacement(context, storageIdentity, { record: identity, props })) return;
  const github = context.github();
  const what = storageIdentity.describe(identity);
  await removeInTwoPasses(context, { key, what }, (isSecondPass) =>
    context.queue(storageLane(identity), async () => {
      const verdict = await removeInLane(context, github, { ...removal, isSecondPass });
      return verdict === "open";
    }),
  );
}

type Pass = StorageRemoval & { isSecondPass: boolean };

async function removeInLane(
  context: RunContext,
  github: GitHubClient,
  removal: Pass,
): Promise<Verdict["kind"]> {
  const { identity, props, bodyOf } = removal;
  const key = storageIdentity.key(identity);
  const artifact = { ...identity, githubRepository: props.githubRepository };
  const { version } = context.artifacts.of(identity.org, artifact) ?? props;
  const removed = bodyOf({ ...props, version, status: props.onDelete });
  try {
    const kind = await sendDecided(context, {
      ...{ key, removed, restored: bodyOf },
      decide: () => decide(context, github, removal),
      send: (first, options) => writeStorageRecord(github, identity.org, first, options),
    });
    if (kind === "remove") context.declarations.settle(key, "removed");
    return kind;
  } catch (error) {
    acceptMissing(context, error, `${storageIdentity.describe(identity)} was not removed`, props.updatedAt);
    return "remove";
  }
}

async function decide(
  context: RunContext,
  github: GitHubClient,
  { identity, props, isSame, isSecondPass }: Pass,
): Promise<Verdict> {
  const isRemoved = (status: string | undefined) => status === props.onDelete || status === "deleted";
  const removal = {
    what: storageIdentity.describe(identity),
    key: storageIdentity.key(identity),
    digest: identity.digest,
    ownWrite: props.updatedAt,
    already: isRemoved(props.status) || props.updatedAt === UNKNOWN_TIME,
    isSecondPass,
    ownerHadRun: true,
  };
  const verdicts = await decideRemovals(context, {
    org: identity.org,
    removals: [removal],
    list: (digest) => listStorageRecords(github, identity.org, digest),
    readWaits: github.readWaits,
    find({ already }, listed) {
      const live = findStorage(identity, listed);
      return already && isRemoved(live?.status) ? undefined : live;
    },
    isSame: (_, declared) => isSame(declared),
  });
  return verdicts.get(removal) ?? { kind: "leave" };
}
