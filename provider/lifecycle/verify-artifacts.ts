/** With `verifyArtifacts`, what is about to be recorded is looked up before: whether GitHub will know its artifact. */
import { isAttested } from "../github/attestations";
import { mapBounded } from "./concurrency";
import type { Host } from "./host";

/** Lists asked for at once. */
const CONCURRENT_READS = 8;
const NAMED = 10;

export interface Candidate {
  org: string;
  digest: string;
  /** The record in a user's words. */
  what: string;
}

/** Resolves when the user has been told what is missing. It never fails. */
export type VerifyArtifacts = (candidates: Candidate[]) => Promise<void>;

/**
 * Each digest is asked for once. What comes while others are asked for is the next batch: one warning, however many
 * resources there are. Where GitHub does not answer, that is told once, and nothing more is asked.
 */
export function createVerifyArtifacts(host: Host): VerifyArtifacts {
  const seen = new Set<string>();
  let next: { candidates: Candidate[]; told: Promise<void> } | undefined;
  let last: Promise<boolean> = Promise.resolve(true);

  function begin() {
    const candidates: Candidate[] = [];
    last = last.then(async (answers) => {
      // What is checked at the same time arrives a moment later.
      await new Promise((resolve) => setImmediate(resolve));
      next = undefined;
      return answers && lookUp(host, candidates);
    });
    return { candidates, told: last.then(() => undefined) };
  }

  return async (candidates) => {
    const fresh = candidates.filter(({ org, digest }) => {
      const key = `${org.toLowerCase()} ${digest}`;
      return !seen.has(key) && seen.add(key);
    });
    if (fresh.length === 0) return;
    next ??= begin();
    next.candidates.push(...fresh);
    await next.told;
  };
}

/** Whether GitHub answered. */
async function lookUp(host: Host, candidates: Candidate[]): Promise<boolean> {
  const missing: Candidate[] = [];
  let failed: { error: unknown } | undefined;
  let asked = 0;
  try {
    const github = host.github();
    await mapBounded(candidates, CONCURRENT_READS, async (candidate) => {
      if (failed !== undefined) return;
      try {
        if (!(await isAttested(github, candidate.org, candidate.digest))) missing.push(candidate);
        asked++;
      } catch (error) {
        failed ??= { error };
      }
    });
  } catch (error) {
    failed = { error };
  }
  if (missing.length > 0) host.warn(notFound(missing, asked));
  if (failed !== undefined) host.warn(notKnown(failed.error));
  return failed === undefined;
}

function notFound(missing: Candidate[], asked: number): string {
  const named = missing.slice(0, NAMED).map(({ digest, what }) => `${digest} (${what})`);
  const more = missing.length > NAMED ? ` …and ${missing.length - NAMED} more` : "";
  return (
    `verifyArtifacts: no provenance attestation found for ${missing.length} of ${asked} ` +
    `digest${asked === 1 ? "" : "s"}: ${named.join("; ")}${more}. GitHub refuses a record of an artifact that it does ` +
    "not know: attest it (actions/attest), or set githubRepository. One that the token may not read (permission " +
    '"Attestations: read") is not found either.'
  );
}

const notKnown = (error: unknown): string =>
  "verifyArtifacts: it is not known whether what is to be recorded has attestations, and nothing more is asked. " +
  (error instanceof Error ? error.message : String(error));
