import * as schemas from "../../provider/github/schemas";
import type { GitHubClient } from "../../provider/github/client";
import { ForbiddenError, MissingArtifactError, UnexpectedAnswerError } from "../../provider/github/errors";
import { createRunContext } from "../../provider/create-run-context";
import { createBatchedWrite } from "../../provider/deployment-record/batched-write";
import type { DeploymentEntry } from "../../provider/github/wire";
import { deploymentRecordProvider } from "../../provider/deployment-record";
import { deploymentIdentity } from "../../provider/deployment-record/identity";
import { configOf, DIGEST, recordInputs } from "../support/provider";
import { failureOf } from "../support/sets";

/** A client that answers each cluster call with this body, and single writes and lists with nothing. */
function clientWith(body: object, seen: string[] = []): GitHubClient {
  return {
    async call({ route, expected }) {
      seen.push(route);
      const data = route.includes("/cluster/") ? body : { deployment_records: [] };
      return {
        data: expected(schemas).parse(data),
        requestLine: route,
        status: 200,
        date: "2026-01-01T00:00:00Z",
      };
    },
    untilWritable: async () => undefined,
    timeLeft: () => 300_000,
    readWaits: () => 0,
  };
}

const entryOf = (name: string): DeploymentEntry => ({
  name: "ghcr.io/acme/web",
  digest: DIGEST,
  status: "deployed",
  deployment_name: name,
  ...(name === "named" && { github_repository: "shop" }),
});

/** Writes that go together: the first one keeps the lane busy until all have joined. */
function together(clients: Record<string, GitHubClient>) {
  const batchedWrite = createBatchedWrite(createRunContext({ environment: {}, warn: () => undefined }));
  const place = { org: "acme", logicalEnvironment: "production", cluster: "prod-eu" };
  return Object.entries(clients).map(([name, github]) =>
    batchedWrite({ github, identity: { ...place, deploymentName: name }, entry: entryOf(name) }),
  );
}

test("the request is that of the operation that joined last, whose deadline is the last", async () => {
  const seen: Record<string, string[]> = { a: [], b: [], c: [], d: [] };
  const clients = Object.entries(seen).map(([name, list]) => [name, clientWith({}, list)] as const);
  await Promise.all(together(Object.fromEntries(clients)));
  expect(Object.entries(seen).map(([name, { length }]) => [name, length])).toEqual([
    ["a", 0],
    ["b", 0],
    ["c", 0],
    ["d", 1],
  ]);
});

test("of a record that the answer leaves out, nothing is known but what was sent, and when", async () => {
  const [a, b] = together({ a: clientWith({}), b: clientWith({}) });
  expect(await a).toEqual({ entry: entryOf("a"), records: [], date: "2026-01-01T00:00:00Z" });
  expect(await b).toEqual({ entry: entryOf("b"), records: [], date: "2026-01-01T00:00:00Z" });
});

test.each([
  ["not_found", MissingArtifactError, new RegExp(`no artifact with digest ${DIGEST}`)],
  ["unauthorized", ForbiddenError, /not allowed to write records of the artifact's repository/],
  ["conflict", UnexpectedAnswerError, /207 "conflict".*Deployment "web" was refused.*same command again/],
])("a record that is refused as %s has an error of its own", async (cause, kind, words) => {
  const answer = clientWith({ errors: [{ cause, deployment: { deployment_name: "web" } }] });
  const [web, other] = together({ web: answer, other: answer });
  const error = await failureOf(web as Promise<unknown>);
  expect(error).toBeInstanceOf(kind);
  expect(error.message).toMatch(words);
  expect((await other)?.records).toEqual([]);
});

test("the error names the repository that the token is not allowed to write, where the record names one", async () => {
  const errors = [{ cause: "unauthorized", deployment: { deployment_name: "named" } }];
  const [named] = together({ named: clientWith({ errors }), other: clientWith({ errors }) });
  expect((await failureOf(named as Promise<unknown>)).message).toMatch(
    /not allowed to write records of shop\./,
  );
});

test("a removal that waits for the write of another resource has one deadline", async () => {
  const seen: string[] = [];
  const sleep = async () => undefined;
  const context = createRunContext({ environment: {}, warn: () => undefined, sleep });
  context.configure(configOf({ "artifact-metadata:token": "x" }));
  const github = jest.fn(() => clientWith({}, seen));
  const { delete: remove } = deploymentRecordProvider({ ...context, github });
  const inputs = recordInputs();
  context.declarations.declare(deploymentIdentity.key(inputs));
  await remove?.(deploymentIdentity.format(inputs), { ...inputs, updatedAt: "2026-01-01T00:00:00Z" });
  expect(seen).toEqual([expect.stringMatching(/^GET /)]);
  expect(github).toHaveBeenCalledTimes(1);
});
