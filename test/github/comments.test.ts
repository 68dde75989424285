/** The operations on a pull request's comments, as strict as the others. */
import { ask, send, serve } from "./client";
import type { AskOptions } from "./client";

const LIST = "GET /repos/acme/shop/issues/7/comments";
const CREATE = "POST /repos/acme/shop/issues/7/comments";
const UPDATE = "PATCH /repos/acme/shop/issues/comments/";
const TOKENS = { ghs_bot: {}, reader: { permission: "read" } } as const;
const start = () => serve({ pulls: ["acme/shop#7", "acme/other#8"], tokens: TOKENS });

test("a comment is written, listed by pages and replaced, each time in GitHub's form", async () => {
  const { github } = await start();
  const created = JSON.parse((await ask(github, CREATE, { body: { body: "a" }, token: "ghs_bot" })).text) as {
    id: number;
  };
  expect(created).toMatchObject({ body: "a", user: { login: "github-actions[bot]", type: "Bot" } });
  expect(created).toMatchObject({ issue_url: "https://api.github.com/repos/acme/shop/issues/7" });
  for (let count = 0; count < 120; count++) github.writeComment("acme/shop#7", "octocat", "LGTM");
  const lengths = [];
  for (const query of ["", "?per_page=100", "?per_page=1000&page=2", "?page=9"])
    lengths.push((JSON.parse((await ask(github, `${LIST}${query}`)).text) as object[]).length);
  expect(lengths).toEqual([30, 100, 21, 0]);
  expect((await ask(github, `${UPDATE}${created.id}`, { body: { body: "b" } })).status).toBe(200);
  expect(github.comments("acme/shop#7")[0]).toMatchObject({ body: "b", login: "github-actions[bot]" });
  expect(github.comments("ACME/shop#7")).toHaveLength(121);
  expect(github.violations).toEqual([]);
});

test.each<[string, number, AskOptions]>([
  [CREATE, 422, { body: { body: "" } }],
  [CREATE, 422, { body: { body: "x".repeat(65_537) } }],
  [CREATE, 403, { body: { body: "a" }, token: "reader" }],
  [CREATE.replace("/7/", "/8/"), 404, { body: { body: "a" } }],
  [CREATE.replace("acme", "nowhere"), 404, { body: { body: "a" } }],
  [LIST.replace("shop", "gone"), 404, {}],
  [`${UPDATE}1`, 404, { body: { body: "a" } }],
])("%s is answered with %i", async (what, status, options) => {
  const { github } = await start();
  expect((await ask(github, what, options)).status).toBe(status);
  expect(github.comments("acme/shop#7")).toEqual([]);
  expect(github.violations).toEqual([]);
});

test.each<[string, AskOptions]>([
  [CREATE, { body: {} }],
  [CREATE, { body: { body: "a", in_reply_to: 1 } }],
  [`${LIST}?per_page=all`, {}],
  [`${LIST}?sort=created`, {}],
  [LIST, { headers: { accept: "text/html" } }],
  [`${UPDATE}one`, { body: { body: "a" } }],
])("%s with %j is not what the description has", async (what, options) => {
  const { github } = await start();
  expect((await ask(github, what, options)).status).toBe(422);
  expect(github.violations).toHaveLength(1);
});

test("GraphQL names the account of every token, the REST API that of a user alone", async () => {
  const { github } = await start();
  const query = { query: "query { viewer { login } }" };
  for (const [token, login] of [
    ["ghs_bot", "github-actions[bot]"],
    ["reader", "octocat"],
  ] as const)
    expect(JSON.parse((await send(github, "POST /graphql", { body: query, token })).text)).toEqual({
      data: { viewer: { login } },
    });
  expect((await send(github, "GET /user", { token: "ghs_bot" })).status).toBe(403);
  expect(JSON.parse((await send(github, "GET /user", { token: "reader" })).text)).toMatchObject({
    login: "octocat",
  });
  expect((await send(github, "POST /graphql", { body: { query: "{ x }" } })).status).toBe(400);
});
