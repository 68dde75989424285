/** Which digests have a provenance attestation. */
import { findAttested, isAttested } from "../github/attestations";
import { RequestError } from "../http/errors";
import { CONCURRENT_READS, mapBounded } from "../runtime/map-bounded";
import type { Candidate, RunContext } from "./run-context";

type Artifact = Pick<Candidate, "org" | "digest">;

/** Whether a digest has an attestation, or why that could not be checked. */
export type Finding = boolean | Error;

/** The findings by `keyOf`. It never rejects. */
export type AttestationLookup = (artifacts: Artifact[]) => Promise<Map<string, Finding>>;

export const keyOf = ({ org, digest }: Artifact): string => `${org.toLowerCase()} ${digest}`;

/** Many digests in one request where GitHub has that operation; after an error, nothing more is asked. */
export function createAttestationLookup(context: Pick<RunContext, "github">): AttestationLookup {
  let failed: Error | undefined;
  let hasBulk = true;

  async function inBulk(artifacts: Artifact[]): Promise<Map<string, Finding>> {
    const github = context.github();
    const findings = new Map<string, Finding>();
    const orgs = new Map<string, Artifact[]>();
    for (const one of artifacts) {
      const those = orgs.get(one.org);
      if (those) those.push(one);
      else orgs.set(one.org, [one]);
    }
    for (const [org, those] of orgs) {
      const attested = await findAttested(
        github,
        org,
        those.map(({ digest }) => digest),
      );
      for (const one of those) findings.set(keyOf(one), attested.has(one.digest));
    }
    return findings;
  }

  async function oneByOne(artifacts: Artifact[]): Promise<Map<string, Finding>> {
    const github = context.github();
    const look = async ({ org, digest }: Artifact): Promise<Finding> => {
      if (failed) return failed;
      try {
        return await isAttested(github, org, digest);
      } catch (error) {
        return (failed ??= toError(error));
      }
    };
    const findings = await mapBounded(artifacts, CONCURRENT_READS, look);
    return new Map(artifacts.map((one, index) => [keyOf(one), findings[index] ?? true]));
  }

  return async (artifacts) => {
    try {
      if (failed) throw failed;
      if (hasBulk && artifacts.length > 1) return await inBulk(artifacts);
    } catch (error) {
      if (isRefusal(error)) hasBulk = false;
      else failed ??= toError(error);
    }
    try {
      return await oneByOne(artifacts);
    } catch (error) {
      const cause = (failed ??= toError(error));
      return new Map(artifacts.map((one) => [keyOf(one), cause]));
    }
  };
}

/** The token may read single digests alone, or the server does not have the operation or this version of it. */
const isRefusal = (error: unknown): boolean =>
  error instanceof RequestError && [400, 403, 404, 405, 422].includes(error.status ?? 0);

const toError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));
