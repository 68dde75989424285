/** Whatever a server answers: what goes to the engine can be encoded by Pulumi's protocol, and arrives as it was. */
import fc from "fast-check";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { fromStruct, toStruct } from "../../local/engine/marshal";
import type { PropertyMap } from "../../local/engine/types";
import type { GitHubOptions } from "../../local/github";
import { gitHub } from "../../provider/github/api";
import type { GitHubRequest } from "../../provider/github/request";
import { clusterRecords, deploymentRecords, job, storageRecords } from "../../provider/github/schemas";
import { outcomeOf } from "../../provider/http/outcome";
import { DIGEST } from "../support/provider";
import { failureOf, newSetScene } from "../support/sets";
import type { SetScene } from "../support/sets";
import { everyKind, kinds, savesId } from "./support/kinds";
import type { Kind, Saved } from "./support/kinds";

type Fields = Parameters<typeof Struct.fromJavaScript>[0];

/** To the wire and back, as Pulumi's host encodes what a provider returns. */
function carried(value: object): unknown {
  const message: Struct = Struct.fromJavaScript(value as Fields);
  return Struct.deserializeBinary(message.serializeBinary()).toJavaScript();
}

/** What is thrown is an answer too: a text, and what is kept of a resource that was written in part. */
function thrown(error: unknown): object {
  const { message, ...kept } = error as Error & { properties?: object; reasons?: string[] };
  return {
    error: message,
    ...("properties" in kept ? { properties: kept.properties, reasons: kept.reasons } : {}),
  };
}

async function outcomesOf(scene: SetScene, kind: Kind, saved: Saved): Promise<object[]> {
  const works = [
    () => kind.create(scene),
    () => kind.update(scene, saved),
    () => kind.read(scene, saved),
    // As `.get` is given it.
    () => kind.read(scene, { id: saved.id, outs: { digest: DIGEST } }),
    () => kind.remove(scene.another(), saved).then(() => ({})),
  ];
  return Promise.all(works.map((work) => work().catch(thrown)));
}

test("21. any answer: what goes to the engine can be carried, and arrives as it was", async () => {
  const scene = await newSetScene();
  const saved = await Promise.all(kinds.map((kind) => kind.create(scene)));
  let answer: unknown;
  scene.github.fault({ when: "after", do: { json: () => answer }, times: Infinity });
  let taken = 0;
  await fc.assert(
    fc.asyncProperty(answers(), async (generated) => {
      answer = generated;
      const run = { ...scene, ...scene.another() };
      for (const [index, kind] of kinds.entries()) {
        for (const outcome of await outcomesOf(run, kind, saved[index] as Saved)) {
          expect(carried(outcome)).toEqual(outcome);
          if (!Object.hasOwn(outcome, "error")) taken++;
        }
      }
    }),
    { numRuns: 60 },
  );
  // Most of what is generated is an answer that is understood, or the property would say nothing.
  expect(taken).toBeGreaterThan(300);
});

const broken: [string, string][] = [
  [
    "10,000 lists within each other",
    `{"deployment_records":[],"storage_records":[],"x":${"[".repeat(10_000)}${"]".repeat(10_000)}}`,
  ],
  [
    "keys of Object's own",
    '{"__proto__":{"total_count":0},"constructor":1,"deployment_records":[],"storage_records":[]}',
  ],
  [
    "a number that is none in JavaScript",
    '{"total_count":1e999,"deployment_records":[],"storage_records":[]}',
  ],
];

test.each(broken)("21. any answer: %s", async (_what, body) => {
  const scene = await newSetScene();
  const headers = { "content-type": "application/json; charset=utf-8" };
  scene.github.fault({ when: "after", do: { status: 200, headers, body }, times: Infinity });
  for (const kind of kinds) {
    const { outs } = await kind.create(scene);
    expect(carried(outs)).toEqual(outs);
  }
});

const SECOND_BATCH_SIZE = "\ud800";
const withHalf = ({ deployment_records: records }: { deployment_records: object[] }) => ({
  deployment_records: records.map((record) => ({
    ...record,
    tags: { [`team${SECOND_BATCH_SIZE}`]: `shop${SECOND_BATCH_SIZE}` },
  })),
});

test.each(everyKind.slice(0, 2))(
  "21. any answer: half of a surrogate pair in a $kind becomes a mark that can be carried",
  async ({ of }) => {
    const scene = await newSetScene();
    const saved = await of.create(scene);
    scene.github.fault({ match: { method: "GET" }, when: "after", do: { json: withHalf } });
    const read = await of.read(scene.another(), saved);
    expect(JSON.stringify(read.outs)).toContain('{"team\ufffd":"shop\ufffd"}');
    expect(fromStruct(toStruct(read.outs as PropertyMap))).toEqual(read.outs);
  },
);

