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

test("it is provenance, and of a repository that the token is allowed to read", async () => {
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

describe("the list of many digests", () => {
  const BULK = "POST /orgs/acme/attestations/bulk-list";
  const headers = { "x-github-api-version": "2026-03-10" };
  const digestOf = (index: number) => `sha256:${String(index).padStart(64, "0")}`;
  const digests = Array.from({ length: 70 }, (_, index) => digestOf(index));

  interface Page {
    attestations_subject_digests: Record<string, { bundle?: object }[] | null>;
    page_info: { has_next: boolean; has_previous: boolean; next?: string };
  }

  async function page(
    github: Parameters<typeof ask>[0],
    query = "",
    version = headers,
    body: object = {},
  ): Promise<Page> {
    const options = { body: { subject_digests: digests, ...body }, headers: version };
    const { status, text } = await ask(github, `${BULK}${query}`, options);
    expect(status).toBe(200);
    return JSON.parse(text) as Page;
  }

  test("has pages; each digest without an attestation is null", async () => {
    const { github } = await serve({ attested: digests.slice(0, 40) });
    const first = await page(github);
    expect(Object.keys(first.attestations_subject_digests)).toEqual(digests.slice(0, 30));
    expect(first.page_info).toMatchObject({ has_next: true, has_previous: false });
    const second = await page(github, `?after=${encodeURIComponent(first.page_info.next ?? "")}`);
    const entries = Object.entries(second.attestations_subject_digests);
    expect(entries.map(([digest, listed]) => [digest, listed?.length])).toEqual(
      digests.slice(30).map((digest, index) => [digest, index < 10 ? 1 : undefined]),
    );
    expect(second.page_info).toMatchObject({ has_next: false, has_previous: true });
  });

  test("has bundles by the older version of the API alone, and provenance alone", async () => {
    const { github } = await serve({ attested: digests });
    const bundlesOf = ({ attestations_subject_digests: all }: Page) =>
      Object.values(all).map((one) => one?.[0]?.bundle);
    expect(bundlesOf(await page(github)).some(Boolean)).toBe(false);
    const old = { "x-github-api-version": "2022-11-28" };
    expect(bundlesOf(await page(github, "", old)).every(Boolean)).toBe(true);
    const sbom = await page(github, "?per_page=100", headers, { predicate_type: "sbom" });
    expect(Object.values(sbom.attestations_subject_digests).every((listed) => listed === null)).toBe(true);
  });

  test.each<[string, string, object]>([
    ["no digest", "", { subject_digests: [] }],
    ["1,025 digests", "", { subject_digests: Array.from({ length: 1_025 }, (_, index) => digestOf(index)) }],
    ["another field", "", { subject_digests: digests, page: 1 }],
    ["a cursor of its own", "?after=Y3Vyc29yOjk5", { subject_digests: digests }],
    ["a page before another", "?before=Y3Vyc29yOjA=", { subject_digests: digests }],
    ["a page of 101", "?per_page=101", { subject_digests: digests }],
  ])("is refused with %s", async (_, query, body) => {
    const { github } = await serve();
    expect((await ask(github, `${BULK}${query}`, { body, headers })).status).toBe(422);
  });

  test("a token that may only read can ask; another version of the API is refused", async () => {
    const { github } = await serve({ tokens: { reader: { permission: "read" } } });
    const body = { subject_digests: digests };
    expect((await ask(github, BULK, { body, headers, token: "reader" })).status).toBe(200);
    expect(
      (await ask(github, BULK, { body, headers: { "x-github-api-version": "2025-01-01" } })).status,
    ).toBe(422);
  });
});
