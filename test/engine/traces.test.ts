/**
 * The local engine makes the calls that the real engine made, and saves what it saved. The scenarios are those
 * of the files, whichever they hold; another file of the same form can be put in their place.
 */
import { join } from "node:path";
import { comparable, type Run } from "./comparable";
import { replay, type Replayed } from "./replay";
import { readTraces, type TraceFile, type TraceStep } from "./trace-file";

const recordings = [
  { name: "traces/traces.json" },
  { name: "option-traces.json", always: ["target-with-dependents", "run-program-explicit-provider"] },
  {
    name: "more-traces.json",
    // The others take minutes, and run where LONG is set.
    always: ["delete-before-replace-chain", "secret-through-outputs", "read-by-id"],
  },
];
const scenarios = recordings.flatMap(({ name, always }) => {
  const file = readTraces(join(__dirname, name));
  return Object.entries(file.scenarios)
    .filter(([title]) => !always || always.includes(title) || process.env.LONG)
    .map(([title, steps]) => ({ title: `${name}: ${title}`, steps, file }));
});

/** A step is a program and a provider host that start and end: two scenarios at once use two cores. */
const inTurn = limited(2);
/** On a machine that is busy with other things. */
const TIMEOUT_MS = 180_000;
const replays = new Map<TraceStep[], Promise<Replayed[]>>();

beforeAll(() => {
  for (const { steps } of scenarios) {
    const replayed = inTurn(() => replay(steps, __dirname));
    // Its own test reports it.
    replayed.catch(() => {});
    replays.set(steps, replayed);
  }
});

test.each(scenarios)(
  "$title",
  async ({ steps, file }) => {
    const replayed = (await replays.get(steps)) ?? [];
    expect(replayed).toHaveLength(steps.length);
    replayed.forEach((run, i) => expectSame(run, i, steps, file));
  },
  TIMEOUT_MS,
);

function expectSame(run: Replayed, i: number, steps: TraceStep[], file: TraceFile): void {
  const step = steps[i];
  if (!step) throw new Error(`no step ${i}`);
  const before = steps[i - 1]?.resources ?? [];
  const title = `step ${i + 1}, ${step.command}`;
  const expected = comparable(recorded(step), step, before, file);
  expect({ title, ...comparable(run, step, before, file) }).toEqual({ title, ...expected });
}

function recorded(step: TraceStep): Run {
  const { exit, providerCalls, resources, pendingOperations } = step;
  return { exit, calls: providerCalls, deployment: { resources, pending_operations: pendingOperations } };
}

function limited(atOnce: number): <T>(work: () => Promise<T>) => Promise<T> {
  const running = new Set<Promise<unknown>>();
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const begun = last.then(async () => {
      while (running.size >= atOnce) await Promise.race(running);
      const done = work();
      const settled = done.then(
        () => {},
        () => {},
      );
      running.add(settled);
      void settled.then(() => running.delete(settled));
      return { done };
    });
    last = begun;
    return begun.then(({ done }) => done);
  };
}
