/** GitHub takes a request and never ends its answer. */
import type { FaultOptions } from "../../local/github";
import { createSet, deployments, failureOf, newSetScene, setOf } from "../support/sets";
import { expectUnconfirmed, kinds, record } from "./support/kinds";
import type { Saved } from "./support/kinds";

const SECONDS = 1;
const PASSED = new RegExp(`deadline passed.*artifact-metadata:timeoutSeconds, ${SECONDS} s`);

test.each(["never-answer", "never-end"] as const)(
  "10. headers or a body that never end: with %s, each operation of each resource fails at its deadline",
  async (action) => {
    const scene = await newSetScene({}, { timeoutSeconds: String(SECONDS) });
    const patient = scene.another({ timeoutSeconds: "300" });
    const saved = await Promise.all(kinds.map((kind) => kind.create(patient)));
    scene.github.fault({ when: "after", do: action, times: Infinity });
    const timers = jest.spyOn(AbortSignal, "timeout");
    const errors = await Promise.all(
      kinds.flatMap((kind, index) => {
        const one = saved[index] as Saved;
        const works = [
          () => kind.create(scene.another()),
          () => kind.update(scene.another(), one),
          () => kind.read(scene.another(), one),
          () => kind.remove(scene.another(), one),
        ];
        return works.map((work) => failureOf(work()));
      }),
    );
    for (const { message } of errors) expect(message).toMatch(PASSED);
    expect(errors).toHaveLength(4 * kinds.length);
    // Each had a timer of at most the deadline. Others may be seen here too: jest's files share AbortSignal,
    // and what an earlier file left running asks for its own.
    const within = timers.mock.calls.filter(([milliseconds]) => milliseconds <= 1000 * SECONDS);
    timers.mockRestore();
    expect(within.length).toBeGreaterThanOrEqual(errors.length);
    // A request that hangs is not sent again.
    expect(scene.github.requests.length).toBeLessThanOrEqual(kinds.length + errors.length);
  },
);

test("10. headers or a body that never end: who waits behind such a request is not kept longer", async () => {
  const scene = await newSetScene({}, { timeoutSeconds: String(SECONDS) });
  await record.create(scene.another({ timeoutSeconds: "300" }));
  scene.github.fault({ when: "after", do: "never-answer", times: Infinity });
  const errors = await Promise.all(
    // Of one cluster, so that one is written after the other.
    Array.from({ length: 3 }, () => failureOf(record.create(scene))),
  );
  for (const { message } of errors) expect(message).toMatch(PASSED);
  expect(scene.github.requests.length).toBeLessThanOrEqual(3);
});

/** A job is first asked for after two seconds. */
const polling: [string, number, FaultOptions["match"]][] = [
  ["submitted", 1, { path: /\/jobs$/ }],
  ["asked for", 3, { path: /\/jobs\/\d+$/ }],
];

test.each(polling)(
  "10. headers or a body that never end: a job that is %s, with a deadline of %i s",
  async (what, seconds, match) => {
    const scene = await newSetScene({}, { timeoutSeconds: String(seconds) });
    scene.github.fault({ match, when: "after", do: "never-end", times: Infinity });
    const error = await failureOf(createSet(scene, setOf(deployments(1_001))));
    expect(error.message).toMatch(new RegExp(`deadline passed.*timeoutSeconds, ${seconds} s`));
    // The next run waits for a job that was accepted, and sends everything again where that is not known.
    if (what === "asked for") expect(error.properties?.job?.written).toHaveLength(1_001);
    else expectUnconfirmed(error);
  },
);
