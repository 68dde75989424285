/** The server against a model of it that is a map and nothing more. */
import fc from "fast-check";

import type { GitHub, TestClock } from "../../local/github";
import {
  ask,
  cluster,
  clusterCall,
  deployment,
  DEPLOYMENT,
  deploymentsOf,
  digestOf,
  entry,
  serve,
  storage,
  STORAGE,
  storageOf,
} from "./client";
import type { Server } from "./client";

interface Write {
  org: string;
  logical: string;
  physical: string | undefined;
  cluster: string | undefined;
  entries: Entry[];
  /** One call of the cluster operation in place of one call for each entry. */
  together: boolean;
  later: number;
}

interface Entry {
  deployment_name: string;
  digest: string;
  status: string;
  tags?: Record<string, string>;
  runtime_risks?: string[];
}

interface Expected {
  digest: string;
  status: string;
  tags: Record<string, string>;
  runtime_risks: string[];
  created_at: string;
  updated_at: string;
}

const keyOf = (...parts: (string | undefined)[]) => JSON.stringify(parts.map((part) => part || undefined));
const timeOf = (clock: TestClock) => new Date(clock.now()).toISOString().replace(".000Z", "Z");

function expectWrite(model: Map<string, Expected>, write: Write, one: Entry, now: string): void {
  const key = keyOf(
    write.org.toLowerCase(),
    write.logical,
    write.physical,
    write.cluster,
    one.deployment_name,
  );
  const before = model.get(key);
  model.set(key, {
    digest: one.digest,
    status: one.status,
    tags: one.tags ?? before?.tags ?? {},
    runtime_risks: one.runtime_risks ?? before?.runtime_risks ?? [],
    created_at: before?.created_at ?? now,
    updated_at: now,
  });
}

async function send(
  github: GitHub,
  { org, logical, physical, cluster: name, entries, together }: Write,
): Promise<void> {
  const environments = {
    logical_environment: logical,
    ...(physical === undefined ? {} : { physical_environment: physical }),
  };
  const calls: [what: string, body: unknown][] =
    together && name
      ? [
          [
            clusterCall(name),
            cluster(
              entries.map((one) => entry({ ...one })),
              environments,
            ),
          ],
        ]
      : entries.map((one) => [
          DEPLOYMENT,
          deployment({ ...one, ...environments, ...(name === undefined ? {} : { cluster: name }) }),
        ]);
  for (const [what, body] of calls)
    expect((await ask(github, what.replace("acme", org), { body })).status).toBe(200);
}

/** What the server keeps and what its lists show, by identity. */
async function observed({ github }: Server, org: string) {
  const lists = await Promise.all(DIGESTS.map((digest) => ask(github, deploymentsOf(digest, org))));
  const shown = lists.flatMap(({ body }) => body.deployment_records ?? []);
  const kept = github.deploymentRecords(org).map((one) => {
    const { digest, status, tags, runtime_risks, created_at, updated_at } = one;
    const key = keyOf(
      org,
      one.logical_environment,
      one.physical_environment,
      one.cluster,
      one.deployment_name,
    );
    return [key, { digest, status, tags, runtime_risks, created_at, updated_at }] as const;
  });
  const ids = new Map(github.deploymentRecords(org).map(({ id, digest }) => [Number(id), digest]));
  expect(new Map(shown.map(({ id, digest }) => [id, digest]))).toEqual(ids);
  expect(shown).toHaveLength(ids.size);
  return kept;
}

test("deployment records are upserted by identity, the last write wins, and lists find exactly what was written", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(oneWrite(), { minLength: 1, maxLength: 12 }), async (writes) => {
      const server = await serve({ orgs: ["acme", "other"] });
      const model = new Map<string, Expected>();
      for (const write of writes) {
        server.clock.advance(write.later);
        await send(server.github, write);
        for (const one of write.entries) expectWrite(model, write, one, timeOf(server.clock));
      }
      const kept = [...(await observed(server, "acme")), ...(await observed(server, "other"))];
      expect(new Map(kept)).toEqual(model);
      expect(kept).toHaveLength(model.size);
      await server.github.close();
    }),
    { numRuns: 40 },
  );
});

test("storage records are upserted by identity, and the last write wins", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(oneStorage(), { minLength: 1, maxLength: 15 }), async (writes) => {
      const { github } = await serve();
      const model = new Map<string, string>();
      for (const { status, ...where } of writes) {
        expect((await ask(github, STORAGE, { body: storage({ ...where, status }) })).status).toBe(200);
        const { digest, name, repository, path } = where;
        model.set(JSON.stringify([digest, name, repository, path]), status);
      }
      const kept = github
        .storageRecords()
        .map(({ digest, name, repository, path, status }) => [
          JSON.stringify([digest, name, repository, path]),
          status,
        ]);
      expect(new Map(kept as [string, string][])).toEqual(model);
      expect(kept).toHaveLength(model.size);
      const lists = await Promise.all(DIGESTS.map((digest) => ask(github, storageOf(digest))));
      const shown = lists.flatMap(({ body }) => body.storage_records?.map(({ id }) => String(id)) ?? []);
      expect(shown.sort()).toEqual(
        github
          .storageRecords()
          .map(({ id }) => id)
          .sort(),
      );
      await github.close();
    }),
    { numRuns: 30 },
  );
});

const DIGESTS = ["a", "b", "c"].map(digestOf);

const oneEntry = (): fc.Arbitrary<Entry> =>
  fc.record(
    {
      deployment_name: fc.constantFrom("web", "api", "Web"),
      digest: fc.constantFrom(...DIGESTS),
      status: fc.constantFrom("deployed", "decommissioned"),
      tags: fc.dictionary(fc.constantFrom("a", "b"), fc.constantFrom("1", "2")),
      runtime_risks: fc.subarray(["internet-exposed", "sensitive-data"]),
    },
    { requiredKeys: ["deployment_name", "digest", "status"] },
  );

const oneWrite = (): fc.Arbitrary<Write> =>
  fc.record({
    org: fc.constantFrom("acme", "ACME", "other"),
    logical: fc.constantFrom("production", "staging"),
    physical: fc.constantFrom(undefined, "", "eu"),
    cluster: fc.constantFrom(undefined, "", "prod", "Prod"),
    entries: fc.uniqueArray(oneEntry(), {
      minLength: 1,
      maxLength: 3,
      selector: (one) => one.deployment_name,
    }),
    together: fc.boolean(),
    later: fc.constantFrom(0, 1000),
  });

const oneStorage = () =>
  fc.record(
    {
      digest: fc.constantFrom(...DIGESTS),
      name: fc.constantFrom("libfoo", "libbar"),
      repository: fc.constantFrom("r", "s"),
      path: fc.constantFrom("p", "q"),
      status: fc.constantFrom("active", "eol", "deleted"),
    },
    { requiredKeys: ["digest", "name", "status"] },
  );
