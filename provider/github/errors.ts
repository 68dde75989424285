/** The errors that only GitHub gives; those of every API stand beside them, so that a caller has one place. */
import { describeResponse, RequestError } from "../http/errors";
import type { Failure } from "../http/api";

export type { Failure } from "../http/api";
export {
  ForbiddenError,
  RateLimitedError,
  UnauthorizedError,
  UnexpectedAnswerError,
  UnreachableError,
} from "../http/errors";

/** The artifact has neither an attestation nor a repository, as far as GitHub lets this token see. */
export class MissingArtifactError extends RequestError {
  /** Those that a refused call for a cluster names. */
  readonly repositories: string[];
  /** The message without the causes, which are the same for all of them. */
  readonly withoutCauses: string;

  /** @param digest The digest, or which of several entries: `for these entries`. */
  constructor(digest: string, failure: Failure) {
    const which = digest.startsWith("sha256:") ? `with digest ${digest}` : digest;
    const what = `GitHub has no artifact ${which}. ${describeResponse(failure)}`;
    super(`${what} ${missingArtifactCauses}`, failure);
    this.withoutCauses = what;
    this.repositories = failure.repositories ?? [];
  }
}

export const missingArtifactCauses =
  "Possible causes: " +
  "(1) the artifact has no provenance attestation: attest it (actions/attest), or set githubRepository; " +
  '(2) the token lacks the permission "Artifact metadata: write"; ' +
  "(3) the organisation does not own the repository that the artifact comes from; " +
  "(4) this is the digest of one platform, and the index was attested: record the index's digest.";

/** GitHub gives this App no token. */
export class CredentialsError extends RequestError {
  constructor(failure: Failure, meaning: string) {
    super(`${describeResponse(failure)} ${meaning}`, failure);
  }
}

/** The organisation, or all that the token may see of it, is not there. */
export class NotFoundError extends RequestError {
  constructor(failure: Failure, meaning: string) {
    super(`${describeResponse(failure)} ${meaning}`, failure);
  }
}

/** A background job is already running for this cluster. */
export class JobConflictError extends RequestError {
  constructor(failure: Failure) {
    super(
      `${describeResponse(failure)} Another background job is running for this cluster; run the same command again when it is done.`,
      failure,
    );
  }
}
