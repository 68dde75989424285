import fc from "fast-check";

import {
  ask,
  attestationsOf,
  cluster,
  clusterCall,
  deployment,
  DEPLOYMENT,
  deploymentsOf,
  DIGEST,
  entry,
  jobOf,
  jobsOf,
  OTHER_DIGEST,
  serve,
  storage,
  STORAGE,
  storageOf,
  WRITES,
} from "./client";
import type { AskOptions } from "./client";
import { anyDigest, likeABody, validWrite } from "./arbitraries";
import { DESCRIBED } from "./described";

/** What to ask for each status that the description has of an operation; `ask` checks the answer against it. */
const ASKED: [what: string, status: number, options: AskOptions][] = [
  [DEPLOYMENT, 200, { body: deployment() }],
  [DEPLOYMENT, 403, { body: deployment(), token: "reader" }],
  [DEPLOYMENT, 404, { body: deployment({ digest: OTHER_DIGEST }) }],
  [clusterCall(), 200, { body: cluster() }],
  [clusterCall(), 207, { body: cluster([entry({ digest: OTHER_DIGEST })], { partial_success: true }) }],
  [clusterCall(), 403, { body: cluster(), token: "some" }],
  [clusterCall(), 404, { body: cluster([entry({ digest: OTHER_DIGEST, github_repository: "gone" })]) }],
  [jobsOf(), 202, { body: cluster() }],
  [jobsOf(), 400, { body: "{" }],
  [jobsOf(), 403, { body: cluster(), token: "reader" }],
  [jobsOf("other").replace("acme", "nowhere"), 404, { body: cluster() }],
  [jobsOf(), 409, { body: cluster() }],
  [jobOf("JOB"), 200, {}],
  [jobOf(1), 404, {}],
  [STORAGE, 200, { body: storage() }],
  [STORAGE, 403, { body: storage(), token: "some" }],
  [STORAGE, 404, { body: storage({ digest: OTHER_DIGEST }) }],
  [deploymentsOf(), 200, {}],
  [storageOf(), 200, {}],
  [attestationsOf(), 200, {}],
  ["POST /orgs/acme/attestations/bulk-list", 200, { body: { subject_digests: [DIGEST] } }],
];

test("every answer that the description has is given, in its form", async () => {
  const { github } = await serve({
    attested: [DIGEST],
    repositories: [],
    rules: { repositoryErrors: "text" },
    jobs: { pollsPerStep: 9 },
    tokens: { reader: { permission: "read" }, some: { repositories: { source: "read" } } },
  });
  const given = new Set<string>();
  for (const [what, status, options] of ASKED) {
    const reply = await ask(github, what.replace("JOB", github.jobs()[0]?.id ?? ""), options);
    expect([what, reply.status]).toEqual([what, status]);
    given.add(`${github.requests.at(-1)?.operation} ${status}`);
  }
  // Those on comments have a test of their own.
  const ours = DESCRIBED.filter(({ path }) => path.startsWith("/orgs/"));
  const all = ours.flatMap(({ operation, responses }) =>
    Object.keys(responses).map((status) => `${operation} ${status}`),
  );
  expect([...given].sort()).toEqual(all.sort());
});

test("whatever a valid request, its answer is as described", async () => {
  const { github } = await serve({ rateLimit: { limit: 100_000 }, attested: [DIGEST] });
  const all = fc.record({ write: validWrite(), digest: anyDigest() });
  await fc.assert(
    fc.asyncProperty(all, async ({ write: [what, body], digest: listedDigest }) => {
      const { status } = await ask(github, what, { body });
      expect([200, 202, 207, 404, 409]).toContain(status);
      expect((await ask(github, deploymentsOf(listedDigest))).status).toBe(200);
      expect((await ask(github, storageOf(listedDigest))).status).toBe(200);
      const job = github.jobs().at(-1);
      if (job) expect((await ask(github, jobOf(job.id, job.cluster))).status).toBe(200);
    }),
    { numRuns: 100 },
  );
  expect(github.violations).toEqual([]);
  expect(github.deploymentRecords().length).toBeGreaterThan(0);
});

test("whatever a request, it is answered in GitHub's form, and never with a failure of the server", async () => {
  const { github } = await serve({ rateLimit: { limit: 100_000 } });
  const what = fc.constantFrom(...WRITES.map(([, one]) => one));
  await fc.assert(
    fc.asyncProperty(what, likeABody(), async (one, body) => {
      const reply = await ask(github, one, { body });
      expect([200, 202, 207, 400, 404, 409, 422]).toContain(reply.status);
      if (reply.status === 422) expect(reply.body.errors?.length).toBeGreaterThan(0);
    }),
    { numRuns: 200 },
  );
});
