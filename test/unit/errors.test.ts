import { inTime } from "../../provider/http/deadline";
import { MissingArtifactError, UnauthorizedError } from "../../provider/github/errors";
import { failureOf } from "../support/sets";

const requestLine = "POST /x";
const advice = "The token is wrong or has expired: set a new one.";

test.each([
  [{ status: 401 }, "POST /x was answered with 401."],
  [{ status: 401, message: "Bad credentials" }, 'POST /x was answered with 401 "Bad credentials".'],
  [{ status: 401, message: "", requestId: "A:1" }, "POST /x was answered with 401 (request id A:1)."],
  [{ message: "closed" }, 'POST /x was answered with "closed".'],
])("an error says what came back, and no more: %j", (failure, words) => {
  expect(new UnauthorizedError({ requestLine, ...failure }).message).toBe(`${words} ${advice}`);
});

test("a missing artifact is of no repository where GitHub names none", () => {
  expect(new MissingArtifactError("sha256:a", { requestLine }).repositories).toEqual([]);
  expect(new MissingArtifactError("sha256:a", { requestLine, repositories: ["web"] }).repositories).toEqual([
    "web",
  ]);
});

test("what begins after the deadline is not waited for", async () => {
  const signal = AbortSignal.abort();
  const deadline = { seconds: 7, interrupted: false, left: () => 0, signal, inFlight: signal };
  const { message } = await failureOf(inTime(new Promise(() => undefined), deadline, requestLine));
  expect(message).toMatch(/^POST \/x was not sent: the deadline passed.*timeoutSeconds, 7 s/);
});

test("what ends in time gives its result, or its own error", async () => {
  const { signal } = new AbortController();
  const deadline = { seconds: 7, interrupted: false, left: () => 7_000, signal, inFlight: signal };
  expect(await inTime(Promise.resolve("done"), deadline, requestLine)).toBe("done");
  const error = new Error("refused");
  expect(await failureOf(inTime(Promise.reject(error), deadline, requestLine))).toBe(error);
});

test("an error has the request, the status and the request's id as fields", () => {
  const fields = { request: requestLine, status: 401, requestId: "A:1" };
  const failure = { requestLine, status: 401, requestId: "A:1", message: "no" };
  expect(new UnauthorizedError(failure)).toMatchObject(fields);
  expect(new MissingArtifactError("sha256:a", failure)).toMatchObject(fields);
});
