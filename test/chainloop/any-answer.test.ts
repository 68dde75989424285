/** Whatever Chainloop answers: it is understood or refused, and what goes to the engine can be carried. */
import fc from "fast-check";
import { create, newScene } from "../support/chainloop";

const part = () => fc.oneof(fc.jsonValue(), fc.constantFrom("DEPLOYED", "PAUSED", "\ud800", 2 ** 60, null));

const record = () =>
  fc.record(
    {
      id: part(),
      artifact: fc.oneof(part(), fc.record({ kind: part(), name: part(), digest: part(), version: part() })),
      environment_name: fc.constantFrom("production", "", null),
      deployment_name: fc.constantFrom("shop-web-web", "", null),
      ...{ status: part(), created_at: part(), updated_at: part(), last_seen_at: part() },
    },
    { requiredKeys: [] },
  );

const answer = () =>
  fc.record(
    {
      deployment_record: fc.oneof(record(), part()),
      deployment_records: fc.oneof(fc.array(record(), { maxLength: 3 }), part()),
      pagination: fc.oneof(
        part(),
        fc.record({ total_count: part(), total_pages: fc.constantFrom(0, 1, 2, null) }),
      ),
    },
    { requiredKeys: [] },
  );

/** What JSON says, as Pulumi's protocol does: no `undefined`, no half of a pair. */
function expectCarried(value: object): void {
  expect(JSON.parse(JSON.stringify(value))).toEqual(value);
  expect(JSON.stringify(value)).toBe(JSON.stringify(value).toWellFormed());
  expect(JSON.stringify(value)).not.toMatch(/\\ud[89a-f]/);
}

test("21. any answer: an operation gives what can be carried, or one error that says what came back", async () => {
  const scene = await newScene();
  const saved = await create(scene);
  let given: unknown;
  scene.chainloop.fault({ when: "after", do: { json: () => given }, times: Infinity });
  const { provider } = scene.another();
  // A host in which nobody has declared it.
  const remover = scene.another().provider;
  await fc.assert(
    fc.asyncProperty(answer(), async (generated) => {
      given = generated;
      const works = [
        () => provider.update(saved.id, saved.outs, { ...saved.outs, ...identity, status: "DEPLOYED" }),
        () => provider.read(saved.id, saved.outs),
        () => provider.read(saved.id, {} as typeof saved.outs),
        () => remover.delete(saved.id, saved.outs),
      ];
      for (const work of works) {
        const outcome = await work().catch((error: Error) => ({ error: error.message }));
        if (outcome) expectCarried(outcome);
        if (outcome && "error" in outcome)
          expect(outcome.error).toMatch(/was answered with 200|^Chainloop lists no|property/);
      }
    }),
    { numRuns: 100 },
  );
});

const identity = {
  environmentName: "production",
  deploymentName: "shop-web-web",
  kind: "CONTAINER_IMAGE" as const,
};
