/** What GitHub lists for a digest, asked for while a removal still waits for its lane. */
import { RateLimitedError, UnreachableError } from "../github/errors";
import type { GitHubClient } from "../github/client";
import { listDeploymentRecords } from "../github/deployment-records";
import type { RecordAnswer } from "../github/schemas";

/** What was answered longer ago is asked for again: meanwhile another writer may have taken the record over. */
const FRESH_MILLISECONDS = 2_000;

export interface ListCache {
  /** Asks once for a digest, for all who want to know it soon. */
  of(github: GitHubClient, org: string, digest: string): Promise<RecordAnswer[]>;
  /** What was listed is not the truth any more, or nobody wants to know it. */
  forget(org: string, digest: string): void;
}

interface Listed {
  records: Promise<RecordAnswer[]>;
  /** With whose deadline it was asked for. */
  github: GitHubClient;
  until: number;
}

const keyOf = (org: string, digest: string) => JSON.stringify([org.toLowerCase(), digest]);

/** One who began earlier may have no time left for an answer, and another one may. */
const unlessTooLate = (list: () => Promise<RecordAnswer[]>) => (error: unknown) => {
  if (error instanceof UnreachableError || error instanceof RateLimitedError) return list();
  throw error;
};

export function createListCache(now: () => number): ListCache {
  const listed = new Map<string, Listed>();
  return {
    of(github, org, digest) {
      const key = keyOf(org, digest);
      const known = listed.get(key);
      const list = () => listDeploymentRecords(github, org, digest);
      if (known && now() <= known.until)
        return known.github === github ? known.records : known.records.catch(unlessTooLate(list));
      const records = list();
      const asked: Listed = { records, github, until: Infinity };
      listed.set(key, asked);
      const answered = () => (asked.until = now() + FRESH_MILLISECONDS);
      records.then(answered, answered);
      return records;
    },
    forget: (org, digest) => void listed.delete(keyOf(org, digest)),
  };
}
