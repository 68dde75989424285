/** With `verifyArtifacts`, what is about to be recorded is looked up before: whether GitHub will know its artifact. */
import type * as pulumi from "@pulumi/pulumi";
import { listAtMost, MAX_LISTED } from "../runtime/list-at-most";
import { createAttestationLookup, keyOf } from "./attestation-lookup";
import type { Finding } from "./attestation-lookup";
import type { Candidate, RunContext, VerifyArtifacts } from "./run-context";

type Failures = pulumi.dynamic.CheckFailure[];

/**
 * Each digest is looked up once. Pulumi checks one resource after the other and does not say which is the last: after
 * ten warnings, one more says that there are others. Where GitHub does not answer, a warning says so once, and no
 * further checks are made. With `error` all of that fails the resources that it concerns instead.
 */
export function createVerifyArtifacts(context: RunContext): VerifyArtifacts {
  const lookUp = createAttestationLookup(context);
  const found = new Map<string, Promise<Map<string, Finding>>>();
  const warn = createWarnings(context);

  return async (candidates) => {
    const fresh = [...new Map(candidates.map((one) => [keyOf(one), one])).values()].filter(
      (one) => !found.has(keyOf(one)),
    );
    const looking = fresh.length > 0 ? lookUp(fresh) : undefined;
    if (looking) for (const one of fresh) found.set(keyOf(one), looking);
    const findingOf = async (one: Candidate) => (await found.get(keyOf(one)))?.get(keyOf(one)) ?? true;
    const isStrict = context.settings().verifyArtifacts === "error";
    const concerned = isStrict ? candidates : fresh;
    const findings = await Promise.all(
      concerned.map(async (one) => ({ one, finding: await findingOf(one) })),
    );
    if (isStrict) return failuresOf(findings);
    warn(findings);
    return [];
  };
}

interface Found {
  one: Candidate;
  finding: Finding;
}

function failuresOf(findings: Found[]): Failures {
  const failed = findings.filter(({ finding }) => finding !== true);
  return failed.slice(0, MAX_LISTED).map(({ one, finding }, index) => {
    const more =
      index === MAX_LISTED - 1 && failed.length > MAX_LISTED
        ? ` …and ${failed.length - MAX_LISTED} more.`
        : "";
    return { property: one.property, reason: `${reasonOf(one, finding)}${more}` };
  });
}

const reasonOf = ({ digest }: Candidate, finding: Finding): string =>
  finding instanceof Error
    ? `could not be checked for an attestation (verifyArtifacts is "error"): ${finding.message}`
    : `${digest} has no provenance attestation. ${CAUSES}`;

const CAUSES =
  "Possible causes: the artifact was not attested (actions/attest); the token is not allowed to read the attestations " +
  'of its repository (permission "Attestations: read"); the repository belongs to another organisation; or this is the ' +
  "digest of one platform, and the index was attested. A record with githubRepository needs no attestation.";

function createWarnings(context: RunContext): (findings: Found[]) => void {
  let warnings = 0;
  return (findings) => {
    const missing = findings.flatMap(({ one, finding }) => (finding === false ? [one] : []));
    const asked = findings.filter(({ finding }) => typeof finding === "boolean").length;
    if (missing.length > 0 && ++warnings <= MAX_LISTED)
      context.warn(`${found(missing.length, asked)}: ${names(missing)}. ${REMEDY}`);
    else if (missing.length > 0)
      context.warn(`verifyArtifacts: more digests without a provenance attestation were found. ${REMEDY}`);
    const error = findings.map(({ finding }) => finding).find((finding) => finding instanceof Error);
    if (error) context.warn(`${NOT_KNOWN} ${error.message}`, NOT_KNOWN);
  };
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
  'The token needs the permission "Attestations: read" to find attestations.';

const NOT_KNOWN = "verifyArtifacts: attestations could not be checked; no further checks are made.";
