import { createBatches } from "../../provider/deployment-record/batch";
import type { Settled } from "../../provider/deployment-record/batch";
import { createKeyedQueue } from "../../provider/lifecycle/keyed-queue";

/** Batches whose sending waits for `answer`; `sent` has the keys of each. */
function scene(max = 100) {
  const sent: string[][] = [];
  const answers: (() => void)[] = [];
  const lanes = createKeyedQueue();
  const join = createBatches<string, string>({
    queue: lanes,
    max,
    overlapSize: 4,
    ready: async () => undefined,
    async send(items) {
      sent.push([...items.keys()]);
      await new Promise<void>((resolve) => answers.push(resolve));
      return new Map([...items].map(([key, item]) => settle(key, item)));
    },
  });
  const answer = async () => {
    await turn();
    answers.shift()?.();
    await turn();
  };
  return {
    sent,
    join: (key: string, item = key, where = "a") => join("lane", where, key, item),
    answer,
    queue: lanes,
  };
}

const settle = (key: string, item: string): [string, { value: string } | { error: unknown }] =>
  item === "bad" ? [key, { error: new Error(`${key} is bad`) }] : [key, { value: item }];

const turn = () => new Promise((resolve) => setImmediate(resolve));

test("a lone item is sent at once, and what arrives meanwhile goes together", async () => {
  const { sent, join, answer } = scene();
  const results = [join("1")];
  await turn();
  expect(sent).toEqual([["1"]]);
  results.push(join("2"), join("3"));
  await turn();
  results.push(join("4"));
  expect(sent).toEqual([["1"]]);
  await answer();
  expect(sent).toEqual([["1"], ["2", "3", "4"]]);
  await answer();
  expect(await Promise.all(results)).toEqual(["1", "2", "3", "4"]);
});

test("each item has its own result, or its own error", async () => {
  const { join, answer } = scene();
  const results = Promise.allSettled([join("1"), join("2", "bad"), join("3")]);
  await answer();
  expect(await results).toEqual([
    { status: "fulfilled", value: "1" },
    { status: "rejected", reason: new Error("2 is bad") },
    { status: "fulfilled", value: "3" },
  ]);
});

test("a batch that is full, or has this key already, is followed by another", async () => {
  const { sent, join, answer } = scene(2);
  const results = [join("1"), join("2"), join("3"), join("3", "again"), join("4")];
  for (let round = 0; round < 3; round++) await answer();
  expect(sent).toEqual([["1", "2"], ["3"], ["3", "4"]]);
  expect(await Promise.all(results)).toEqual(["1", "2", "3", "again", "4"]);
});

test("batches for different places do not mix, and go one after the other in one lane", async () => {
  const { sent, join, answer } = scene();
  const results = [join("1"), join("2", "2", "b"), join("3")];
  await turn();
  expect(sent).toEqual([["1", "3"]]);
  await answer();
  expect(sent).toEqual([["1", "3"], ["2"]]);
  await answer();
  expect(await Promise.all(results)).toEqual(["1", "2", "3"]);
});

