/** With `verifyArtifacts`, what is about to be recorded is looked up before: whether GitHub will know its artifact. */
import { isAttested } from "../github/attestations";
import { CONCURRENT_READS, mapBounded } from "../runtime/map-bounded";
import type { Candidate, RunContext, VerifyArtifacts } from "./run-context";
import { listAtMost, MAX_LISTED } from "../runtime/list-at-most";

/**
 * Each digest is looked up once. Pulumi checks one resource after the other and does not say which is the last: after
 * ten warnings, one more says that there are others. Where GitHub does not answer, a warning says so once, and no
 * further checks are made.
 */
export function createVerifyArtifacts(context: RunContext): VerifyArtifacts {
  const seen = new Set<string>();
  let warnings = 0;
  let answers = true;

  function report(missing: Candidate[], asked: number): void {
    if (missing.length === 0) return;
    warnings++;
    if (warnings <= MAX_LISTED) context.warn(`${found(missing.length, asked)}: ${names(missing)}. ${REMEDY}`);
    else if (warnings === MAX_LISTED + 1)
      context.warn(`verifyArtifacts: more digests without a provenance attestation were found. ${REMEDY}`);
  }

  return async (candidates) => {
    const fresh = candidates.filter(({ org, digest }) => {
      const key = `${org.toLowerCase()} ${digest}`;
      return !seen.has(key) && seen.add(key);
    });
    if (fresh.length === 0 || !answers) return;
    const { missing, asked, error } = await lookUp(context, fresh);
    report(missing, asked);
    if (error === undefined || !answers) return;
    answers = false;
    context.warn(`${NOT_KNOWN} ${error.message}`);
  };
}

interface LookedUp {
  missing: Candidate[];
  asked: number;
  error?: Error;
}

async function lookUp(context: RunContext, candidates: Candidate[]): Promise<LookedUp> {
  const result: LookedUp = { missing: [], asked: 0 };
  const failed = (error: unknown) => {
    result.error ??= error instanceof Error ? error : new Error(String(error));
  };
  try {
    const github = context.github();
    await mapBounded(candidates, CONCURRENT_READS, async (candidate) => {
      if (result.error !== undefined) return;
      try {
        if (!(await isAttested(github, candidate.org, candidate.digest))) result.missing.push(candidate);
        result.asked++;
      } catch (error) {
        failed(error);
      }
    });
  } catch (error) {
    failed(error);
  }
  return result;
}

const found = (missing: number, asked: number): string =>
  `verifyArtifacts: no provenance attestation found for ${missing} of ${asked} digest${asked === 1 ? "" : "s"}`;

const names = (missing: Candidate[]): string =>
  listAtMost(
    missing.map(({ digest, what }) => `${digest} (${what})`),
    "; ",
  );

const REMEDY =
  "GitHub refuses a record of an artifact that it does not know: attest it (actions/attest), or set githubRepository. " +
  'One that the token may not read (permission "Attestations: read") is not found either.';

const NOT_KNOWN =
  "verifyArtifacts: it is not known whether what is to be recorded has attestations, and nothing more is asked.";
