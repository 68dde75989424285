import { createBatches } from "../../provider/deployment-record/batch";
import { createKeyedQueue } from "../../provider/lifecycle/keyed-queue";

const turn = () => new Promise((resolve) => setImmediate(resolve));

test("what arrives while a full batch is sent joins the one that waits behind it", async () => {
  const sent: string[][] = [];
  const answers: (() => void)[] = [];
  const join = createBatches<string, string>({
    queue: createKeyedQueue(),
    max: 2,
    overlapSize: 4,
    ready: async () => undefined,
    async send(items) {
      sent.push([...items.keys()]);
      await new Promise<void>((resolve) => answers.push(resolve));
      return new Map([...items].map(([key, value]) => [key, { value }]));
    },
  });
  const add = (key: string) => join("lane", "place", key, key);
  const results = [add("1"), add("2"), add("3")];
  await turn();
  results.push(add("4"));
  for (let round = 0; round < 2; round++) {
    await turn();
    answers.shift()?.();
  }
  expect(await Promise.all(results)).toEqual(["1", "2", "3", "4"]);
  expect(sent).toEqual([
    ["1", "2"],
    ["3", "4"],
  ]);
});

test("an item that is sent and of which nothing is said has not succeeded", async () => {
  const join = createBatches<string, string>({
    ...{ queue: createKeyedQueue(), max: 2 },
    overlapSize: 4,
    ready: async () => undefined,
    send: async () => new Map(),
  });
  await expect(join("lane", "place", "web", "web")).rejects.toThrow("nothing is known of web");
});
