import type { GitHub, GitHubOptions } from "../../local/github";
import {
  ask,
  cluster,
  clusterCall,
  deployment,
  DEPLOYMENT,
  DIGEST,
  entry,
  jobOf,
  jobsOf,
  OTHER_DIGEST,
  serve,
} from "./client";

const entries = (count: number) =>
  Array.from({ length: count }, (_, index) => entry({ deployment_name: `d${index}` }));

async function start(github: GitHub, deployments: unknown[] = entries(3), name = "prod") {
  const reply = await ask(github, jobsOf(name), { body: cluster(deployments) });
  expect(reply.status).toBe(202);
  return reply.body;
}

async function withJob(options: GitHubOptions = {}, deployments?: unknown[]) {
  const server = await serve(options);
  const { job_id } = await start(server.github, deployments);
  const poll = () => ask(server.github, jobOf(job_id));
  const status = async () => (await poll()).body.status;
  return { ...server, id: job_id, poll, status };
}

const namesIn = (github: GitHub) => github.deploymentRecords().map(({ deployment_name }) => deployment_name);

test("a job is pending, then processing, then completed, and writes at its end", async () => {
  const { github, id, poll } = await withJob();
  expect((await poll()).body).toEqual({ job_id: id, status: "pending" });
  expect((await poll()).body).toEqual({
    job_id: id,
    status: "processing",
    started_at: "2026-01-01T00:00:00Z",
  });
  expect(github.deploymentRecords()).toEqual([]);
  const completed = {
    job_id: id,
    status: "completed",
    started_at: "2026-01-01T00:00:00Z",
    total_count: 3,
    errors: [],
  };
  expect((await poll()).body).toEqual(completed);
  expect((await poll()).body).toEqual(completed);
  expect(github.deploymentRecords()).toMatchObject(
    entries(3).map((one) => ({
      ...one,
      cluster: "prod",
      logical_environment: "production",
      status: "deployed",
    })),
  );
  expect(github.jobs()).toEqual([
    { id: String(id), org: "acme", cluster: "prod", status: "completed", deployments: 3 },
  ]);
});

test("each step takes as many polls as that is asked", async () => {
  const { status } = await withJob({ jobs: { pollsPerStep: 2 } });
  const seen: unknown[] = [];
  for (let poll = 0; poll < 5; poll += 1) seen.push(await status());
  expect(seen).toEqual(["pending", "pending", "processing", "processing", "completed"]);
});

test("a job that takes no poll is done at the first", async () => {
  const { status } = await withJob({ jobs: { pollsPerStep: 0 } });
  expect(await status()).toBe("completed");
});

test("a job that is paced by the clock gets on without polls", async () => {
  const { github, clock, poll, status } = await withJob({ jobs: { stepMilliseconds: 1000 } });
  expect(await status()).toBe("pending");
  clock.advance(999);
  expect(await status()).toBe("pending");
  clock.advance(1);
  expect(await status()).toBe("processing");
  clock.advance(999);
  expect(namesIn(github)).toEqual([]);
  clock.advance(1);
  expect(namesIn(github)).toEqual(["d0", "d1", "d2"]);
  expect((await poll()).body).toMatchObject({ status: "completed", started_at: "2026-01-01T00:00:01Z" });
});

test("a job that is paced by the clock writes at its time, whenever somebody looks", async () => {
  const { github, clock } = await withJob({ jobs: { stepMilliseconds: 1000 } });
  clock.advance(60_000);
  expect(github.deploymentRecords()).toMatchObject(
    entries(3).map(() => ({ created_at: "2026-01-01T00:00:02Z", updated_at: "2026-01-01T00:00:02Z" })),
  );
});

test("who writes after a job has ended has the last word, whoever it is", async () => {
  const { github, clock } = await withJob({ jobs: { stepMilliseconds: 1000 } }, entries(2));
  clock.advance(3000);
  const later = { ...deployment({ cluster: "prod", digest: OTHER_DIGEST }), status: "deployed" as const };
  github.writeDeployment("acme", { ...later, deployment_name: "d0" });
  await ask(github, DEPLOYMENT, { body: { ...later, deployment_name: "d1" } });
  expect(github.deploymentRecords()).toMatchObject(
    [0, 1].map(() => ({
      digest: OTHER_DIGEST,
      created_at: "2026-01-01T00:00:02Z",
      updated_at: "2026-01-01T00:00:03Z",
    })),
  );
});

test("another writer's change in the middle of a job is overwritten when it ends", async () => {
  const { github, status } = await withJob({}, [entry()]);
  await status();
  github.writeDeployment("acme", {
    ...deployment({ cluster: "prod", digest: OTHER_DIGEST }),
    status: "deployed",
  });
  await status();
  expect(github.deploymentRecords()).toMatchObject([{ digest: OTHER_DIGEST }]);
  await status();
  expect(github.deploymentRecords()).toMatchObject([{ digest: DIGEST }]);
});

