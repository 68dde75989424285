/** Pulumi's host has a provider before its configuration: the first calls come all at once. */
import { createRunContext } from "../../provider/create-run-context";
import { deploymentRecordProvider } from "../../provider/deployment-record";
import type { Provider } from "../support/provider";
import { configOf, recordInputs } from "../support/provider";
import { failureOf, newSetScene } from "../support/sets";
import { kinds } from "./support/kinds";

const inputsAt = (index: number) =>
  recordInputs({ cluster: `cluster-${index % 50}`, deploymentName: `web-${index}` });

test("30. 1,000 concurrent first calls: before configure has ended, all are authenticated", async () => {
  const { github } = await newSetScene();
  const host = createRunContext({ environment: {}, warn: () => undefined, sleep: () => Promise.resolve() });
  const provider = deploymentRecordProvider(host) as Provider;
  const settings = { "artifact-metadata:token": github.token, "artifact-metadata:baseUrl": github.url };
  const configured = provider.configure({ config: configOf(settings) });
  const results = await Promise.allSettled(
    Array.from({ length: 1_000 }, (_, index) => provider.create(inputsAt(index))),
  );
  await configured;
  expect(results.filter(({ status }) => status === "rejected")).toEqual([]);
  expect(github.deploymentRecords()).toHaveLength(1_000);
  expect(github.requests.filter(({ status }) => status !== 200)).toEqual([]);
});

test.each([
  ["a wrong setting", { timeoutSeconds: "soon" }, /timeoutSeconds must be/],
  ["a broken token", { token: "two words" }, /token contains a space/],
])(
  "30. 1,000 concurrent first calls: with %s all fail, and nothing is sent",
  async (_what, wrong, reason) => {
    const scene = await newSetScene();
    const saved = await Promise.all(kinds.map((kind) => kind.create(scene)));
    const later = scene.another(wrong);
    scene.github.requests.length = 0;
    const works = kinds.flatMap((kind, index) => {
      const one = saved[index] ?? { id: "", outs: {} };
      return [
        () => kind.check(later, kind.inputs()),
        () => kind.create(later),
        () => kind.update(later, one),
        () => kind.read(later, one),
        () => kind.remove(later, one),
      ];
    });
    const calls = Array.from({ length: 1_000 }, (_, index) => works[index % works.length]);
    const errors = await Promise.all(calls.map((call) => failureOf((async () => call?.())())));
    for (const { message, stack } of errors) {
      expect(message).toMatch(reason);
      expect(stack).toBe("");
    }
    expect(scene.github.requests).toEqual([]);
  },
);
