import fc from "fast-check";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { Struct as StructMessage } from "google-protobuf/google/protobuf/struct_pb";
import { outcomeOf } from "../../provider/github/outcome";
import { deploymentRecords } from "../../provider/github/schemas";
import { newScene, listOf, requestsOf } from "../support/scene";
import type { Scene } from "../support/scene";
import { DIGEST, recordInputs } from "../support/provider";
import type { Outputs } from "../../provider/deployment-record";

type Fields = Parameters<typeof Struct.fromJavaScript>[0];

/** To the wire and back, as Pulumi's host does it with what a provider returns. */
function carried(value: object): unknown {
  const message: StructMessage = Struct.fromJavaScript(value as Fields);
  return Struct.deserializeBinary(message.serializeBinary()).toJavaScript();
}

const id = "acme/production/eu-west-1/prod-eu/shop-web-web";
const saved: Outputs = { name: "web", digest: DIGEST, status: "deployed", updatedAt: "2026-01-01T00:00:00Z" };

/** Each operation; what is thrown is an answer too, as long as it is a text. */
async function outcomes({ provider }: Scene): Promise<unknown[]> {
  const settled = await Promise.allSettled([
    provider.create(recordInputs()).then(({ outs }) => outs),
    provider.update(id, saved, recordInputs()).then(({ outs }) => outs),
    provider.read(id, saved).then(({ props, inputs }) => ({ props, inputs })),
    provider.read(id, { digest: DIGEST } as Outputs).then(({ props, inputs }) => ({ props, inputs })),
  ]);
  return settled.map((one) =>
    one.status === "fulfilled" ? one.value : { error: (one.reason as Error).message },
  );
}

test("whatever GitHub answers with 200, what goes to the engine can be carried, and arrives as it was", async () => {
  const scene = await newScene();
  let answer: unknown;
  scene.github.fault({ when: "after", do: { json: () => answer }, times: Infinity });
  let taken = 0;
  await fc.assert(
    fc.asyncProperty(answers(), async (generated) => {
      answer = generated;
      for (const outcome of await outcomes(scene)) {
        expect(carried(outcome as object)).toEqual(outcome);
        if (!Object.hasOwn(outcome as object, "error")) taken++;
      }
    }),
    { numRuns: 60 },
  );
  // Most of what is generated is an answer that is understood, or the property would say nothing.
  expect(taken).toBeGreaterThan(40);
  expect(requestsOf(scene.github)).toContain(listOf(DIGEST));
});

test("an answer is understood or refused, and never anything else", () => {
  const request = { request: "POST /x", org: "acme", digest: DIGEST, permission: "write" } as const;
  fc.assert(
    fc.property(
      fc.integer({ min: 200, max: 599 }),
      fc.oneof(answers(), fc.jsonValue(), fc.string()),
      fc.dictionary(
        fc.constantFrom("retry-after", "x-ratelimit-remaining", "x-ratelimit-reset", "date"),
        fc.string(),
      ),
      (status, data, headers) => {
        const outcome = outcomeOf(request, { status, headers, data }, deploymentRecords);
        if (status !== 200) expect(outcome.kind).not.toBe("done");
        if (outcome.kind === "retry") expect(outcome.waitSeconds ?? 0).toBeGreaterThanOrEqual(0);
        if (outcome.kind === "failed")
          expect(outcome.error.message).toMatch(/^(POST|GitHub knows no artifact)/);
      },
    ),
  );
});

function answers() {
  const text = fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom("a\0b", "\u2028", "__proto__"));
  const number = fc.oneof(fc.bigInt({ min: 0n, max: 2n ** 64n }), fc.integer(), fc.double());
  const nothing = fc.constantFrom(null, undefined);
  const record = fc.record({
    id: fc.oneof(number, text, nothing),
    digest: fc.constantFrom(DIGEST, DIGEST, "x"),
    logical_environment: fc.constant("production"),
    physical_environment: fc.constant("eu-west-1"),
    cluster: fc.constant("prod-eu"),
    deployment_name: fc.constant("shop-web-web"),
    tags: fc.oneof(fc.dictionary(text, text), nothing, fc.jsonValue()),
    runtime_risks: fc.oneof(fc.array(text), nothing),
    created_at: fc.oneof(text, nothing),
    created: fc.oneof(text, nothing),
    updated_at: fc.oneof(
      text,
      fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
      nothing,
    ),
    attestation_id: fc.oneof(number, nothing),
    unknown: fc.jsonValue(),
  });
  return fc.record({ total_count: number, deployment_records: fc.array(record, { maxLength: 3 }) });
}
