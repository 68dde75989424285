/** What GitHub's refusals of a token mean, and what to do. */
import { SAVED_CONFIGURATION } from "../config/lookup";
import type { Answer, Failure } from "../http/api";
import { ForbiddenError, NotFoundError, UnauthorizedError } from "./errors";
import type { GitHubRequest } from "./request";
import { errorBody } from "./schemas";

export function unauthorized(failure: Failure, { tokenFrom }: GitHubRequest): Error {
  if (tokenFrom === undefined) return new UnauthorizedError(failure);
  const saved = tokenFrom.startsWith("configuration ") ? ` ${SAVED_CONFIGURATION}` : "";
  return new UnauthorizedError(failure, `set a new one (this one is from ${tokenFrom}).${saved}`);
}

/**
 * A 403 is not always about the permission.
 * https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api
 */
const otherCauses: [message: RegExp, advice: string][] = [
  [
    /IP allow list|IP address/i,
    "Run Pulumi from an address that is on the organisation's IP allow list, or add the address of this machine to it.",
  ],
  [
    /SAML|single sign-on|SSO\b/i,
    "Authorise the token for the organisation's single sign-on: on GitHub, under Settings, Developer settings, " +
      '"Configure SSO" of the token.',
  ],
  [
    /lifetime/i,
    "Create a token that expires sooner, as the organisation's policy for personal access tokens requires.",
  ],
  [
    /forbids access via|personal access token.*(policy|policies)/i,
    "The organisation's policy does not accept this kind of token: use a kind that it accepts, or a GitHub App.",
  ],
  [/suspended/i, "A suspended account or App is not allowed to do anything until it is unsuspended."],
];

/** How GitHub says that a permission is missing. */
const PERMISSION = /not accessible|must have|permission|access denied|^forbidden$/i;

export function forbidden(failure: Failure, { permission, org }: GitHubRequest): Error {
  const message = failure.message ?? "";
  const other = otherCauses.find(([pattern]) => pattern.test(message));
  if (other) return new ForbiddenError(failure, other[1]);
  const needed =
    `"Artifact metadata: ${permission}" for ${org} (GitHub App installation or user token, or fine-grained personal ` +
    `access token).`;
  return message === "" || PERMISSION.test(message)
    ? new ForbiddenError(failure, `The token needs the permission ${needed}`)
    : new ForbiddenError(failure, `If that names no other cause, the token lacks the permission ${needed}`);
}

/** Only this kind of GitHub has such addresses, headers and links. */
function isEnterpriseServer({ headers, data }: Answer, baseUrl: string | undefined): boolean {
  const documentation = errorBody.safeParse(data).data?.documentation_url ?? "";
  return (
    headers["x-github-enterprise-version"] !== undefined ||
    documentation.includes("enterprise-server@") ||
    /\/api\/v3$/.test(baseUrl ?? "")
  );
}

const NO_SUCH_API =
  "This is GitHub Enterprise Server, which has no artifact metadata API. Records can be written to github.com and to " +
  "GitHub Enterprise Cloud with data residency (https://api.SUBDOMAIN.ghe.com): check artifact-metadata:baseUrl.";

export function notFound(failure: Failure, { org, baseUrl }: GitHubRequest, answer: Answer): Error {
  if (isEnterpriseServer(answer, baseUrl)) return new NotFoundError(failure, NO_SUCH_API);
  return new NotFoundError(
    failure,
    `Check that ${org} is an organisation (records cannot belong to a user) and that its name is spelled correctly. The ` +
      `token must be able to see it: it needs the permission "Artifact metadata", and authorisation for single sign-on ` +
      `if the organisation requires that.`,
  );
}
