/** GitHub, as the requests' common code needs to know it. */
import type { Answer, Api } from "../http/api";
import { detailsOf } from "./details";
import { CredentialsError, JobConflictError, MissingArtifactError } from "./errors";
import { forbidden, notFound, unauthorized } from "./refusals";
import type { GitHubRequest } from "./request";
import { errorBody } from "./schemas";

const bodyOf = (answer: Answer) => errorBody.safeParse(answer.data).data;

export const gitHub: Api<GitHubRequest> = {
  name: "GitHub",
  urlSetting: "artifact-metadata:baseUrl",
  statusPage: "https://www.githubstatus.com",
  tooMany: "Declare the deployments of a cluster as one ClusterDeploymentSet, which is one request",
  whenMoved: "If the organisation was renamed, use its new name; otherwise check artifact-metadata:baseUrl.",

  errorDetails(answer) {
    const message = bodyOf(answer)?.message;
    const id = answer.headers["x-github-request-id"];
    return {
      message: message?.said,
      repositories: message?.repositories,
      requestId: id === undefined ? undefined : String(id),
    };
  },

  /** GitHub words its limits in several ways, and links to the same page. */
  isLimit(answer) {
    const body = bodyOf(answer);
    return (
      /rate limit|abuse/i.test(body?.message.said ?? "") || /rate-limits/.test(body?.documentation_url ?? "")
    );
  },

  /** https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api */
  resetOf: ({ headers }) =>
    /^0+$/.test(String(headers["x-ratelimit-remaining"])) ? Number(headers["x-ratelimit-reset"]) : undefined,

  refusal(request, answer, failure) {
    const { status } = answer;
    const refusal = request.refusals?.[status];
    if (refusal !== undefined) return new CredentialsError(failure, refusal);
    if (status === 401) return unauthorized(failure, request);
    if (status === 403) return forbidden(failure, request);
    if (status === 404 && /no artifacts found|repositories do not exist/i.test(failure.message ?? ""))
      return new MissingArtifactError(request.digest, failure);
    if (status === 404) return notFound(failure, request, answer);
    if (status === 409) return new JobConflictError(failure);
    return undefined;
  },

  detailsOf: (answer) => detailsOf(answer.data),
};
