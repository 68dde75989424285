import { z } from "zod";
import { gitHub } from "../../provider/github/api";
import type { GitHubRequest } from "../../provider/github/request";
import { outcomeOf, unansweredOutcome } from "../../provider/http/outcome";
import type { Answer } from "../../provider/http/api";
import { connectionFailure } from "../../provider/http/connection-failure";
import type { Peer } from "../../provider/http/connection-failure";
import { NoAnswerError } from "../../provider/http/transport";

const request: GitHubRequest = {
  requestLine: "POST /x",
  org: "acme",
  digest: "sha256:a",
  permission: "write",
};
const schema = z.object({ id: z.string(), parts: z.array(z.object({ name: z.string() })).optional() });
const DATE = "Thu, 01 Jan 2026 12:00:00 GMT";

const outcome = (answer: Partial<Answer>, more: Partial<GitHubRequest> = {}) =>
  outcomeOf(
    gitHub,
    { ...request, ...more },
    { status: 200, headers: { date: DATE }, data: {}, ...answer },
    schema,
  );

function messageOf(answer: Partial<Answer>, more: Partial<GitHubRequest> = {}): string {
  const result = outcome(answer, more);
  return result.kind === "failed" ? result.error.message : result.kind;
}

test.each([
  [{ date: DATE }, "2026-01-01T12:00:00Z"],
  [{}, undefined],
  [{ date: "yesterday" }, undefined],
])("an answer with %j is dated %s", (headers, date) => {
  expect(outcome({ headers, data: { id: "1" } })).toEqual({
    kind: "done",
    data: { id: "1" },
    date,
    status: 200,
  });
});

test.each([
  [
    { location: "https://api.github.com/organizations/1" },
    /It points to https:\/\/api\.github\.com\/organizations\/1,/,
  ],
  [{}, /It points to another address, which is not followed/],
])("a redirect with %j says where it points", (headers, words) => {
  expect(messageOf({ status: 301, headers })).toMatch(words);
});