const large: GitHubOptions[] = [{ firstId: 2n ** 53n + 1n }, { firstId: 2n ** 63n - 1n }];

test.each(
  everyKind.flatMap((one) => large.map((server) => ({ ...one, server, id: String(server.firstId) }))),
)("21. any answer: the id $id of a $kind survives", async ({ of, server }) => {
  const scene = await newSetScene(server);
  const saved = await of.create(scene);
  const [stored] = [...scene.github.deploymentRecords(), ...scene.github.storageRecords()];
  expect(BigInt(stored?.id ?? 0)).toBeGreaterThanOrEqual(BigInt(server.firstId ?? 0));
  expect(JSON.stringify(saved.outs)).toMatch(savesId(stored?.id));
  expect((await of.read(scene.another(), saved)).outs).toEqual(saved.outs);
});

test("21. any answer: it is understood or refused, and never anything else", () => {
  const request = { requestLine: "POST /x", org: "acme", digest: DIGEST, permission: "write" } as const;
  const headers = fc.constantFrom("retry-after", "x-ratelimit-remaining", "x-ratelimit-reset", "date");
  fc.assert(
    fc.property(
      fc.integer({ min: 200, max: 599 }),
      fc.oneof(answers(), fc.jsonValue(), fc.string()),
      fc.dictionary(headers, fc.string()),
      fc.constantFrom(deploymentRecords, clusterRecords, storageRecords, job),
      (status, data, given, schema) => {
        const outcome = outcomeOf<unknown, GitHubRequest>(
          gitHub,
          request,
          { status, headers: given, data },
          schema,
        );
        if (status !== 200) expect(outcome.kind).not.toBe("done");
        if (outcome.kind === "limited") expect(outcome.waitSeconds).toBeGreaterThanOrEqual(0);
        if (outcome.kind === "failed")
          expect(outcome.error.message).toMatch(/^(POST|GitHub has no artifact)/);
      },
    ),
  );
});

test("21. any answer: an error of a list is said, and never taken for an empty list", async () => {
  const scene = await newSetScene();
  const saved = await Promise.all(kinds.map((kind) => kind.create(scene)));
  scene.github.fault({ match: { method: "GET" }, when: "after", do: { json: { total_count: 3 } }, times: 9 });
  for (const [index, kind] of kinds.entries()) {
    const { message } = await failureOf(kind.read(scene.another(), saved[index] as Saved));
    expect(message).toMatch(/not what the API describes: (deployment|storage)_records/);
  }
});

/** Roughly what GitHub answers, in every operation at once. */
function answers() {
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom("a\0b", "\u2028", "__proto__", "\ud800", "a\udfff", "\udc00\ud800"),
  );
  const number = fc.oneof(fc.bigInt({ min: 0n, max: 2n ** 64n }), fc.integer(), fc.double());
  const nothing = fc.constantFrom(null, undefined);
  const time = fc.oneof(
    text,
    fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
    nothing,
  );
  const common = {
    id: fc.oneof(number, text, nothing),
    digest: fc.constantFrom(DIGEST, DIGEST, "x"),
    created_at: fc.oneof(text, nothing),
    updated_at: time,
    unknown: fc.jsonValue(),
  };
  const deployment = fc.record({
    ...common,
    logical_environment: fc.constant("production"),
    physical_environment: fc.constant("eu-west-1"),
    cluster: fc.constant("prod-eu"),
    deployment_name: fc.constantFrom("shop-web-web", "shop-web"),
    tags: fc.oneof(fc.dictionary(text, text), nothing, fc.jsonValue()),
    runtime_risks: fc.oneof(fc.array(text), nothing),
    created: fc.oneof(text, nothing),
    attestation_id: fc.oneof(number, nothing),
  });
  const stored = fc.record({
    ...common,
    name: fc.constantFrom("libfoo", "libfoo", "libbar"),
    registry_url: fc.constant("https://reg.example.com/artifactory/"),
    artifact_url: fc.constantFrom("https://reg.example.com/artifactory/bar/libfoo-1.2.3", null),
    repository: fc.constantFrom("bar", null),
    status: fc.oneof(fc.constantFrom("active", "eol", "deleted"), text, nothing),
  });
  const error = fc.record(
    {
      cause: fc.oneof(text, nothing),
      deployment: fc.record({ deployment_name: fc.oneof(fc.constant("shop-web"), text) }),
    },
    { requiredKeys: [] },
  );
  return fc.record({
    total_count: number,
    deployment_records: fc.array(deployment, { maxLength: 3 }),
    storage_records: fc.array(stored, { maxLength: 3 }),
    errors: fc.oneof({ weight: 3, arbitrary: nothing }, fc.array(error, { maxLength: 2 })),
  });
}
