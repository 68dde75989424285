/** One route gives the request's path and the one in messages; no value can change where a request goes. */
import fc from "fast-check";
import { writeDeploymentRecord, listDeploymentRecords } from "../../provider/github/deployment-records";
import { getJob } from "../../provider/github/cluster-deployments";
import { expandRoute } from "../../provider/http/route";
import { ProviderError } from "../../provider/runtime/errors";
import { DIGEST } from "../support/provider";
import { failureOf, newScene } from "../support/scene";

const LIST = "GET /orgs/{org}/artifacts/{subject_digest}/metadata/deployment-records";

test("a message has the values as they are, and the path has them encoded", () => {
  expect(expandRoute(LIST, { org: "acme", subject_digest: "sha256:a" })).toEqual({
    method: "GET",
    path: "/orgs/acme/artifacts/sha256%3Aa/metadata/deployment-records",
    requestLine: "GET /orgs/acme/artifacts/sha256:a/metadata/deployment-records",
  });
});

test.each(["", ".", "..", "a/b", "a%2fb", "a?b", "a#b", "a b", "a\n", "a\\b", "{org}", "é", "a".repeat(257)])(
  "%j cannot be part of a path, and the error names the parameter",
  (org) => {
    expect(() => expandRoute(LIST, { org, subject_digest: "sha256:a" })).toThrow(ProviderError);
    expect(() => expandRoute(LIST, { org, subject_digest: "sha256:a" })).toThrow(
      /^org ".*" cannot be part of/,
    );
  },
);

test("whatever a value is, the request goes to its route or is refused", () => {
  const value = fc.oneof(fc.string(), fc.stringMatching(/^[A-Za-z0-9._:%/-]{1,8}$/));
  fc.assert(
    fc.property(value, (org) => {
      let path: string;
      try {
        ({ path } = expandRoute("GET /orgs/{org}/installation", { org }));
      } catch (error) {
        return error instanceof ProviderError;
      }
      return new URL(path, "https://api.example").pathname.split("/").length === 4;
    }),
  );
});

test("an organisation or a digest from the state, and a server's job id, send no request where they leave the path", async () => {
  const { github, host } = await newScene();
  const works = [
    listDeploymentRecords(host.github(), "..", DIGEST),
    listDeploymentRecords(host.github(), "acme", "../../user"),
    getJob(host.github(), { org: "acme", cluster: "c", environments: { logical_environment: "p" } }, ".."),
  ];
  const errors = await Promise.all(works.map(failureOf));
  expect(errors.map(({ message }) => message.split(" ", 1)[0])).toEqual(["org", "subject_digest", "job_id"]);
  expect(github.requests).toEqual([]);
});

test("keys of a body cannot change the request", async () => {
  const { github, host } = await newScene({ server: { rules: {} } });
  const options = {
    url: "/user",
    method: "DELETE",
    baseUrl: "https://example.com",
    headers: { a: "b" },
    data: 1,
  };
  const body = {
    name: "a",
    digest: DIGEST,
    status: "deployed",
    logical_environment: "p",
    deployment_name: "d",
  };
  await writeDeploymentRecord(host.github(), "acme", { ...body, ...options } as never).catch(() => undefined);
  expect(github.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
    "POST /orgs/acme/artifacts/metadata/deployment-record",
  ]);
  expect(github.requests[0]?.body).toEqual({ ...body, ...options });
});
