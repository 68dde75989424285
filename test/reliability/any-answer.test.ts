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
import type { Outputs as RecordOutputs } from "../../provider/deployment-record";
import { MAX_QUOTED } from "../../provider/runtime/untrusted-text";
import { codePoint } from "../support/code-point";
import { EVERYTHING_HOSTILE, hostileText, isVisible, textsIn } from "../support/hostile";
import { DIGEST, recordInputs } from "../support/provider";
import { failureOf, newSetScene } from "../support/sets";
import type { SetScene } from "../support/sets";
import { everyKind, kinds, savesId } from "./support/kinds";
import type { Kind, Saved } from "./support/kinds";

const RUNS = process.env.LONG ? 40 : 15;

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
    { numRuns: RUNS },
  );
  // Most of what is generated is an answer that is understood, or the property would say nothing.
  expect(taken).toBeGreaterThan(5 * RUNS);
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

/** Whatever a record has beside what it is found by, as another writer or a server could have put it there. */
const hostileRecord = (text: string, record: object) => ({
  ...record,
  ...{ id: text, attestation_id: text, created_at: text, updated_at: text, runtime_risks: [text] },
  tags: { [text]: text, team: text },
  ...("registry_url" in record && { status: text }),
});

test("21. any answer: nothing that steers, hides or has no end is kept in a state, nor the token", async () => {
  const scene = await newSetScene();
  let text = "";
  const json = (answer: Record<string, object[]>) =>
    Object.fromEntries(
      Object.entries(answer).map(([name, value]) =>
        Array.isArray(value) ? [name, value.map((one: object) => hostileRecord(text, one))] : [name, value],
      ),
    );
  scene.github.fault({ when: "after", do: { json }, times: Infinity });
  const check = async (hostile: string) => {
    text = `${hostile} ${scene.github.token}`;
    const run = { ...scene, ...scene.another() };
    for (const kind of kinds) {
      const saved = await kind.create(run);
      const read = await kind.read(run, saved);
      for (const kept of [saved.outs, read.outs, read.inputs].flatMap(textsIn)) {
        expect([kept, isVisible(kept, MAX_QUOTED)]).toEqual([kept, true]);
        expect(kept).not.toContain(scene.github.token);
      }
      // What stands there is read again as it is: no drift of our own.
      expect((await kind.read(run, read)).outs).toEqual(read.outs);
    }
  };
  await check(EVERYTHING_HOSTILE);
  await check("x".repeat(100_000));
  await fc.assert(fc.asyncProperty(hostileText, check), { numRuns: 5 });
});

test("21. any answer: tags that are as declared are kept as they are, whatever stands beside them", async () => {
  const scene = await newSetScene();
  const tags = { "team\u200d": "family 👨\u200d👩\u200d👧", long: "x".repeat(1_000) };
  const { id, outs } = await scene.record.create(recordInputs({ tags }));
  const more = { other: "a\u200bb" };
  const json = ({ deployment_records: records }: { deployment_records: { tags: object }[] }) => ({
    deployment_records: records.map((one) => ({ ...one, tags: { ...one.tags, ...more } })),
  });
  scene.github.fault({ match: { method: "GET" }, when: "after", do: { json } });
  const { props } = await scene.another().record.read(id, outs as RecordOutputs);
  expect(props?.tags).toEqual({ ...tags, other: "a\ufffdb" });
});

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
        // What else says that a write succeeded is read as one: a server on the way can answer so.
        if (![200, 201, 202, 204].includes(status)) expect(outcome.kind).not.toBe("done");
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
    fc.string({ unit: codePoint }),
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
