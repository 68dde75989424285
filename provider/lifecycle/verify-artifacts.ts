/** With `verifyArtifacts`, what is about to be recorded is looked up before: whether GitHub will know its artifact. */
import { isAttested } from "../github/attestations";
import { CONCURRENT_READS, mapBounded } from "../runtime/map-bounded";
import type { Candidate, RunContext, VerifyArtifacts } from "./run-context";
import { listAtMost, MAX_LISTED } from "../runtime/list-at-most";

/**
 * Each digest is asked for once. Pulumi checks one resource after the other and does not say which is the last: after
 * ten warnings only the sum is told, whenever it has doubled. Where GitHub does not answer, that is told once, and
 * nothing more is asked.
 */
export function createVerifyArtifacts(context: RunContext): VerifyArtifacts {
  const seen = new Set<string>();
  const sum = { asked: 0, missing: 0, warnings: 0, told: 0 };
  let answers = true;

  function tell(missing: Candidate[], asked: number): void {
    sum.asked += asked;
    sum.missing += missing.length;
    if (missing.length === 0) return;
    if (++sum.warnings <= MAX_LISTED)
      context.warn(`${found(missing.length, asked)}: ${names(missing)}. ${REMEDY}`);
    else if (sum.missing >= 2 * sum.told) context.warn(`${found(sum.missing, sum.asked)} so far. ${REMEDY}`);
    else return;
    sum.told = sum.missing;
  }

  return async (candidates) => {
    const fresh = candidates.filter(({ org, digest }) => {
      const key = `${org.toLowerCase()} ${digest}`;
      return !seen.has(key) && seen.add(key);
    });
    if (fresh.length === 0 || !answers) return;
    const { missing, asked, error } = await lookUp(context, fresh);
    tell(missing, asked);
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
