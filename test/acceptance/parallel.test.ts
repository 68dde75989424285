/**
 * Single records with the program and the provider in processes of their own. Each write is held until the engine has
 * given the provider as much as it does at once: how fast this machine is does not matter.
 */
import { setTimeout } from "node:timers/promises";
import type { GitHub } from "../../local/github";
import { localStack } from "../../local/local-stack";
import type { Provider } from "../../local/engine/types";
import { newScene, type Step } from "./support/scene";

const COUNT = 100;
const onLong = process.env.LONG ? test.each : test.skip.each;

/** Until a call that the engine has made is in the provider. */
const ON_ITS_WAY_MS = 100;

function holdWrites(github: GitHub, parallel: number) {
  const calls = { running: 0, done: 0 };
  const counted =
    <Request, Answer>(call: (request: Request) => Promise<Answer>) =>
    async (request: Request) => {
      calls.running += 1;
      return call(request).finally(() => {
        calls.running -= 1;
        calls.done += 1;
      });
    };
  const hold = () => {
    const held = github.fault({ match: { method: "POST" }, when: "before", do: "hold" });
    void held.arrived.then(async () => {
      hold();
      while (calls.running < Math.min(parallel, COUNT - calls.done)) await setTimeout(10);
      await setTimeout(ON_ITS_WAY_MS);
      held.release();
    });
  };
  hold();
  return {
    /** For the next operation. */
    begin: () => void (calls.done = 0),
    wrapProvider: (provider: Provider): Provider => ({
      ...provider,
      create: counted((request) => provider.create(request)),
      delete: counted((request) => provider.delete(request)),
    }),
  };
}

const readsOf = ({ requests }: Step) => requests.filter(({ method }) => method === "GET").length;

onLong([
  [8, 30],
  [64, 8],
])("with %i operations at once, 100 records take at most %i writes up and down", async (parallel, most) => {
  const { up, destroy, github } = await newScene({ program: "many", newStack: localStack });
  const { begin, wrapProvider } = holdWrites(github, parallel);
  const options = { parallel, wrapProvider, env: { KIND: "records", COUNT: String(COUNT) } };
  const created = await up([], options);
  expect(created.writes).toBeLessThanOrEqual(most);
  expect(created.written).toBe(COUNT);

  expect((await up([], options)).requests).toEqual([]);

  begin();
  const removed = await destroy(options);
  expect(removed.writes).toBeLessThanOrEqual(most);
  expect([removed.written, readsOf(removed)]).toEqual([COUNT, COUNT]);
  const statuses = github.deploymentRecords().map(({ status }) => status);
  expect(new Set(statuses)).toEqual(new Set(["decommissioned"]));
});
