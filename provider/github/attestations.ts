/** GitHub's attestations: https://docs.github.com/rest/orgs/attestations#list-attestations */
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
      refusals,
      expected: (schemas) => schemas.attestations,
    });
    return data.attestations.length > 0;
  } catch (error) {
    if (error instanceof NotFoundError || error instanceof MissingArtifactError) return false;
    throw error;
  }
}

const refusals = {
  403: 'The token may not read attestations: it needs the permission "Attestations: read".',
};
