/** Single records through the engine's step logic: how many requests are sent, for how many operations at once. */
import type { GitHub, RequestLog } from "../../local/github";
import type { Operation, Snapshot } from "../../local/engine/types";
import type { Declared } from "../model/layout";
import { emptySnapshot, run } from "../model/stack";
import { deploymentAt, nameAt, newSetScene, statusesOf } from "../support/sets";

const COUNT = 100;
const LATENCY = 50;

const resources: Declared[] = Array.from({ length: COUNT }, (_, index) => ({
  kind: "DeploymentRecord",
  name: nameAt(index),
  inputs: {
    org: "acme",
    logicalEnvironment: "production",
    physicalEnvironment: "eu-west-1",
    cluster: "prod-eu",
    deploymentName: nameAt(index),
    ...deploymentAt(index),
  },
}));

const writesIn = (requests: RequestLog[]) => requests.filter(({ method }) => method !== "GET").length;

/** On a server that takes its time. */
async function newStack(parallel: number) {
  const { github } = await newSetScene();
  github.fault({ when: "before", do: { delay: LATENCY }, times: Infinity });
  let snapshot = emptySnapshot();
  return {
    github,
    run: async (operation: Operation) => {
      const result = await run({
        ...{ operation, parallel, resources, snapshot },
        stack: "dev",
        replaceAll: false,
        turn: () => Promise.resolve(),
        host: { sleep: () => Promise.resolve() },
        config: { "artifact-metadata:token": github.token, "artifact-metadata:baseUrl": github.url },
        save: (saved: Snapshot) => (snapshot = saved),
        tell: (message) => {
          throw new Error(message);
        },
      });
      expect(result.ok).toBe(true);
      return github.requests.splice(0);
    },
  };
}

const withStatus = (github: GitHub, status: string) =>
  statusesOf(github).filter((line) => line.endsWith(` ${status}`));

test.each([
  [8, 30],
  [64, 8],
])("with %i operations at once, 100 records take at most %i writes up and down", async (parallel, most) => {
  const { github, run } = await newStack(parallel);
  const created = await run("up");
  expect(writesIn(created)).toBeLessThanOrEqual(most);
  expect(withStatus(github, "deployed")).toHaveLength(COUNT);

  expect(await run("up")).toEqual([]);

  const removed = await run("destroy");
  expect(writesIn(removed)).toBeLessThanOrEqual(most);
  // Each record has a digest of its own, which is asked for once.
  expect(removed.length - writesIn(removed)).toBe(COUNT);
  expect(withStatus(github, "decommissioned")).toHaveLength(COUNT);
});
