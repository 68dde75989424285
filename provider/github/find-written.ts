/** What a write with an empty answer has done is read, once. */
import type { EmptyAnswerError } from "../http/errors";
import { CONCURRENT_READS, mapBounded } from "../runtime/map-bounded";
import { MissingArtifactError } from "./errors";
import type { RecordAnswer } from "./schemas";
import type { DeploymentEntry, Place } from "./wire";
import { isAt } from "./wire";

export type WrittenEntry = Pick<DeploymentEntry, "deployment_name" | "digest" | "status">;

const keyOf = ({ digest, deployment_name: name }: Pick<WrittenEntry, "digest" | "deployment_name">) =>
  JSON.stringify([digest, name]);

/**
 * The records that are listed as written since the request was sent. A list may leave out what is decommissioned: an
 * entry that was to become that and is not listed counts as written.
 *
 * @throws EmptyAnswerError where they cannot be read
 */
export async function findWritten(
  place: Place,
  entries: WrittenEntry[],
  error: EmptyAnswerError,
  list: (digest: string) => Promise<RecordAnswer[]>,
): Promise<RecordAnswer[]> {
  const lists = await readAll([...new Set(entries.map(({ digest }) => digest))], error, list);
  const listed = new Map<string, RecordAnswer>();
  for (const record of lists.flat().filter((one) => isAt(place, one))) {
    const before = listed.get(keyOf(record));
    if (before === undefined || timeOf(record) > timeOf(before)) listed.set(keyOf(record), record);
  }
  return entries.flatMap((entry): RecordAnswer[] => {
    const record = listed.get(keyOf(entry));
    if (record === undefined) return entry.status === "decommissioned" ? [unseen(place, entry)] : [];
    return timeOf(record) >= error.empty.sentAt ? [record] : [];
  });
}

/** Reads each of these. @throws EmptyAnswerError where that is not possible */
export async function readAll<T>(
  keys: string[],
  error: EmptyAnswerError,
  list: (key: string) => Promise<T[]>,
): Promise<T[][]> {
  const listed = (key: string) =>
    list(key).catch((reason: unknown) => {
      if (reason instanceof MissingArtifactError) return [];
      throw error.notReadable(reason);
    });
  return mapBounded(keys, CONCURRENT_READS, listed);
}

const timeOf = ({ updated_at: time = "" }: { updated_at?: string }): number => Date.parse(time);

const unseen = (place: Place, { digest, deployment_name }: WrittenEntry): RecordAnswer => ({
  ...{ digest, deployment_name, logical_environment: place.logical_environment },
  ...{ physical_environment: place.physical_environment, cluster: place.cluster },
  ...{ id: undefined, attestation_id: undefined, created_at: undefined, updated_at: undefined },
  ...{ tags: undefined, runtime_risks: undefined },
});
