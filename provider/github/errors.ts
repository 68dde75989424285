import { ProviderError } from "../lifecycle/errors";

/** What came back, or did not, in the words of an error message. */
export interface Failure {
  /** `POST /orgs/acme/artifacts/metadata/deployment-record` */
  request: string;
  status?: number;
  /** GitHub's own message. */
  message?: string;
  requestId?: string;
}

function came(failure: Failure): string {
  const status = failure.status === undefined ? "" : ` ${failure.status}`;
  const message = failure.message ? ` ${JSON.stringify(failure.message)}` : "";
  const id = failure.requestId ? ` (request id ${failure.requestId})` : "";
  return `${failure.request} was answered with${status}${message}${id}.`;
}

/** The artifact has neither an attestation nor a repository, as far as GitHub lets this token see. */
export class MissingArtifactError extends ProviderError {
  constructor(digest: string, failure: Failure) {
    super(`GitHub knows no artifact ${digest}. ${came(failure)} ${missingArtifactCauses}`);
  }
}

export const missingArtifactCauses =
  "One of four things is the cause: " +
  "(1) the artifact has no provenance attestation: attest it (actions/attest), or set githubRepository; " +
  '(2) the token may not write "Artifact metadata"; ' +
  "(3) the organisation does not own the repository that the artifact comes from; " +
  "(4) this is the digest of one platform, and the index was attested: record the index's digest.";

/** The token is wrong or has expired: nothing is known of what it might see. */
export class UnauthorizedError extends ProviderError {
  constructor(failure: Failure) {
    super(`${came(failure)} The token is wrong or has expired: set a new one.`);
  }
}

/** The token may not do this. */
export class ForbiddenError extends ProviderError {
  constructor(failure: Failure, needed: string) {
    super(`${came(failure)} ${needed}`);
  }
}

/** The organisation, or all that the token may see of it, is not there. */
export class NotFoundError extends ProviderError {
  constructor(org: string, failure: Failure) {
    super(
      `${came(failure)} Check that ${org} is an organisation (records cannot belong to a user), that its name is ` +
        `spelled so, and that the token may see it: permission "Artifact metadata", and single sign-on where the ` +
        `organisation asks for it.`,
    );
  }
}

/** A background job is already running for this cluster. */
export class JobConflictError extends ProviderError {
  constructor(failure: Failure) {
    super(
      `${came(failure)} Another background job is running for this cluster; run pulumi up again when it is done.`,
    );
  }
}

/** GitHub asked to wait longer than this operation may take. */
export class RateLimitedError extends ProviderError {
  constructor(failure: Failure, waitSeconds: number, timeoutSeconds: number) {
    super(
      `${came(failure)} It asks to wait ${waitSeconds} s, which is past the deadline of this operation ` +
        `(artifact-metadata:timeoutSeconds, ${timeoutSeconds} s). Run pulumi up again after that.`,
    );
  }
}

/** No complete answer came. */
export class UnreachableError extends ProviderError {
  constructor(request: string, tries: number, what: string, cause?: unknown) {
    super(
      `${request} did not succeed: ${what} (tried ${tries === 1 ? "once" : `${tries} times`}). ` +
        `It is not known whether GitHub carried it out; run pulumi up again, writing a record twice does no harm.`,
      { cause },
    );
  }
}

/** An answer came that this API does not give. */
export class UnexpectedAnswerError extends ProviderError {
  constructor(failure: Failure, what: string, advice: string) {
    super(`${came(failure)} ${what} ${advice}`);
  }
}