test("a batch that fails as a whole fails each of its items, and not the next one", async () => {
  let fails = true;
  const join = createBatches<string, string>({
    queue: createKeyedQueue(),
    max: 10,
    overlapSize: 4,
    ready: async () => undefined,
    send: async (items): Promise<Settled<string>> => {
      if (fails) throw new Error("refused");
      return new Map([...items].map(([key, value]) => [key, { value }]));
    },
  });
  const results = await Promise.allSettled([join("lane", "a", "1", "1"), join("lane", "a", "2", "2")]);
  expect(results.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  fails = false;
  expect(await join("lane", "a", "1", "1")).toBe("1");
});

test("until the request could be sent, what arrives joins it", async () => {
  const sent: string[][] = [];
  let free = () => {};
  const join = createBatches<string, string>({
    queue: createKeyedQueue(),
    max: 10,
    overlapSize: 4,
    ready: () => new Promise((resolve) => (free = () => resolve())),
    async send(items) {
      sent.push([...items.keys()]);
      return new Map([...items].map(([key, item]) => settle(key, item)));
    },
  });
  const results = [join("lane", "a", "1", "1")];
  await turn();
  results.push(join("lane", "a", "2", "2"));
  await turn();
  expect(sent).toEqual([]);
  free();
  expect(await Promise.all(results)).toEqual(["1", "2"]);
  expect(sent).toEqual([["1", "2"]]);
});

describe("beside a request with few items", () => {
  test("as many that wait are sent in a second one, and what comes then waits for either", async () => {
    const { sent, join, answer } = scene();
    const results = [join("1"), join("2"), join("3"), join("4")];
    await turn();
    results.push(join("5"), join("6"), join("7"));
    await turn();
    expect(sent).toEqual([["1", "2", "3", "4"]]);
    results.push(join("8"));
    await turn();
    expect(sent.at(-1)).toEqual(["5", "6", "7", "8"]);
    results.push(...["9", "10", "11", "12", "13"].map((key) => join(key)));
    await turn();
    expect(sent).toHaveLength(2);
    await answer();
    expect(sent.at(-1)).toEqual(["9", "10", "11", "12", "13"]);
    await answer();
    await answer();
    expect(await Promise.all(results)).toHaveLength(13);
  });

  test("none is sent that has one of its keys: it would undo it, or be undone", async () => {
    const { sent, join, answer } = scene();
    const results = [join("1"), join("2")];
    await turn();
    results.push(...["3", "4", "5", "2"].map((key) => join(key)));
    await turn();
    expect(sent).toEqual([["1", "2"]]);
    await answer();
    expect(sent.at(-1)).toEqual(["3", "4", "5", "2"]);
    await answer();
    await Promise.all(results);
  });

  test("none is sent beside many, nor beside other work of the lane", async () => {
    const { sent, join, answer, queue } = scene();
    const results = ["1", "2", "3", "4", "5"].map((key) => join(key));
    await turn();
    results.push(...["6", "7", "8", "9"].map((key) => join(key)));
    await turn();
    expect(sent).toHaveLength(1);
    let end = () => {};
    const other = queue("lane", () => new Promise<void>((resolve) => (end = resolve)));
    await answer();
    expect(sent).toHaveLength(2);
    results.push(...["10", "11", "12", "13"].map((key) => join(key)));
    await answer();
    expect(sent).toHaveLength(2);
    end();
    await other;
    await turn();
    expect(sent.at(-1)).toEqual(["10", "11", "12", "13"]);
    await answer();
    await Promise.all(results);
  });
});

test("an item does not join a batch that may be sent beside the one with its key", async () => {
  const sent: string[][] = [];
  const answers: (() => void)[] = [];
  const held: (() => void)[] = [];
  const join = createBatches<string, string>({
    queue: createKeyedQueue(),
    max: 100,
    overlapSize: 4,
    ready: async (first) => (first === "5" ? new Promise<void>((resolve) => held.push(resolve)) : undefined),
    async send(items) {
      sent.push([...items.keys()]);
      await new Promise<void>((resolve) => answers.push(resolve));
      return new Map([...items].map(([key, item]) => settle(key, item)));
    },
  });
  const results = [join("lane", "a", "1", "removal of 1")];
  await turn();
  // The second one waits until it may be sent, and is open to others meanwhile.
  results.push(...["5", "6", "7", "8"].map((key) => join("lane", "a", key, key)));
  await turn();
  results.push(join("lane", "a", "1", "1"));
  await turn();
  for (const resolve of held) resolve();
  await turn();
  expect(sent).toEqual([["1"], ["5", "6", "7", "8"]]);
  for (const resolve of answers.splice(0)) resolve();
  await turn();
  await turn();
  expect(sent.at(-1)).toEqual(["1"]);
  for (const resolve of answers.splice(0)) resolve();
  expect(await Promise.all(results)).toHaveLength(6);
});
