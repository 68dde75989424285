/** A set whose partial failure Pulumi's messages could not carry. */
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import { MAX_STATE_BYTES, stateBytes } from "../../provider/cluster-deployment-set/message-size";
import type { Inputs } from "../../provider/cluster-deployment-set";
import { createSet, deploymentAt, deployments, newSetScene, setOf } from "../support/sets";

/** Entries of so many bytes in all, most of them in tags. */
const large = (bytes: number) => deployments(1_000, { tags: { note: "x".repeat(Math.ceil(bytes / 1_000)) } });

test("the size of a state is that of Pulumi's message", async () => {
  const scene = await newSetScene();
  const more = { tags: { team: "größe", ü: "" }, runtimeRisks: ["sensitive-data" as const] };
  const { deployments: entries, records } = await createSet(scene, setOf(deployments(200, more)));
  const message = Struct.fromJavaScript({ deployments: entries, records } as unknown as Record<
    string,
    JavaScriptValue
  >);
  const bytes = message.serializeBinary().length;
  // Other records can have longer IDs.
  expect(stateBytes(entries)).toBeGreaterThan(bytes * 0.97);
  expect(stateBytes(entries)).toBeLessThan(bytes * 1.15);
});

test("it is refused at preview where entries are added, with the way out", async () => {
  const { set, warnings } = await newSetScene();
  const news = setOf(large(MAX_STATE_BYTES));
  const { failures } = await set.check({} as Inputs, news);
  expect(failures).toEqual([
    {
      property: "deployments",
      reason: expect.stringMatching(/^has 1000 entries.*several ClusterDeploymentSets/),
    },
  ]);
  expect(warnings).toEqual([]);
});

test("it is warned about once where it is in a state already", async () => {
  const { set, warnings } = await newSetScene();
  const news = setOf(large(MAX_STATE_BYTES));
  for (let run = 0; run < 2; run++) expect((await set.check(news, news)).failures).toEqual([]);
  expect(warnings).toEqual([expect.stringMatching(/set of cluster prod-eu .* has 1000 entries/)]);
  const one = setOf({ ...news.deployments, added: deploymentAt(1_000) });
  expect((await set.check(news, one)).failures).toHaveLength(1);
});

test("a smaller one passes", async () => {
  const { set, warnings } = await newSetScene();
  const news = setOf(large(MAX_STATE_BYTES * 0.9));
  expect((await set.check({} as Inputs, news)).failures).toEqual([]);
  expect(warnings).toEqual([]);
});
