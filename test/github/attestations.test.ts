/** Which attestations the server lists. */
import { ask, attestationsOf, DIGEST, OTHER_DIGEST, serve } from "./client";

const listed = async (...[github, what, options]: Parameters<typeof ask>) => {
  const { status, body } = await ask(github, what, options);
  return [status, body.attestations?.length];
};

test("a digest that is attested has one, another has none", async () => {
  const { github } = await serve({ attested: [DIGEST] });
  expect(await listed(github, attestationsOf())).toEqual([200, 1]);
  expect(await listed(github, attestationsOf(OTHER_DIGEST))).toEqual([200, 0]);
  github.attest("acme", OTHER_DIGEST);
  expect(await listed(github, attestationsOf(OTHER_DIGEST))).toEqual([200, 1]);
});

test("it is provenance, and of a repository that the token may read", async () => {
  const { github } = await serve({ tokens: { other: { repositories: { web: "write" } } } });
  expect(await listed(github, attestationsOf(undefined, "?predicate_type=provenance&per_page=1"))).toEqual([
    200, 1,
  ]);
  expect(await listed(github, attestationsOf(undefined, "?predicate_type=sbom"))).toEqual([200, 0]);
  expect(await listed(github, attestationsOf(), { token: "other" })).toEqual([200, 0]);
});

test("a parameter that the description does not have, or has as a number, is refused", async () => {
  const { github } = await serve();
  expect((await ask(github, attestationsOf(undefined, "?page=2"))).status).toBe(422);
  expect((await ask(github, attestationsOf(undefined, "?per_page=many"))).status).toBe(422);
  expect(github.violations).toHaveLength(2);
});
