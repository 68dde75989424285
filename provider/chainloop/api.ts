/** Chainloop, as the requests' common code needs to know it. */
import { SAVED_CONFIGURATION } from "../config/lookup";
import type { Api, Failure, Request } from "../http/api";
import { ForbiddenError, UnauthorizedError, UnexpectedAnswerError } from "../http/errors";
import { NoEnvironmentError } from "./errors";
import { errorBody } from "./schemas";

/** What a gateway says of a path that it does not have: then the address is wrong, and nothing follows from it. */
const isOfRoute = ({ message = "" }: Failure) => /^(not found)?$/i.test(message);

export interface ChainloopRequest extends Request {
  /** The environment that it is about; undefined: all. */
  environmentName: string | undefined;
}

export const chainloop: Api<ChainloopRequest> = {
  name: "Chainloop",
  urlSetting: "artifact-metadata:chainloopUrl",
  whenMoved: "Check artifact-metadata:chainloopUrl.",

  errorDetails: ({ data }) => ({ message: errorBody.safeParse(data).data?.message || undefined }),

  // A limit is answered with 429, as gRPC's own mapping to HTTP has it.
  isLimit: () => false,
  resetOf: () => undefined,

  refusal({ permission, environmentName }, { status }, failure) {
    const environment =
      environmentName === undefined ? "its environments" : `environment "${environmentName}"`;
    if (status === 401)
      return new UnauthorizedError(
        failure,
        `set artifact-metadata:chainloopToken (or CHAINLOOP_TOKEN) to a new one. ${SAVED_CONFIGURATION}`,
      );
    if (status === 403)
      return new ForbiddenError(
        failure,
        `The Chainloop token is not allowed to ${permission} deployments of ${environment}: give it a role that is, or set ` +
          `another one (artifact-metadata:chainloopToken, or CHAINLOOP_TOKEN).`,
      );
    const refused = "The request was refused.";
    if (status === 404)
      return new (isOfRoute(failure) ? UnexpectedAnswerError : NoEnvironmentError)(
        failure,
        refused,
        `Check artifact-metadata:chainloopUrl (or CHAINLOOP_API_URL), and that ${environment} exists in the ` +
          `organisation of the token.`,
      );
    return new UnexpectedAnswerError(
      failure,
      refused,
      "Check this resource's properties: Chainloop documents no limits for them, so they were not checked before.",
    );
  },

  detailsOf: () => "",
};
