/** Ctrl-C, seen from the provider host: Pulumi sends it `Cancel`. */
import { channel } from "node:diagnostics_channel";
import { createInterruption, onCancel } from "../../provider/runtime/interruption";
import { createSet, deployments, failureOf, newSetScene, setOf } from "../support/sets";
import { virtualTime } from "../support/time";
import { kinds, record } from "./support/kinds";

const INTERRUPTED = /^POST \S+ (was not sent( again)?: |did not succeed: )Pulumi was interrupted/;

async function interruptible() {
  const interruption = createInterruption();
  const time = virtualTime();
  const scene = await newSetScene({ now: time.now }, {}, { ...time, interruption });
  return { scene, time, interrupt: interruption.begin };
}

test("3. Ctrl-C in the middle of a batch: what waits because GitHub asked for it ends, and is not sent", async () => {
  const { scene, time, interrupt } = await interruptible();
  const limited = { status: 429, headers: { "retry-after": "60" } };
  scene.github.fault({ when: "before", do: limited, times: Infinity });
  const waiting = kinds.map((kind) => failureOf(kind.create(scene)));
  while (scene.warnings.length === 0 || scene.github.requests.length < 2) await time.advance(0);
  const sent = scene.github.requests.length;
  interrupt();
  for (const { message } of await Promise.all(waiting)) expect(message).toMatch(INTERRUPTED);
  expect(await failureOf(record.create(scene))).toMatchObject({
    message: expect.stringMatching(INTERRUPTED) as string,
  });
  expect(scene.github.requests).toHaveLength(sent);
});

test("3. Ctrl-C in the middle of a batch: what waits before it is sent again ends", async () => {
  const { scene, time, interrupt } = await interruptible();
  scene.github.fault({ when: "before", do: { status: 503 }, times: Infinity });
  jest.spyOn(Math, "random").mockReturnValue(1);
  const waiting = failureOf(record.create(scene));
  while (time.sleeping === 0) await time.advance(0);
  interrupt();
  expect((await waiting).message).toMatch(INTERRUPTED);
  expect(scene.github.requests).toHaveLength(1);
});

test("3. Ctrl-C in the middle of a batch: a background job that runs is not waited for", async () => {
  const { scene, time, interrupt } = await interruptible();
  scene.github.fault({ match: { path: /\/jobs$/ }, when: "after", do: { delay: 0 } });
  const waiting = failureOf(createSet(scene, setOf(deployments(1_001))));
  while (time.sleeping === 0) await time.advance(0);
  const sent = scene.github.requests.length;
  interrupt();
  const error = await waiting;
  expect(error.message).toMatch(/was not sent: Pulumi was interrupted/);
  expect(scene.github.requests).toHaveLength(sent);
  // It goes on at GitHub, so the next run waits for it.
  expect(error.properties?.job?.written).toHaveLength(1_001);
});

test("3. Ctrl-C in the middle of a batch: a request that is on its way has three seconds for its answer", async () => {
  const { scene, interrupt } = await interruptible();
  const held = scene.github.fault({ when: "after", do: "hold" });
  const answered = record.create(scene);
  await held.arrived;
  interrupt();
  held.release();
  expect(await answered).toMatchObject({
    outs: { status: "deployed", recordId: expect.any(String) as string },
  });

  const other = await interruptible();
  other.scene.github.fault({ when: "after", do: "never-answer" });
  const unanswered = failureOf(record.create(other.scene));
  while (other.scene.github.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  const timers = jest.spyOn(globalThis, "setTimeout");
  other.interrupt();
  expect(timers.mock.calls.map(([, milliseconds]) => milliseconds)).toEqual([3_000]);
  expect((await unanswered).message).toMatch(INTERRUPTED);
  expect(other.scene.github.requests).toHaveLength(1);
});

test("3. Ctrl-C in the middle of a batch: Cancel is heard among the calls that Node tells of, and no other", () => {
  const begin = jest.fn();
  onCancel(begin);
  const calls = channel("http2.server.stream.created");
  const call = (path: string) => calls.publish({ headers: { ":path": path } });
  call("/pulumirpc.ResourceProvider/Check");
  calls.publish({});
  expect(begin).not.toHaveBeenCalled();
  call("/pulumirpc.ResourceProvider/Cancel");
  expect(begin).toHaveBeenCalledTimes(1);
});