test("finishJobs ends every running job", async () => {
  const { github, status } = await withJob();
  await start(github, entries(2), "other");
  github.finishJobs();
  expect(github.deploymentRecords()).toHaveLength(5);
  expect(await status()).toBe("completed");
});

test("a second job for a cluster is refused while the first one runs, and other clusters have their own", async () => {
  const { github } = await withJob();
  const second = await ask(github, jobsOf(), { body: cluster() });
  expect(second).toMatchObject({
    status: 409,
    body: { message: expect.stringMatching(/already/) as string },
  });
  await start(github, entries(1), "other");
  await start(github, entries(1), "PROD");
  github.finishJobs();
  await start(github);
  expect(github.jobs()).toHaveLength(4);
});

test("a refused job counts as a poll, so that a job without a client ends", async () => {
  const { github } = await withJob();
  const again = async () => (await ask(github, jobsOf(), { body: cluster() })).status;
  expect([await again(), await again(), await again()]).toEqual([409, 409, 202]);
  expect(namesIn(github)).toEqual(["d0", "d1", "d2"]);
});

test("a cluster call is taken while a job runs", async () => {
  const { github } = await withJob();
  expect((await ask(github, clusterCall(), { body: cluster() })).status).toBe(200);
});

test("entries that cannot be written come back at once, and the others are", async () => {
  const { github } = await serve({ attested: [DIGEST], jobs: { pollsPerStep: 0 } });
  const bad = entry({ deployment_name: "bad", digest: OTHER_DIGEST });
  const { job_id, errors } = await start(github, [bad, entry()]);
  expect(errors).toMatchObject([{ cause: "not_found", deployment: { deployment_name: "bad" } }]);
  expect((await ask(github, jobOf(job_id))).body).toMatchObject({ status: "completed", total_count: 1 });
  expect(namesIn(github)).toEqual(["web"]);
});

test("of two entries of a job for one artifact, the first one names it", async () => {
  const { github } = await serve({ jobs: { pollsPerStep: 0 } });
  await start(github, [entry({ name: "first" }), entry({ deployment_name: "two", name: "second" })]);
  github.finishJobs();
  expect(github.deploymentRecords().map(({ name }) => name)).toEqual(["first", "first"]);
});

test("a job that is planned to fail writes what the plan says, and tells its errors", async () => {
  const { github } = await serve();
  const errors = [{ message: "the disk is full" }];
  github.planJob({ outcome: "failed", written: 2, errors });
  const { job_id } = await start(github);
  const poll = () => ask(github, jobOf(job_id));
  await poll();
  await poll();
  expect((await poll()).body).toEqual({
    job_id,
    status: "failed",
    started_at: "2026-01-01T00:00:00Z",
    errors,
  });
  expect(namesIn(github)).toEqual(["d0", "d1"]);
  await start(github);
});

test("a job that is planned to vanish is unknown in the end", async () => {
  const { github } = await serve();
  github.planJob({ outcome: "vanished", written: 1 });
  const { job_id } = await start(github);
  const poll = () => ask(github, jobOf(job_id));
  expect((await poll()).body.status).toBe("pending");
  expect((await poll()).body.status).toBe("processing");
  expect(await poll()).toMatchObject({ status: 404, body: { message: "Not Found" } });
  expect(namesIn(github)).toEqual(["d0"]);
  expect(github.jobs()).toMatchObject([{ status: "vanished" }]);
  await start(github);
});

test("a job that fails or vanishes writes nothing, where the plan says no more", async () => {
  const { github } = await serve();
  github.planJob({ outcome: "failed" });
  github.planJob({ outcome: "vanished" });
  for (const name of ["one", "two", "three"]) await start(github, entries(1), name);
  github.finishJobs();
  expect(github.jobs().map(({ status }) => status)).toEqual(["failed", "vanished", "completed"]);
  expect(github.deploymentRecords().map((record) => record.cluster)).toEqual(["three"]);
});

test.each(["1", "9999999999999999999", "0"])("job %s is unknown", async (id) => {
  const { github } = await serve();
  expect((await ask(github, jobOf(id))).status).toBe(404);
});

test("a job is known in its cluster only", async () => {
  const { github, id } = await withJob();
  expect((await ask(github, jobOf(id, "other"))).status).toBe(404);
});

test("a job's ID above 2^53 is found by its digits", async () => {
  const { github } = await serve({ firstId: 2n ** 60n + 1n });
  await start(github);
  const id = github.jobs()[0]?.id;
  expect(BigInt(id ?? 0)).toBeGreaterThan(2n ** 60n);
  expect((await ask(github, jobOf(id))).status).toBe(200);
  expect((await ask(github, jobOf(String(BigInt(id ?? 0) + 1n)))).status).toBe(404);
});
