/** GitHub's attestations: https://docs.github.com/rest/orgs/attestations#list-attestations */
import { LARGE_BODY } from "../http/body";
import type { GitHubClient } from "./client";
import { MissingArtifactError, NotFoundError } from "./errors";

/**
 * `GET /orgs/{org}/attestations/{subject_digest}`: whether a provenance attestation is listed for a digest. What the
 * token may not read is left out; the description does not say whether "none" is an empty list or a 404.
 */
export async function isAttested(client: GitHubClient, org: string, digest: string): Promise<boolean> {
  try {
    const { data } = await client.call({
      route: "GET /orgs/{org}/attestations/{subject_digest}",
      params: { org, subject_digest: digest },
      query: { predicate_type: "provenance", per_page: "1" },
      permission: "read",
      digest,
      maxBytes: LARGE_BODY,
      refusals,
      expected: (schemas) => schemas.attestations,
    });
    return data.attestations.length > 0;
  } catch (error) {
    if (error instanceof NotFoundError || error instanceof MissingArtifactError) return false;
    throw error;
  }
}

/** https://docs.github.com/rest/orgs/attestations#list-attestations-by-bulk-subject-digests */
const MAX_DIGESTS = 1_024;

/** The first version of the REST API whose answer leaves out the bundles: with them, 100 attestations are megabytes. */
const WITHOUT_BUNDLES = "2026-03-10";

/**
 * `POST /orgs/{org}/attestations/bulk-list`: those of the digests that have a provenance attestation.
 * @throws RequestError with the answer's status where the operation is refused
 */
export async function findAttested(
  client: GitHubClient,
  org: string,
  digests: string[],
): Promise<Set<string>> {
  const attested = new Set<string>();
  for (let start = 0; start < digests.length; start += MAX_DIGESTS)
    await addAttested(client, org, digests.slice(start, start + MAX_DIGESTS), attested);
  return attested;
}

/** Follows the pages until each digest is found, or there is no other page. */
async function addAttested(client: GitHubClient, org: string, digests: string[], attested: Set<string>) {
  const cursors = new Set<string>();
  for (let after: string | undefined; ; cursors.add(after)) {
    const { data } = await client.call({
      route: "POST /orgs/{org}/attestations/bulk-list",
      params: { org },
      query: { per_page: "100", ...(after !== undefined && { after }) },
      body: { subject_digests: digests, predicate_type: "provenance" },
      version: WITHOUT_BUNDLES,
      permission: "read",
      maxBytes: LARGE_BODY,
      refusals,
      expected: (schemas) => schemas.attestationsOfDigests,
    });
    for (const [digest, listed] of Object.entries(data.attestations_subject_digests))
      if (listed && listed.length > 0) attested.add(digest);
    const next = data.page_info?.has_next ? data.page_info.next : undefined;
    // A cursor that comes again would be followed for ever.
    if (!next || cursors.has(next) || digests.every((digest) => attested.has(digest))) return;
    after = next;
  }
}

const refusals = {
  403: 'The token may not read attestations: it needs the permission "Attestations: read".',
};
