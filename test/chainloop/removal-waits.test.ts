/** A removal that has to wait is decided again after the wait. */
import { create, foreignWrite, newScene, remove, requestsOf, statusesOf } from "../support/chainloop";

test.each([
  ["429", { status: 429, headers: { "retry-after": "30" } }],
  ["503", { status: 503, headers: { "retry-after": "30" } }],
  ["a lost connection", "reset" as const],
])("after %s, a deployment that another writer has written since is left as it is", async (_, answer) => {
  let then: (() => void) | undefined;
  const scene = await newScene({
    time: {
      sleep: async () => {
        then?.();
        then = undefined;
      },
    },
  });
  const saved = await create(scene);
  const run = scene.another();
  scene.chainloop.fault({ match: { method: "POST" }, when: "before", do: answer });
  then = () => foreignWrite(scene);
  await remove(run, saved);
  expect(statusesOf(scene)).toEqual(["a1a1 DEPLOYED"]);
  expect(run.warnings.join("\n")).toMatch(/was left as it is: it was written at/);
});

test("a removal without a wait reads once and writes once", async () => {
  const scene = await newScene();
  const saved = await create(scene);
  scene.chainloop.requests.length = 0;
  await remove(scene.another(), saved);
  expect(requestsOf(scene)).toEqual(["GET /v1/deployments", "POST /v1/deployments"]);
});
