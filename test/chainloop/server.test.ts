/** The local Chainloop is strict: what it takes, the documentation has. */
import { startChainloop } from "../../local/chainloop";
import type { Chainloop } from "../../local/chainloop";
import { body } from "../support/chainloop";
import { DIGEST, OTHER_DIGEST } from "../support/provider";

let chainloop: Chainloop;
beforeAll(
  async () => void (chainloop = await startChainloop({ tokens: { reader: { permission: "read" } } })),
);
beforeEach(() => {
  chainloop.reset();
  chainloop.setToken("reader", { permission: "read" });
});
afterAll(() => chainloop.close());

interface Options {
  method?: string;
  path?: string;
  token?: string | null;
  sent?: unknown;
  headers?: Record<string, string>;
}

async function ask({
  method = "POST",
  path = "/v1/deployments",
  token = chainloop.token,
  sent,
  headers,
}: Options) {
  const response = await fetch(`${chainloop.url}${path}`, {
    method,
    headers: {
      accept: "application/json",
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(sent === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(sent === undefined ? {} : { body: typeof sent === "string" ? sent : JSON.stringify(sent) }),
  });
  return {
    status: response.status,
    answer: (await response.json()) as { message?: string } & Record<string, unknown>,
  };
}

const list = (query: string) => ask({ method: "GET", path: `/v1/deployments${query}` });

test.each<[string, object, RegExp]>([
  ["a field that there is not", { ...body(), tags: {} }, /body tags is no field of this request/],
  ["a field in another case", { ...body(), environmentName: "x" }, /body environmentName is no field/],
  ["no name", { ...body(), deployment_name: undefined }, /body deployment_name is required/],
  ["an empty name", { ...body(), environment_name: "" }, /body environment_name is empty/],
  ["a number", { ...body(), artifact_version: 7 }, /body artifact_version must be a text/],
  ["null", { ...body(), artifact_name: null }, /body artifact_name must be a text/],
  ["another kind", { ...body(), kind: "HELM" }, /body kind must be one of CONTAINER_IMAGE, HELM_CHART/],
  ["a status in lower case", { ...body(), status: "deployed" }, /body status must be one of/],
  ["what only the server says", { ...body(), status: "SUPERSEDED" }, /one of DEPLOYED, DECOMMISSIONED$/],
  ["no digest", { ...body(), artifact_digest: "latest" }, /body artifact_digest must be a sha256 digest/],
  ["a list", [], /body must be an object/],
])("%s is refused, and remembered", async (_, sent, words) => {
  const { status, answer } = await ask({ sent });
  expect([status, answer.message]).toEqual([400, expect.stringMatching(words)]);
  expect(chainloop.violations).toHaveLength(1);
  expect(chainloop.deployments()).toEqual([]);
});

test.each([
  ["?environment=x", /query environment is no parameter/],
  ["?pagination.page=-1", /query pagination\.page must be a whole number, 0 or more/],
  ["?pagination.page_size=0", /query pagination\.page_size must be a whole number, 1 or more/],
  ["?status=deployed", /query status must be one of/],
  ["?status=DEPLOYED&status=DEPLOYED", /query status is given more than once/],
])("the list with %s is refused", async (query, words) => {
  expect((await list(query)).answer.message).toMatch(words);
  expect(chainloop.violations).toHaveLength(1);
});

test("what is no JSON, or is not said to be, is refused", async () => {
  expect((await ask({ sent: "{" })).status).toBe(400);
  expect((await ask({ sent: body(), headers: { "content-type": "text/plain" } })).answer.message).toMatch(
    /Content-Type/,
  );
  expect((await ask({ sent: body(), headers: { accept: "text/html" } })).answer.message).toMatch(/Accept/);
});

test("a token is required, and the permission for what is asked", async () => {
  expect((await ask({ sent: body(), token: null })).status).toBe(401);
  expect((await ask({ sent: body(), token: "other" })).status).toBe(401);
  expect((await ask({ sent: body(), token: "reader" })).status).toBe(403);
  expect((await ask({ method: "GET", token: "reader" })).status).toBe(200);
});

test("there are two operations, and no other path", async () => {
  expect((await ask({ method: "DELETE" })).status).toBe(404);
  expect((await ask({ method: "GET", path: "/v1/deployments/1" })).status).toBe(404);
});

test("repeating updates, another digest supersedes, and other identities do not meet", async () => {
  await ask({ sent: body() });
  await ask({ sent: body() });
  await ask({ sent: body({ kind: "HELM_CHART" }) });
  await ask({ sent: body({ artifact_digest: OTHER_DIGEST }) });
  const shown = chainloop
    .deployments()
    .map(({ artifact, status }) => [artifact.kind, artifact.digest, status]);
  expect(shown).toEqual([
    ["CONTAINER_IMAGE", DIGEST, "SUPERSEDED"],
    ["CONTAINER_IMAGE", OTHER_DIGEST, "DEPLOYED"],
    ["HELM_CHART", DIGEST, "DEPLOYED"],
  ]);
});

test("what is decommissioned is not superseded by another digest", async () => {
  await ask({ sent: body({ status: "DECOMMISSIONED" }) });
  await ask({ sent: body({ artifact_digest: OTHER_DIGEST }) });
  expect(chainloop.deployments().map(({ status }) => status)).toEqual(["DECOMMISSIONED", "DEPLOYED"]);
});

test("pages are counted from zero, and filters hold", async () => {
  for (const name of ["a", "b", "c"]) await ask({ sent: body({ deployment_name: name }) });
  await ask({ sent: body({ environment_name: "staging" }) });
  const { answer } = await list(
    "?environment_name=production&status=DEPLOYED&pagination.page=1&pagination.page_size=2",
  );
  expect(answer).toEqual({
    deployment_records: [expect.objectContaining({ deployment_name: "a" })],
    pagination: { total_count: 3, page: 1, total_pages: 2, page_size: 2 },
  });
  expect((await list("?environment_name=production&deployment_name=a")).answer.pagination).toMatchObject({
    total_count: 1,
  });
  expect((await list("?status=DECOMMISSIONED")).answer.pagination).toMatchObject({
    total_count: 0,
    total_pages: 0,
  });
});

test("pages may be counted from one, as in Chainloop's open source: then there is no page 0", async () => {
  chainloop.rules.firstPage = 1;
  for (const name of ["a", "b", "c"]) await ask({ sent: body({ deployment_name: name }) });
  expect((await list("?pagination.page=0")).answer.message).toMatch(/must be a whole number, 1 or more/);
  expect((await list("?pagination.page=2&pagination.page_size=2")).answer).toEqual({
    deployment_records: [expect.objectContaining({ deployment_name: "a" })],
    pagination: { total_count: 3, page: 2, total_pages: 2, page_size: 2 },
  });
  expect((await list("")).answer.pagination).toMatchObject({ page: 1, total_pages: 1 });
});
