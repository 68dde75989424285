import type { Deadline } from "../../provider/http/deadline";
import { createQueue } from "../../provider/http/queue";

/** One at once, as soon as the one before has ended. */
const newQueue = () =>
  createQueue(1, { time: () => 0, next: () => 0, taken: () => undefined, sleepUntil: async () => undefined });

const waiting = (signal: AbortSignal) => {
  const deadline: Deadline = { seconds: 7, interrupted: false, left: () => 7_000, signal, inFlight: signal };
  return { requestLine: "POST /x", deadline, again: false };
};
const patient = () => waiting(new AbortController().signal);

test("what waits behind a request that does not end is ended by its own deadline, and leaves the queue", async () => {
  const queue = newQueue();
  const end = await queue.enter(patient());
  const deadline = new AbortController();
  const second = queue.enter(waiting(deadline.signal));
  const third = queue.enter(patient());
  deadline.abort();
  await expect(second).rejects.toThrow("POST /x was not sent: the deadline passed before it could be sent");
  expect(queue.length).toBe(1);
  end();
  expect(await third).toEqual(expect.any(Function));
});

test("what comes when its deadline has passed does not wait", async () => {
  const queue = newQueue();
  await queue.enter(patient());
  await expect(queue.enter(waiting(AbortSignal.abort()))).rejects.toThrow("timeoutSeconds, 7 s");
});

test("a deadline that passes after the request has started ends nothing more", async () => {
  const queue = newQueue();
  const deadline = new AbortController();
  await queue.enter(waiting(deadline.signal));
  const second = queue.enter(patient());
  deadline.abort();
  expect(queue.length).toBe(1);
  second.catch(() => undefined);
});
