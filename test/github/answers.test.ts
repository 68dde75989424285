import fc from "fast-check";

import { answerProblems } from "../../local/github";
import type { Operation } from "../../local/github";
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
import { brokenBy, DESCRIBED } from "./described";

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
  const all = DESCRIBED.flatMap(({ operation, responses }) =>
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

test("the server's own judgement of answers is the description's", () => {
  const bodies: unknown[] = [
    {},
    { total_count: 1 },
    { total_count: "1" },
    { total_count: 1, deployment_records: [{ id: 1, attestation_id: null, cluster: "c" }] },
    { total_count: 1, deployment_records: [{ cluster: null }] },
    { total_count: 1, deployment_records: [{ runtime_risks: ["unknown"] }] },
    { total_count: 1, deployment_records: {}, storage_records: {} },
    { total_count: 1, storage_records: [{ artifact_url: null }] },
    { total_count: 1, errors: [{ cause: "not_found", deployment: { version: null } }] },
    { total_count: 1, errors: [{ cause: "lost" }] },
    { job_id: 1, status: "pending", started_at: "2026-01-01T00:00:00Z" },
    { job_id: 1, status: "vanished" },
    { job_id: 1.5, status: "failed" },
    { job_id: 1, status: "failed", started_at: "yesterday" },
    { message: "Not Found", documentation_url: "https://docs.github.com" },
    { message: 1 },
    { message: "Invalid", documentation_url: "x", errors: [{ field: "a" }] },
    [],
    null,
  ];
  const verdicts = { right: 0, wrong: 0 };
  for (const { operation } of DESCRIBED)
    for (const status of [200, 201, 202, 207, 302, 400, 401, 403, 404, 409, 422, 500])
      for (const body of bodies) {
        const problems = answerProblems(operation as Operation, status, body);
        const broken = brokenBy(operation, status, body, false);
        expect([operation, status, body, problems.length > 0]).toEqual([
          operation,
          status,
          body,
          broken.length > 0,
        ]);
        verdicts[problems.length > 0 ? "wrong" : "right"] += 1;
      }
  expect(Math.min(verdicts.right, verdicts.wrong)).toBeGreaterThan(100);
});

test("an error's message may be the object of the description's own examples", () => {
  const body = (message: unknown) => ({
    message,
    documentation_url: "https://docs.github.com",
    status: "404",
  });
  const problems = (message: unknown) => answerProblems("set-cluster-deployment-records", 404, body(message));
  expect(problems({ cause: "One or more repositories do not exist", repositories: ["a"] })).toEqual([]);
  expect(problems({ repositories: ["a"] })).toMatchObject([{ in: "body", field: "message" }]);
  expect(problems({ cause: 1 })).toMatchObject([{ in: "body", field: "message" }]);
});
