/** A set whose request is refused as a whole: what the error names. */
import { createSet, CLUSTER, deployments, digestAt, failureOf, newSetScene, setOf } from "../support/sets";

test.each([
  [1, `GitHub has no artifact with digest ${digestAt(0)}.`],
  [2, "GitHub has no artifact for these entries."],
])(
  "all or nothing, of %i that are not known: the error names the digest where there is one",
  async (count, words) => {
    const scene = await newSetScene({ attested: [] });
    const error = await failureOf(createSet(scene, setOf(deployments(count), { partialSuccess: false })));
    expect(error.message).toContain(words);
  },
);

test("a job that may not be submitted is an error that names the request", async () => {
  const scene = await newSetScene();
  const refused = { status: 403, body: { message: "Resource not accessible by integration" } };
  scene.github.fault({ match: { method: "POST" }, when: "before", do: refused });
  const { message } = await failureOf(createSet(scene, setOf(deployments(1_001))));
  expect(message).toContain(`${CLUSTER}/jobs was answered with 403 "Resource not accessible by integration"`);
});

test("a set whose answer contains no record says so, and is written", async () => {
  const scene = await newSetScene();
  scene.github.fault({ match: { method: "POST" }, when: "after", do: { json: {} } });
  const created = await createSet(scene, setOf(deployments(2)));
  expect(created.deployments).toEqual(deployments(2));
  expect(scene.warnings).toEqual([
    expect.stringMatching(/its answer contains no record: ids and timestamps/),
  ]);
});
