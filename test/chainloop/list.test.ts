/** `getChainloopDeployments`, as a program calls it, outside of a run: the settings are those of the environment. */
import { startChainloop } from "../../local/chainloop";
import type { Chainloop } from "../../local/chainloop";
import { getChainloopDeployments } from "../../sdk";
import { body } from "../support/chainloop";
import { DIGEST } from "../support/provider";

let chainloop: Chainloop;
const before = { ...process.env };
beforeAll(async () => {
  chainloop = await startChainloop({ now: () => Date.UTC(2026, 0, 1) });
  Object.assign(process.env, { CHAINLOOP_API_URL: chainloop.url, CHAINLOOP_TOKEN: chainloop.token });
});
beforeEach(() => chainloop.reset());
afterAll(async () => {
  process.env = before;
  await chainloop.close();
});

test("it gives what the filters hold, in the words of the resource", async () => {
  chainloop.writeDeployment(body());
  chainloop.writeDeployment(body({ deployment_name: "gone", status: "DECOMMISSIONED" }));
  chainloop.writeDeployment(body({ environment_name: "staging" }));
  const asked = { environmentName: "production", status: "DEPLOYED" as const };
  const record = chainloop.deployments().find(({ status, ...one }) => {
    return status === "DEPLOYED" && one.environment_name === "production";
  });
  expect(await getChainloopDeployments(asked)).toEqual({
    ...asked,
    deployments: [
      {
        ...{ environmentName: "production", deploymentName: "shop-web-web", kind: "CONTAINER_IMAGE" },
        ...{ artifactName: "ghcr.io/acme/web", artifactVersion: "1.4.2", artifactDigest: DIGEST },
        ...{ recordId: record?.id, artifactId: record?.artifact_id, environmentId: record?.environment_id },
        ...{ status: "DEPLOYED", createdAt: "2026-01-01T00:00:00.000Z" },
        ...{ updatedAt: "2026-01-01T00:00:00.000Z", lastSeenAt: "2026-01-01T00:00:00.000Z" },
      },
    ],
  });
  expect((await getChainloopDeployments()).deployments).toHaveLength(3);
  expect(chainloop.violations).toEqual([]);
});

test("a kind and a status that are not known here are left out", async () => {
  chainloop.writeDeployment(body());
  chainloop.rules.showStatusAs = "PAUSED";
  const kind = "WASM_MODULE";
  const json = (answer: { deployment_records: { artifact: object }[] }) => ({
    ...answer,
    deployment_records: answer.deployment_records.map((one) => ({
      ...one,
      artifact: { ...one.artifact, kind },
    })),
  });
  chainloop.fault({ when: "after", do: { json } });
  const { deployments } = await getChainloopDeployments();
  expect(deployments).toEqual([expect.objectContaining({ artifactDigest: DIGEST })]);
  expect(deployments[0]).toMatchObject({ kind: undefined, status: undefined });
});

test("an argument that is not allowed is named, and nothing is asked", async () => {
  const asked = { environmentName: "", status: "deployed" as never };
  await expect(getChainloopDeployments(asked)).rejects.toThrow(
    "getChainloopDeployments: environmentName must have at least one character; " +
      'status must be one of "DEPLOYED", "DECOMMISSIONED", "SUPERSEDED".',
  );
  expect(chainloop.requests).toEqual([]);
});
