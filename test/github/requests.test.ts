import {
  ask,
  cluster,
  clusterCall,
  deployment,
  DEPLOYMENT,
  deploymentsOf,
  DIGEST,
  jobOf,
  serve,
  WRITES,
} from "./client";

test.each([
  ["a cluster at its 128 characters", clusterCall("c".repeat(128)), 200, undefined],
  ["a cluster of 129 characters", clusterCall("c".repeat(129)), 422, "cluster"],
  ["all characters that a cluster may have", clusterCall("aZ09._-"), 200, undefined],
  ["an escaped slash in a cluster", clusterCall("a%2Fb"), 422, "cluster"],
  ["an escaped character that need not be", clusterCall("%61"), 200, undefined],
  ["a space in a cluster", clusterCall("a%20b"), 422, "cluster"],
  ["a letter beyond ASCII", clusterCall("%C3%A9"), 422, "cluster"],
  ["a NUL in a cluster", clusterCall("a%00"), 422, "cluster"],
])("%s in a path is held to the description", async (_, what, status, field) => {
  const { github } = await serve();
  const reply = await ask(github, what, { body: cluster() });
  expect([reply.status, reply.body.errors?.[0]?.field]).toEqual([status, field]);
});

test.each([
  ["in upper case", DIGEST.toUpperCase().replace("SHA", "sha")],
  ["too short", DIGEST.slice(0, -1)],
  ["too long", `${DIGEST}a`],
  ["of another algorithm", DIGEST.replace("sha256", "sha512")],
  ["with a line break behind it", `${DIGEST}%0A`],
])("lists refuse a digest that is %s", async (_, digest) => {
  const { github } = await serve();
  const { status, body } = await ask(github, deploymentsOf(digest));
  expect([status, body.errors?.at(0)]).toMatchObject([422, { resource: "path", field: "subject_digest" }]);
});

test("a digest in a path may be escaped", async () => {
  const { github } = await serve();
  await ask(github, DEPLOYMENT, { body: deployment() });
  expect((await ask(github, deploymentsOf(encodeURIComponent(DIGEST)))).body.total_count).toBe(1);
});

test.each(["x", "1.5", "-1", "%31x", "1e3"])("a job's number is digits, not %s", async (id) => {
  const { github } = await serve();
  expect(await ask(github, jobOf(id))).toMatchObject({
    status: 422,
    body: { errors: [{ field: "job_id" }] },
  });
});

test("a query is refused: no operation has one", async () => {
  const { github } = await serve();
  const reply = await ask(github, `${deploymentsOf()}?per_page=100&page=2`);
  expect(reply.status).toBe(422);
  expect(reply.body.errors?.map(({ resource, field }) => [resource, field])).toEqual([
    ["query", "per_page"],
    ["query", "page"],
  ]);
  expect(github.requests[0]?.path).toBe(deploymentsOf().replace("GET ", ""));
});

test.each([
  ["Accept", "accept", undefined],
  ["Accept", "accept", "application/json"],
  ["Accept", "accept", "application/vnd.github.v3+json-but-not"],
  ["X-GitHub-Api-Version", "x-github-api-version", undefined],
  ["X-GitHub-Api-Version", "x-github-api-version", "2026-03-10"],
  ["Content-Type", "content-type", undefined],
  ["Content-Type", "content-type", "text/plain"],
  ["Content-Type", "content-type", "application/json; charset=latin1"],
])("a request whose header %s (%s) is %s is refused", async (field, name, value) => {
  const { github } = await serve();
  const { status, body } = await ask(github, DEPLOYMENT, { body: deployment(), headers: { [name]: value } });
  const code = value === undefined ? "missing_field" : "invalid";
  expect([status, body.errors]).toEqual([
    422,
    [{ resource: "header", field, code, message: expect.stringMatching(/^must be /) as string }],
  ]);
  expect(github.violations).toMatchObject([{ request: 0, problems: [{ in: "header", field }] }]);
  expect(github.deploymentRecords()).toEqual([]);
});

test.each([
  { accept: "text/html, application/vnd.github+json;q=0.9" },
  { accept: "Application/VND.GitHub+JSON" },
  { "content-type": "application/json; charset=utf-8" },
  { "content-type": 'Application/JSON;charset="UTF-8"' },
])("headers may be written as %s", async (headers) => {
  const { github } = await serve();
  expect((await ask(github, DEPLOYMENT, { body: deployment(), headers })).status).toBe(200);
});

test.each([
  ["malformed JSON", "{", "Problems parsing JSON"],
  ["JSON that goes on", "{} {}", "Problems parsing JSON"],
  ["no body", "", "Problems parsing JSON"],
  ["text that is not UTF-8", Buffer.from([0x22, 0xff, 0x22]), "Problems parsing JSON"],
  ["an array", "[]", "Body should be a JSON object"],
  ["null", "null", "Body should be a JSON object"],
  ["a text", '"x"', "Body should be a JSON object"],
])("%s is answered with 400", async (_, body, message) => {
  const { github } = await serve();
  for (const [, what] of WRITES)
    expect(await ask(github, what, { body })).toMatchObject({ status: 400, body: { message } });
  expect(github.violations).toHaveLength(WRITES.length);
});

test("a read that has a body is refused", async () => {
  const { github } = await serve();
  expect(await ask(github, deploymentsOf(), { body: {} })).toMatchObject({ status: 422 });
});

test("a body at the limit of its size is taken, and one byte more is answered with 413", async () => {
  const body = JSON.stringify(deployment()).padEnd(10_000_000);
  const { github } = await serve();
  expect((await ask(github, DEPLOYMENT, { body })).status).toBe(200);
  expect(await ask(github, DEPLOYMENT, { body: `${body} ` })).toMatchObject({ status: 413 });
  expect(github.violations).toMatchObject([{ request: 1, operation: "create-artifact-deployment-record" }]);
});

test.each([
  "GET /orgs/acme/artifacts/metadata/deployment-record",
  `PUT ${DEPLOYMENT.replace("POST ", "")}`,
  `${DEPLOYMENT}/`,
  "POST /orgs//artifacts/metadata/deployment-record",
  "POST /orgs/acme/artifacts/metadata/deployment-record/cluster/%zz",
  "POST /orgs/acme/Artifacts/metadata/deployment-record",
])("%s is no operation", async (what) => {
  const { github } = await serve();
  const reply = await ask(github, what, { body: deployment() });
  expect(reply).toMatchObject({ status: 404, body: { message: "Not Found" } });
  expect(github.violations).toMatchObject([{ problems: [{ in: "path" }] }]);
});

test("the log keeps a request as it came, without its credentials", async () => {
  const { github } = await serve();
  const headers = { cookie: "session=1", "proxy-authorization": "Basic eA==", "x-other": "kept" };
  const reply = await ask(github, DEPLOYMENT, { body: deployment(), headers });
  await ask(github, DEPLOYMENT, { body: "{" });
  expect(github.requests).toMatchObject([
    { index: 0, id: reply.headers["x-github-request-id"], method: "POST", body: deployment(), status: 200 },
    { index: 1, body: "{", status: 400 },
  ]);
  expect(github.requests[0]?.headers).toMatchObject({ "x-other": "kept" });
  expect(JSON.stringify(github.requests)).not.toMatch(/session=1|eA==|authorization/);
  expect(JSON.stringify(github.requests)).not.toContain(github.token);
});