test.each([
  [{ "retry-after": "30", "x-ratelimit-remaining": "0" }, 30],
  [{ "retry-after": " 1.5 " }, 1.5],
  [{ "retry-after": "Thu, 01 Jan 2026 12:00:30 GMT" }, 30],
  [{ "retry-after": "Thu, 01 Jan 2026 11:00:00 GMT" }, 0],
  [{ "retry-after": "1.25" }, 1.25],
  [{ "retry-after": "soon" }, 60],
  [{ "retry-after": "-5" }, 60],
  [{ "retry-after": "in 30" }, 60],
  [{ "retry-after": "30 s" }, 60],
  [{ "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(Date.parse(DATE) / 1000 + 90) }, 90],
  [{ "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(Date.parse(DATE) / 1000 - 90) }, 1],
  [{ "x-ratelimit-remaining": "0", "x-ratelimit-reset": "soon" }, 60],
  // In milliseconds, as nobody is to give it: it would stop everything for thousands of years.
  [{ "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(Date.parse(DATE) + 90_000) }, 60],
  [{ "x-ratelimit-remaining": "", "x-ratelimit-reset": String(Date.parse(DATE) / 1000 + 90) }, 60],
  [{ "x-ratelimit-remaining": "1", "x-ratelimit-reset": String(Date.parse(DATE) / 1000 + 90) }, 60],
  [{}, 60],
])("429 with %j is waited for %d s", (headers, waitSeconds) => {
  expect(outcome({ status: 429, headers: { date: DATE, ...headers } })).toMatchObject({
    kind: "limited",
    waitSeconds,
  });
});

test("what is said of writing is said of a write alone", () => {
  const harmless = "Run the same command again; writing a record twice does no harm.";
  expect(messageOf({ data: null })).toContain(harmless);
  expect(messageOf({ data: null }, { permission: "read" })).toMatch(
    /responses\. Run the same command again\.$/,
  );
});

test.each([
  [{ id: 1 }, /not what the API describes: id: /],
  [{ id: "1", parts: [{}] }, /not what the API describes: parts\.0\.name: /],
  [
    "<html>",
    /cut off, or it is not JSON\. A proxy or firewall between here and GitHub may be changing responses\./,
  ],
  [null, /does not show what was written/],
])("an answer that is %j is refused, and the place named", (data, words) => {
  expect(messageOf({ data })).toMatch(words);
});

test.each([
  [401, "UnauthorizedError"],
  [403, "ForbiddenError"],
  [404, "NotFoundError"],
  [409, "JobConflictError"],
  [422, "UnexpectedAnswerError"],
])("a refusal with %d has its own class, and says in fields what was refused", (status, name) => {
  const result = outcome({ status, headers: { "x-github-request-id": "A:1" } });
  expect(result).toMatchObject({ error: { name, status, request: "POST /x", requestId: "A:1" } });
});

test.each([
  [404, "Not Found", /Check that acme is an organisation/],
  [404, "No artifacts found", /GitHub has no artifact with digest sha256:a\./],
  [404, "Repositories do not exist", /GitHub has no artifact with digest sha256:a\./],
  [300, "Multiple Choices", /It points to another address/],
  [399, "odd", /It points to another address/],
  [400, "No artifacts found", /The request was refused/],
  [400, "rate limit", /The request was refused/],
  [410, "No artifacts found", /The request was refused/],
  [409, "busy", /Another background job is running/],
  [401, "Bad credentials", /wrong or has expired/],
  [403, "Resource not accessible", /"Artifact metadata: write"/],
  [403, "You have exceeded a secondary rate limit", /^limited$/],
  [403, "You have triggered an abuse detection mechanism", /^limited$/],
  [422, "Validation failed", /The request was refused\. Please report this as a bug/],
  [500, "oops", /^retry$/],
  [599, "oops", /^retry$/],
  [202, "Accepted", /not what the API describes/],
])("%d %j is an outcome of its own", (status, message, words) => {
  expect(messageOf({ status, data: { message } })).toMatch(words);
});

test("a 403 that says how long to wait is a limit, whatever its words", () => {
  const headers = { "retry-after": "7" };
  expect(outcome({ status: 403, headers, data: { message: "no" } })).toMatchObject({
    kind: "limited",
    fromServer: true,
  });
});

test("a 403 that links to GitHub's limits is one, and one without a body is none", () => {
  const documentation_url = "https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api";
  expect(messageOf({ status: 403, data: { message: "slow down", documentation_url } })).toBe("limited");
  expect(messageOf({ status: 403, data: "<html>" })).toMatch(/"Artifact metadata: write"/);
  expect(messageOf({ status: 404, data: "<html>" })).toMatch(/404\. Check that acme is an organisation/);
});

/** A connection to this host failed so. */
const unanswered = (error: object, peer: Peer = { host: "api.acme.test" }) => {
  const cause = Object.assign(new Error("no"), error);
  const failure = connectionFailure(new TypeError("fetch failed", { cause }), peer);
  return unansweredOutcome(request, new NoAnswerError(failure));
};

test.each([
  "CERT_HAS_EXPIRED",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
])("of a connection that fails with %s is said whose certificate it is", (code) => {
  expect(unanswered({ code })).toMatchObject({
    kind: "failed",
    error: { message: expect.stringContaining(`the certificate of api.acme.test is not trusted (${code})`) },
  });
  const peer = { host: "api.acme.test", proxy: { variable: "https_proxy" } };
  expect(unanswered({ code }, peer)).toMatchObject({
    error: { message: expect.stringContaining("of api.acme.test (or of the proxy in https_proxy) is not") },
  });
});

test.each([
  [{ message: "other side closed" }, "other side closed"],
  [{ code: "ECONNRESET", syscall: "read" }, "ECONNRESET"],
  [{ code: "ECERTAIN" }, "ECERTAIN"],
  [{ message: "headers timed out", code: "UND_ERR_HEADERS_TIMEOUT" }, "headers timed out"],
  [{ message: "aborted", code: 20 }, "aborted"],
  [{ code: "EPIPE", syscall: "write" }, "EPIPE"],
  // Some of the addresses of the host were reached.
  [{ code: "ECONNRESET", errors: [{ syscall: "connect" }, { syscall: "read" }] }, "ECONNRESET"],
])("of a connection that failed with %j is said: %s; the request may have been sent", (error, message) => {
  expect(unanswered(error)).toEqual({ kind: "retry", failure: { requestLine: "POST /x", message } });
});

const SERVER = "cannot connect to api.acme.test";
const REFUSED = { code: "ECONNREFUSED", syscall: "connect" };

test.each([
  [{ code: "ENOTFOUND", syscall: "getaddrinfo" }, "cannot find the host api.acme.test (ENOTFOUND)"],
  [{ code: "EAI_AGAIN", syscall: "getaddrinfo" }, "cannot find the host api.acme.test (EAI_AGAIN)"],
  [REFUSED, `${SERVER} (ECONNREFUSED)`],
  [{ code: "EHOSTUNREACH", syscall: "connect" }, `${SERVER} (EHOSTUNREACH)`],
  [{ code: "ETIMEDOUT", errors: [REFUSED, REFUSED] }, `${SERVER} (ETIMEDOUT)`],
  [
    { code: "UND_ERR_CONNECT_TIMEOUT", message: "Connect Timeout Error" },
    `${SERVER} (Connect Timeout Error)`,
  ],
  [{ code: "ERR_SSL_WRONG_VERSION_NUMBER" }, `${SERVER} (ERR_SSL_WRONG_VERSION_NUMBER)`],
  [
    {
      code: "ECONNRESET",
      message: "Client network socket disconnected before secure TLS connection was established",
    },
    `${SERVER} (ECONNRESET)`,
  ],
])("of a connection that was never made (%j) is said: %s; nothing was sent", (error, message) => {
  const outcome = unanswered(error);
  expect(outcome).toEqual({ kind: "retry", failure: { requestLine: "POST /x", message, notSent: {} } });
});

test("a 5xx that says how long to wait is a limit", () => {
  expect(outcome({ status: 503, headers: { "retry-after": "7" } })).toMatchObject({
    kind: "limited",
    waitSeconds: 7,
  });
});

const SSO = "Resource protected by organization SAML enforcement. You must grant your token access.";
const LIFETIME =
  "The 'acme' organization forbids access via a fine-grained personal access tokens if the token's lifetime is greater " +
  "than 366 days. Please adjust your token's lifetime.";

test.each([
  [
    "Although you appear to have the correct authorization credentials, the `acme` organization has an IP allow list " +
      "enabled, and your IP address is not permitted to access this resource.",
    /address that is on the organisation's IP allow list/,
  ],
  [SSO, /Authorise the token for the organisation's single sign-on/],
  [LIFETIME, /Create a token that expires sooner/],
  ["`acme` forbids access via a personal access token (classic).", /does not accept this kind of token/],
  ["This installation has been suspended", /suspended account or App/],
])("a 403 that names its cause is not about the permission: %s", (message, words) => {
  expect(messageOf({ status: 403, data: { message } })).toMatch(words);
  expect(messageOf({ status: 403, data: { message } })).not.toMatch(/permission "|lacks|needs/);
});

test.each([
  [
    "Resource not accessible by integration",
    /\. The token needs the permission "Artifact metadata: write" for acme/,
  ],
  [
    "Request blocked by administrative rules.",
    /\. If that names no other cause, the token lacks the permission/,
  ],
])("a 403 with the message %j is about the permission, as far as it says", (message, words) => {
  expect(messageOf({ status: 403, data: { message } })).toMatch(words);
});

const SERVERS_PAGE = "https://docs.github.com/enterprise-server@3.14/rest";

test.each<[Partial<Answer>, Partial<GitHubRequest>]>([
  [{ data: { message: "Not Found" } }, { baseUrl: "https://github.acme.test/api/v3" }],
  [{ data: { message: "Not Found", documentation_url: SERVERS_PAGE } }, {}],
  [{ headers: { "x-github-enterprise-version": "enterprise-server@3.14.0" } }, {}],
])("a 404 of GitHub Enterprise Server says that it has no such API: %j", (answer, more) => {
  expect(messageOf({ status: 404, ...answer }, more)).toMatch(
    /GitHub Enterprise Server, which has no artifact/,
  );
});

test("a token from the configuration that has expired is set, and used with --run-program", () => {
  const configured = messageOf({ status: 401 }, { tokenFrom: "configuration artifact-metadata:token" });
  expect(configured).toMatch(
    /from configuration artifact-metadata:token\)\..*`pulumi refresh --run-program`/,
  );
  const inEnvironment = messageOf({ status: 401 }, { tokenFrom: "environment variable GITHUB_TOKEN" });
  expect(inEnvironment).toMatch(/set a new one \(this one is from environment variable GITHUB_TOKEN\)\.$/);
});

test("what a refusal means for one request is said in its own words, unless it is a limit", () => {
  const refusals = { 403: "The installation is suspended." };
  expect(messageOf({ status: 403 }, { refusals })).toMatch(/403\. The installation is suspended\.$/);
  expect(messageOf({ status: 403, headers: { "retry-after": "1" } }, { refusals })).toBe("limited");
});
